"""What a fixture call may say of languages that are not chosen and of voices that are heard themselves."""

from pathlib import Path

import pytest

from telephony.simulator.live_api.lines import learn
from telephony.simulator.scenario import Scenario, ScenarioError, Who, load
from tests.simulator.spoken import Said, call


def loaded(folder: Path, **put: str) -> Scenario:
    """A call of two lines with something put behind the headers of these tables."""
    path = call(folder, Said("c1", "caller", 0.4, 0.4), Said("a1", "agent", 0.4, 0.4)) / "call.toml"
    text = path.read_text("utf-8")
    for table, line in put.items():
        header = f"[[{table}]]\n" if table == "line" else f"[{table}]\n"
        assert header in text
        text = text.replace(header, f"{header}{line}\n", 1)
    path.write_text(text, encoding="utf-8")
    return load(path.parent)


def test_unless_told_the_caller_is_interpreted_into_what_it_speaks_and_no_voice_is_heard_itself(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    assert (scenario.chosen, scenario.original_voice) == (None, None)
    assert {who: scenario.wanted(who) for who in Who} == {Who.CALLER: "es", Who.AGENT: "en"}
    assert [line.direct for line in scenario.lines] == [None, None]


def test_a_caller_may_choose_another_language_than_it_speaks_then(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, caller='chooses = "fr"')
    assert scenario.wanted(Who.CALLER) == "fr"
    known = {line.id: (line.language, line.into) for line in learn([scenario])}
    assert known == {"c1": ("es", "en"), "a1": ("en", "fr")}


def test_the_voice_underneath_and_a_line_that_is_heard_directly(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, service="original_voice = -18", line="direct = 1.5")
    assert scenario.original_voice == -18.0
    assert [line.direct for line in scenario.lines] == [1.5, None]


@pytest.mark.parametrize(
    ("put", "expected"),
    [
        ({"service": "original_voice = 3"}, "original_voice = 3; expected a number from -40 to 0"),
        ({"service": 'original_voice = "off"'}, 'original_voice = "off"; expected a number from -40 to 0'),
        ({"caller": "chooses = 2"}, "chooses = 2; expected a language code"),
        ({"line": "direct = -1"}, "direct = -1; expected a number of seconds, 0 or more"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, put: dict[str, str], expected: str) -> None:
    with pytest.raises(ScenarioError) as error:
        loaded(tmp_path, **put)
    assert str(error.value).endswith(expected)
