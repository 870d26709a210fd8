"""Fixture calls: a good one as it is read, and for each thing that can be wrong its line and what was expected."""

from pathlib import Path

import pytest

from telephony.audio import wav
from telephony.audio.format import PCM16_16K
from telephony.simulator.scenario import (
    AgentPhone,
    Answers,
    End,
    KeyPress,
    Line,
    Pace,
    Scenario,
    ScenarioError,
    Who,
    load,
)
from tests.simulator.spoken import CALLS, Said, call

GOOD = """title = "A call"
summary = "Somebody calls."

[service]
languages = ["en", "es"]
agent_language = "en"

[caller]
language = "es"
number = "+12025550111"

[[agent]]   # the first is never there
number = "+12025550122"
rings = 2
answers = "no-answer"

[[agent]]
number = "+12025550123"
rings = 1.5
answers = "accepts"

[[key]]
who = "caller"
gather = 1
after = 2.0
digits = "2"

[[key]]
who = "agent"
at = 12.0
digits = "5#"

[[line]]
id = "c1"
who = "caller"
at = 1.0
text = "Buenos días."
translation = "Good morning."
recording = "c1.said.wav"
translated = "c1.translated.wav"

[[line]]
id = "a1"
who = "agent"
at = 4.0
text = "Hello."
translation = "Hola."
recording = "a1.said.wav"
translated = "a1.translated.wav"

[interpreter]
lag = 0.5

[end]
who = "caller"
at = 41.0

[expect]
end = "caller-hung-up"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the recordings that GOOD names."""
    return call(tmp_path, Said("c1", "caller", 0.4, 0.4), Said("a1", "agent", 0.4, 0.4))


def loaded(folder: Path, text: str) -> Scenario:
    (folder / "call.toml").write_text(text, encoding="utf-8")
    return load(folder)


def refused(folder: Path, text: str) -> tuple[int, str]:
    """The line that the complaint names, and what it says behind it."""
    with pytest.raises(ScenarioError) as error:
        loaded(folder, text)
    said = str(error.value)
    where, _, what = said.partition(": ")
    assert "\n" not in said
    assert where == f"{folder / 'call.toml'}, line {error.value.line}"
    return error.value.line, what


def test_a_call_is_read_as_it_is_written(folder: Path) -> None:
    scenario = loaded(folder, GOOD)

    assert scenario.title == "A call"
    assert scenario.languages == ("en", "es")
    assert (scenario.caller_language, scenario.agent_language) == ("es", "en")
    assert scenario.agents == (
        AgentPhone("+12025550122", 2.0, Answers.NO_ANSWER),
        AgentPhone("+12025550123", 1.5, Answers.ACCEPTS),
    )
    assert scenario.keys == (
        KeyPress(Who.CALLER, "2", gather=1, after=2.0),
        KeyPress(Who.AGENT, "5#", at=12.0),
    )
    assert scenario.lines[0] == Line(
        id="c1",
        who=Who.CALLER,
        at=1.0,
        text="Buenos días.",
        translation="Good morning.",
        recording=folder / "c1.said.wav",
        translated=folder / "c1.translated.wav",
    )
    assert scenario.end == End(Who.CALLER, at=41.0)
    assert scenario.pace == Pace(lag=0.5)
    assert scenario.expected_end == "caller-hung-up"


def test_the_interpreter_has_its_usual_lag_unless_told(folder: Path) -> None:
    assert loaded(folder, GOOD.replace("[interpreter]\nlag = 0.5\n", "")).pace == Pace()


def test_a_caller_may_give_up_while_it_rings(folder: Path) -> None:
    early = GOOD.replace("at = 41.0", "ringing = 3.0").replace("caller-hung-up", "caller-left-early")
    scenario = loaded(folder, early)
    assert (scenario.end, scenario.expected_end) == (End(Who.CALLER, ringing=3.0), "caller-left-early")


def test_a_call_in_which_nothing_is_said_is_a_call(folder: Path) -> None:
    lines = GOOD[GOOD.index("[[line]]") : GOOD.index("[interpreter]")]
    assert loaded(folder, GOOD.replace(lines, "")).lines == ()


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CALLS.glob("*/call.toml")))
def test_every_fixture_call_can_be_used(name: str) -> None:
    scenario = load(CALLS / name)
    assert scenario.lines
    assert {line.who for line in scenario.lines} == {Who.CALLER, Who.AGENT}


WRONG = {
    "no title": ('title = "A call"\n', "", 1, 'the file without "title"'),
    "an unknown key before the tables": (
        'title = "A call"',
        'titel = "A call"',
        1,
        'titel = "A call"; expected one of',
    ),
    "an unknown table": ("[interpreter]", "[interpretre]", 51, "[interpretre]; expected one of title, summary, [serv"),
    "an unknown key in a table": ("lag = 0.5", "leg = 0.5", 52, "leg = 0.5; expected one of lag"),
    "an unknown key in the second of two": ("rings = 1.5", "ring = 1.5", 19, "ring = 1.5; expected one of number"),
    "a missing table": ('[end]\nwho = "caller"\nat = 41.0\n', "", 56, "no [end] in the file; expected a table [end]"),
    "a table that should be a list": ('[[key]]\nwho = "agent"\nat', '[key]\nwho = "agent"\nat', 28, "[key]"),
    "a list that should be a table": ("[end]", "[[end]]", 54, "end is not one table; expected [end]"),
    "an agent without a number": (
        'number = "+12025550123"\n',
        "",
        17,
        '[agent] without "number"; expected a reserved n',
    ),
    "a number that may be somebody's": ("+12025550123", "+12025551234", 18, "expected a reserved number, +1 NPA 555"),
    "nobody on the agents' side": ("[[agent]]", "[[agents]]", 12, "[agents]"),
    "rings that are no number": ("rings = 1.5", 'rings = "1.5"', 19, 'rings = "1.5"; expected a number of seconds, 0'),
    "rings before now": ("rings = 1.5", "rings = -1.5", 19, "rings = -1.5; expected a number of seconds, 0 or more"),
    "rings for ever": ("rings = 1.5", "rings = inf", 19, "expected a number of seconds, 0 or more"),
    "rings that are true": ("rings = 1.5", "rings = true", 19, "rings = true; expected a number of seconds"),
    "an answer nobody gives": ('"accepts"', '"accept"', 20, 'answers = "accept"; expected "accepts" or "refuses" or'),
    "a third party": (
        'who = "agent"\nat = 12',
        'who = "operator"\nat = 12',
        29,
        'who = "operator"; expected "caller" or',
    ),
    "at without who": (
        'who = "agent"\nat = 12.0',
        "at = 12.0",
        28,
        '[key] without "who"; expected "caller" or "agent"',
    ),
    "a key that no telephone has": ('"5#"', '"5x"', 31, 'digits = "5x"; expected keys of a telephone, 0-9 * #'),
    "keys that may sound": (
        'digits = "5#"',
        'digits = "5#"\nsounds = "maybe"',
        32,
        'sounds = "maybe"; expected true or false',
    ),
    "keys as a number": ('digits = "2"', "digits = 2", 26, "digits = 2; expected keys of a telephone, 0-9 * #"),
    "neither gather nor at": ("gather = 1\n", "", 22, '[key] without "gather"; expected a whole number, 1 or more'),
    "the question before the first": ("gather = 1", "gather = 0", 24, "gather = 0; expected a whole number, 1 or more"),
    "gather and at": ("gather = 1", "gather = 1\nat = 2.0", 24, 'gather = 1; expected either "at" or "gather"'),
    "a line said twice": ('id = "a1"', 'id = "c1"', 43, 'id = "c1"; expected an id that no other line has'),
    "an empty text": ('"Hello."', '" "', 46, 'text = " "; expected a text that is not empty'),
    "a recording that is not there": (
        "a1.said.wav",
        "a9.said.wav",
        48,
        "8 kHz mono WAV, mu-law or PCM16: it cannot be",
    ),
    "a call without a language": ('language = "es"', 'language = ""', 9, 'language = ""; expected a language code'),
    "a language offered twice": ('["en", "es"]', '["en", "en"]', 5, "expected a list of language codes, none of them"),
    "languages that are no list": ('["en", "es"]', '"en"', 5, 'languages = "en"; expected a list of language codes'),
    "two ways to end": ("at = 41.0", "at = 41.0\nringing = 2.0", 56, 'at = 41.0; expected either "at" or "ringing"'),
    "no way to end": ("at = 41.0\n", "", 54, '[end] without "at"; expected a number of seconds, 0 or more'),
    "an end that is none": (
        '"caller-hung-up"',
        '"hung-up"',
        59,
        'end = "hung-up"; expected "caller-hung-up" or "agent-h',
    ),
    "an agent who hears it ring": (
        'who = "caller"\nat = 41.0',
        'who = "agent"\nringing = 41.0',
        55,
        'who = "agent"; expected "caller", for only a caller hears the ringing',
    ),
}


def test_keys_may_be_on_the_line_as_sound_too(folder: Path) -> None:
    scenario = loaded(folder, GOOD.replace('digits = "5#"', 'digits = "5#"\nsounds = true'))
    assert [press.sounds for press in scenario.keys] == [False, True]


@pytest.mark.parametrize(("good", "bad", "line", "complaint"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_named_with_its_line(folder: Path, good: str, bad: str, line: int, complaint: str) -> None:
    assert good in GOOD
    at, said = refused(folder, GOOD.replace(good, bad, GOOD.count(good) if good == "[[agent]]" else 1))
    assert (at, complaint in said) == (line, True), said


def test_a_recording_at_another_rate_is_named(folder: Path) -> None:
    wav.write(folder / "a1.said.wav", bytes(3200), PCM16_16K)
    assert refused(folder, GOOD) == (
        48,
        'recording = "a1.said.wav"; expected 8 kHz mono WAV, mu-law or PCM16: it has 16000 samples a second',
    )


def test_an_error_of_syntax_shows_the_line(folder: Path) -> None:
    at, said = refused(folder, GOOD.replace('language = "es"', "language = es"))
    assert (at, said.startswith("language = es; expected TOML (")) == (9, True)


def test_a_file_that_breaks_off_is_named_by_its_last_line(folder: Path) -> None:
    assert refused(folder, 'title = "A call"\nsummary = "Some')[0] == 2


def test_a_file_that_is_not_text_is_named_by_its_line(folder: Path) -> None:
    (folder / "call.toml").write_bytes(b'title = "A call"\nsummary = "\xff"\n')
    with pytest.raises(ScenarioError, match=r"line 2: byte 0xff; expected text in UTF-8$"):
        load(folder)


def test_a_folder_without_a_call_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"call.toml, line 1: cannot be read \(No such file or directory\)"):
        load(tmp_path)


def test_what_looks_like_a_table_within_a_text_does_not_shift_the_lines(folder: Path) -> None:
    text = GOOD.replace('summary = "Somebody calls."', 'summary = """\n[end]\nat = "noon"\n"""')
    assert refused(folder, text.replace("at = 41.0", 'at = "noon"'))[0] == 59
