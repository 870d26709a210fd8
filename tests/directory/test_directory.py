import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.calls.roster import agents_of
from telephony.directory.directory import read_directory
from telephony.directory.faults import DirectoryError
from tests.directory.files import AGENT, BASIS, directory, faults

EXAMPLES = Path(__file__).parents[2] / "infra" / "examples"


def test_without_files_it_is_as_the_settings_say(tmp_path: Path) -> None:
    read = directory(tmp_path)
    assert read.agents == agents_of(BASIS.addresses, "en")
    assert read.profiles == ()


def test_agents_of_the_file_take_the_place_of_those_of_the_settings(tmp_path: Path) -> None:
    assert [agent.name for agent in directory(tmp_path, AGENT).agents] == ["Anna"]


def test_an_empty_file_of_numbers_is_fine(tmp_path: Path) -> None:
    assert directory(tmp_path, None, "").profiles == ()


def test_the_examples_are_right() -> None:
    read = read_directory(EXAMPLES, replace(BASIS, languages=("en", "es", "fr"), countries=("US",)))
    assert [agent.name for agent in read.agents] == ["Agent Seven", "Night shift", "Browser"]
    assert [profile.name for profile in read.profiles] == ["clinic", "night-line"]


def test_the_faults_of_both_files_are_told_together(tmp_path: Path) -> None:
    lines = faults(tmp_path, AGENT + "priority = 0\n", "x = 1\n")
    assert [line.split()[0] for line in lines] == ["agents.toml:4:", "numbers.toml:1:"]


def test_addresses_of_the_settings_are_looked_at_too(tmp_path: Path) -> None:
    basis = replace(BASIS, addresses=("client:a", "+19005550123"))
    (line,) = faults(tmp_path, basis=basis)
    assert line == 'TELEPHONY_AGENTS: address "+###########" is a premium-rate number; those are never dialled'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (AGENT + "pin = 4802\npin = 4802\n", "agents.toml:5: is not TOML: cannot overwrite a value; texts stand in q"),
        (AGENT + "pin = 48o2\n", "agents.toml:4: is not TOML: "),
        (AGENT + "groups = [\n", "agents.toml:4: is not TOML: invalid value; "),
        ("a = " + "[" * 5000, "agents.toml:1: is "),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (line,) = faults(tmp_path, text)
    assert line.startswith(said)


def test_what_is_not_toml_repeats_no_digits(tmp_path: Path) -> None:
    (line,) = faults(tmp_path, "[[12025550177]]\n[12025550177]\n")
    assert "202" not in line


def test_what_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "numbers.toml").write_bytes(b'# one\n[[number]]\nname = "caf\xe9"\n')
    (line,) = faults(tmp_path)
    assert line == "numbers.toml:3: is not UTF-8 text; save the file as UTF-8"


def test_files_of_other_systems_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "agents.toml").write_bytes(b"\xef\xbb\xbf" + (AGENT + "colour = 1\n").replace("\n", "\r\n").encode())
    (line,) = faults(tmp_path)
    assert line.startswith('agents.toml:4: "colour" is no key here')


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "agents.toml").mkdir()
    (line,) = faults(tmp_path)
    assert line == f"agents.toml:1: cannot be read ({os.strerror(21)}); let this service read it"


WHOLE = tuple((EXAMPLES / name).read_text(encoding="utf-8") for name in ("agents.toml", "numbers.toml"))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_whatever_is_in_the_files_is_read_or_refused_line_by_line(tmp_path: Path, data: st.DataObject) -> None:
    texts = []
    for text in WHOLE:
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        nth = data.draw(st.integers(0, len(lines) - 1))
        key = lines[nth].partition("=")[0]
        value = data.draw(
            st.sampled_from(["1", '""', "[]", "{}", "true", '"x"', "[[]]", "-1.5", "[1]", "nan", "1979-05-27"])
        )
        lines[nth] = data.draw(st.sampled_from(["", f"{key} = {value}", lines[nth] + "\n" + lines[nth], "[[number]]"]))
        texts.append("\n".join(lines))
    try:
        directory(tmp_path, texts[0], texts[1])
    except DirectoryError as wrong:
        unplaced = [line for line in wrong.faults if not line.startswith(("agents.toml:", "numbers.toml:"))]
        assert unplaced == []
