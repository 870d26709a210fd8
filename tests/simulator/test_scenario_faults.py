"""The faults of a fixture call as they are read, and for each thing that can be wrong its line and what is expected."""

from pathlib import Path

import pytest

from telephony.simulator.live_api.faults import (
    AtRandom,
    AtSession,
    AtTalk,
    Fault,
    Heard,
    Hit,
    Kind,
    OfLine,
    Refused,
)
from telephony.simulator.live_api.refusal import ABORTED, Refusal
from telephony.simulator.scenario import Pace, ScenarioError, load
from tests.simulator.spoken import CALLS, Said, call

FAULTS = CALLS / "faults"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return call(tmp_path / "call", Said("c1", "caller", 0.4, 0.4))


def with_fault(folder: Path, text: str) -> Path:
    """The call with one more table, whose header stands in its own line."""
    file = folder / "call.toml"
    file.write_text(file.read_text(encoding="utf-8") + "[[fault]]\n" + text, encoding="utf-8")
    return folder


def header_of(folder: Path) -> int:
    return (folder / "call.toml").read_text(encoding="utf-8").splitlines().index("[[fault]]") + 1


def test_a_call_without_faults_has_none(folder: Path) -> None:
    assert load(folder).faults == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            'kind = "goaway"\nat = 5\nseconds_left = 10',
            Fault(Kind.GOAWAY, AtSession(5.0), seconds_left=10.0, close=ABORTED),
        ),
        (
            'kind = "close"\ncode = 1006\nwho = "agent"\nline = "c1"',
            Fault(Kind.CLOSE, OfLine("c1", 0.5), who=Hit.AGENT, close=Refusal(1006, "")),
        ),
        (
            'kind = "close"\ncode = 1011\nreason = "Internal error encountered."\nline = "c1"\nshare = 1',
            Fault(Kind.CLOSE, OfLine("c1", 1.0), close=Refusal(1011, "Internal error encountered.")),
        ),
        ('kind = "stall"\ntalk = 3.5\nsession = 2', Fault(Kind.STALL, AtTalk(3.5), session=2)),
        ('kind = "silent"\nheard = 9.5\nsessions = 3', Fault(Kind.SILENT, Heard(9.5), sessions=3)),
        (
            'kind = "tone"\nrandom = [2, 60.5]\nseed = 7\nsessions = "all"',
            Fault(Kind.TONE, AtRandom(2.0, 60.5, 7), sessions=None),
        ),
        (
            'kind = "wrong-language"\nat = 0\nlanguage = "pt-BR"\nwho = "caller"',
            Fault(Kind.WRONG_LANGUAGE, AtSession(0.0), who=Hit.CALLER, language="pt-BR"),
        ),
        ('kind = "refuse"', Fault(Kind.REFUSE)),
        ('kind = "refuse"\nas = "key"\nsessions = 2', Fault(Kind.REFUSE, sessions=2, refused=Refused.KEY)),
    ],
    ids=["goaway", "close", "close with a reason", "stall", "silent", "tone", "wrong language", "refuse", "key"],
)
def test_a_fault_is_read_as_it_is_written(folder: Path, text: str, fault: Fault) -> None:
    assert load(with_fault(folder, text)).faults == (fault,)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("at = 1", 0, '[fault] without "kind"; expected "goaway" or "close"'),
        ('kind = "explode"\nat = 1', 1, 'kind = "explode"; expected "goaway" or "close"'),
        ('kind = "stall"', 0, '[fault] without "at"; expected exactly one of "at", "talk", "heard", "line", "random"'),
        ('kind = "stall"\nat = 1\nheard = 2', 3, 'heard = 2; expected exactly one of "at"'),
        ('kind = "stall"\nat = -1', 2, "at = -1; expected a number of seconds, 0 or more"),
        ('kind = "stall"\nline = "c9"', 2, 'line = "c9"; expected the id of a line of this call'),
        ('kind = "stall"\nline = "c1"\nshare = 1.5', 3, "share = 1.5; expected a number from 0 to 1"),
        ('kind = "stall"\nat = 1\nshare = 0.5', 3, 'share = 0.5; expected "share" only beside "line"'),
        ('kind = "stall"\nrandom = [1, 2]', 0, '[fault] without "seed"; expected a whole number'),
        ('kind = "stall"\nrandom = [3, 2]\nseed = 1', 2, "random = [3, 2]; expected a list of two numbers of seconds"),
        (
            'kind = "stall"\nat = 1\nwho = "both of them"',
            3,
            'who = "both of them"; expected "caller" or "agent" or "both"',
        ),
        ('kind = "stall"\nat = 1\nsession = 0', 3, "session = 0; expected a whole number, 1 or more"),
        ('kind = "stall"\nat = 1\nsessions = "some"', 3, 'sessions = "some"; expected "all", or a whole number'),
        ('kind = "stall"\nat = 1\ncode = 1011', 3, 'code = 1011; expected no "code" for the kind "stall"'),
        ('kind = "close"\nat = 1', 0, '[fault] without "code"; expected the code of a close'),
        ('kind = "close"\nat = 1\ncode = 1005', 3, "code = 1005; expected one of 1000, 1001, 1006"),
        ('kind = "wrong-language"\nat = 1', 0, '[fault] without "language"; expected a language code'),
        ('kind = "refuse"\nat = 1', 2, "at = 1; expected no time: a session is refused when it is asked for"),
        ('kind = "refuse"\nas = "whim"', 2, 'as = "whim"; expected "quota" or "too-many-requests"'),
        (
            'kind = "refuse"\nas = "too-many-requests"\nwho = "agent"',
            3,
            'who = "agent"; expected "both", for a handshake does not say which direction it is for',
        ),
        ('kind = "stall"\nat = 1\nhow = "slowly"', 3, 'how = "slowly"; expected one of kind, who'),
    ],
)
def test_a_wrong_fault_is_complained_of_with_its_line(folder: Path, text: str, line: int, said: str) -> None:
    """`line` counts from the table's header."""
    with pytest.raises(ScenarioError) as error:
        load(with_fault(folder, text))
    assert error.value.line == header_of(folder) + line
    assert said in str(error.value)


def test_an_interpreter_may_be_slow(folder: Path) -> None:
    file = folder / "call.toml"
    text = file.read_text(encoding="utf-8").replace("lag = 1.0", "pace = 1.3")
    file.write_text(text, encoding="utf-8")
    assert load(folder).pace == Pace(lag=1.0, factor=1.3)


@pytest.mark.parametrize("pace", ["0.4", "3.5", '"slow"', "true"])
def test_a_pace_that_no_speech_survives_is_refused(folder: Path, pace: str) -> None:
    file = folder / "call.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("lag = 1.0", f"pace = {pace}"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"expected a number from 0\.5 to 3"):
        load(folder)


@pytest.mark.parametrize("folder", sorted(file.parent for file in FAULTS.glob("*/call.toml")), ids=lambda f: f.name)
def test_a_committed_call_with_a_fault_speaks_with_the_voices_of_the_others(folder: Path) -> None:
    scenario = load(folder)
    assert scenario.faults or scenario.line_faults or scenario.speakerphones or scenario.pace.factor != 1.0
    assert all(line.recording.resolve().parent.parent == CALLS for line in scenario.lines)
    assert list(folder.glob("*.wav")) == []


def test_a_committed_call_says_what_its_recordings_say() -> None:
    texts = {
        (path.resolve(), text)
        for folder in CALLS.glob("*/call.toml")
        for line in load(folder.parent).lines
        for path, text in ((line.recording, line.text), (line.translated, line.translation))
    }
    for folder in FAULTS.glob("*/call.toml"):
        for line in load(folder.parent).lines:
            assert (line.recording.resolve(), line.text) in texts
            assert (line.translated.resolve(), line.translation) in texts
