"""The tables `[[speakerphone]]` of a fixture call, and what the simulated interpreter makes of what comes back."""

from pathlib import Path

import pytest

from telephony.simulator.live_api.lines import learn
from telephony.simulator.scenario import Scenario, ScenarioError, Who, load
from telephony.simulator.speakerphone import Speakerphone
from tests.simulator.spoken import Said, call

TABLE = '[[speakerphone]]\nwho = "caller"\nlevel_db = -15\ndelay_ms = 120\n'


def loaded(folder: Path, tables: str) -> Scenario:
    path = call(folder, Said("c1", "caller", 0.4, 0.4)) / "call.toml"
    path.write_text(path.read_text("utf-8").replace("[end]", f"{tables}[end]"), encoding="utf-8")
    return load(folder)


def test_each_party_may_have_one(tmp_path: Path) -> None:
    other = TABLE.replace("caller", "agent").replace("-15", "-22.5")
    assert loaded(tmp_path, TABLE + other).speakerphones == {
        Who.CALLER: Speakerphone(-15, 120),
        Who.AGENT: Speakerphone(-22.5, 120),
    }


def test_nobody_has_one_unless_told(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").speakerphones == {}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (TABLE.replace("-15", "-9"), "level_db = -9; expected a number from -30 to -10"),
        (TABLE.replace("-15", "15"), "level_db = 15; expected a number from -30 to -10"),
        (TABLE.replace("level_db = -15\n", ""), '[speakerphone] without "level_db"; expected a number from -30 to -10'),
        (TABLE.replace("120", "401"), "delay_ms = 401; expected a number from 40 to 400"),
        (TABLE.replace("delay_ms", "delay"), "delay = 120; expected one of who, level_db, delay_ms"),
        (TABLE.replace("caller", "nobody"), 'who = "nobody"; expected "caller" or "agent"'),
        (TABLE * 2, 'who = "caller"; expected a party that has no speakerphone yet'),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, table: str, expected: str) -> None:
    with pytest.raises(ScenarioError) as error:
        loaded(tmp_path, table)
    assert str(error.value).endswith(expected)


def test_the_interpreter_knows_what_comes_back_from_a_speakerphone_and_would_interpret_it_again(tmp_path: Path) -> None:
    said, back = learn([loaded(tmp_path, TABLE)])
    assert (said.id, back.id) == ("c1", "c1 come back")
    assert (back.language, back.into) == (said.into, said.language)
    assert back.text == said.translation.text
    assert back.translation.text == said.text


def test_it_does_not_know_it_where_nobody_has_one(tmp_path: Path) -> None:
    assert [known.id for known in learn([loaded(tmp_path, "")])] == ["c1"]
