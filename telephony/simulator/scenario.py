"""A fixture call: who speaks which language, says what when, presses which key, and how it ends.

The file is described in `fixtures/calls/README.md`. Times are seconds; `at` counts from the moment both parties are
connected (the second leg's media stream has started).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from telephony.simulator import recordings
from telephony.simulator.line_fault import LineFault
from telephony.simulator.live_api.faults import Fault
from telephony.simulator.scenario_faults import read_faults
from telephony.simulator.scenario_file import ScenarioError, ScenarioFile, Table
from telephony.simulator.scenario_line_faults import read_line_faults
from telephony.simulator.speakerphone import Speakerphone

__all__ = ["AgentPhone", "Answers", "End", "KeyPress", "Line", "Pace", "Scenario", "ScenarioError", "Who", "load"]

_NUMBER = r"\+1[2-9]\d\d55501\d\d"
_NUMBER_EXPECTED = "a reserved number, +1 NPA 555 01xx"
_TABLES = (
    "service",
    "caller",
    "agent",
    "key",
    "line",
    "interpreter",
    "fault",
    "line_fault",
    "speakerphone",
    "end",
    "expect",
)


class Who(StrEnum):
    CALLER = "caller"
    AGENT = "agent"

    @property
    def other(self) -> "Who":
        return Who.AGENT if self is Who.CALLER else Who.CALLER


class ExpectedEnd(StrEnum):
    """How a fixture call may be expected to end."""

    CALLER_HUNG_UP = "caller-hung-up"
    AGENT_HUNG_UP = "agent-hung-up"
    NOBODY_ANSWERED = "nobody-answered"
    CALLER_LEFT_EARLY = "caller-left-early"


class Answers(StrEnum):
    """What happens when this agent's phone is rung."""

    ACCEPTS = "accepts"
    REFUSES = "refuses"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILS = "fails"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class AgentPhone:
    """One phone on the agents' side, rung in the order of the file."""

    number: str
    rings: float
    answers: Answers


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance and its translation. Recordings are 8 kHz mono WAV files (mu-law or PCM16)."""

    id: str
    who: Who
    at: float
    text: str
    translation: str
    recording: Path
    translated: Path
    direct: float | None = None
    """Seconds into the line from which the listener is to hear the voice itself at full level, not its translation."""


@dataclass(frozen=True, slots=True)
class KeyPress:
    """`digits` pressed `after` seconds into the `gather`-th question put to this phone, or `at` seconds of the talk."""

    who: Who
    digits: str
    gather: int | None = None
    after: float = 0.0
    at: float | None = None
    sounds: bool = False
    """Whether the keys are on the line as sound too."""


@dataclass(frozen=True, slots=True)
class End:
    """Who hangs up, `at` seconds of the talk, or `ringing` seconds into the ringback where there is never a talk."""

    who: Who
    at: float | None = None
    ringing: float | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How the simulated interpreter works.

    `lag` is seconds from the moment a line can be understood to its first sound; each translation takes `factor` times
    as long as its recording, at the same pitch.
    """

    lag: float = 1.0
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One fixture call, its files found and checked."""

    folder: Path
    title: str
    summary: str
    caller_language: str
    caller_number: str
    agent_language: str
    languages: tuple[str, ...]
    agents: tuple[AgentPhone, ...]
    keys: tuple[KeyPress, ...]
    lines: tuple[Line, ...]
    end: End
    pace: Pace
    expected_end: str
    """The outcome the service reports: caller-hung-up, agent-hung-up, nobody-answered, or caller-left-early (the caller
    hangs up in the menu or while the agent's phone rings)."""

    faults: tuple[Fault, ...] = ()
    """What the interpreter's sessions are made to suffer."""

    line_faults: tuple[LineFault, ...] = ()
    """What is wrong with the parties' telephone lines."""

    speakerphones: Mapping[Who, Speakerphone] = field(default_factory=dict)
    """The parties whose phones are so loud that they are heard through their own microphones."""

    chosen: str | None = None
    """The language that the caller chooses, where it is not the one that is spoken then."""

    original_voice: float | None = None
    """dB of the speaker's own voice under the translation; None: it is not heard."""

    def wanted(self, who: Who) -> str:
        """The language that this party is interpreted into."""
        return self.agent_language if who is Who.AGENT else self.chosen or self.caller_language


def load(folder: Path) -> Scenario:
    """The call in `folder`. Raises ScenarioError; every recording that the file names has been opened and checked."""
    file = ScenarioFile(folder / "call.toml")
    root = file.root(_TABLES, ("title", "summary"))
    service = file.table("service", ("languages", "agent_language", "original_voice"))
    caller = file.table("caller", ("language", "chooses", "number"))
    lines = _lines(file, folder)
    return Scenario(
        folder=folder,
        title=root.text("title"),
        summary=root.text("summary"),
        caller_language=caller.text("language", "a language code"),
        caller_number=caller.matching("number", _NUMBER, _NUMBER_EXPECTED),
        agent_language=service.text("agent_language", "a language code"),
        languages=service.texts("languages", "a list of language codes, none of them twice"),
        agents=_agents(file),
        keys=tuple(map(_key, file.tables("key", ("who", "digits", "gather", "after", "at", "sounds")))),
        lines=lines,
        end=_end(file.table("end", ("who", "at", "ringing"))),
        pace=_pace(file.table("interpreter", ("lag", "pace"), optional=True)),
        expected_end=file.table("expect", ("end",)).choice("end", ExpectedEnd).value,
        faults=read_faults(file, [line.id for line in lines]),
        line_faults=read_line_faults(file),
        speakerphones=_speakerphones(file),
        chosen=caller.text("chooses", "a language code") if "chooses" in caller else None,
        original_voice=service.factor("original_voice", -40, 0, 0) if "original_voice" in service else None,
    )


def _pace(table: Table) -> Pace:
    return Pace(lag=table.seconds("lag", Pace().lag), factor=table.factor("pace", 0.5, 3.0, Pace().factor))


def _agents(file: ScenarioFile) -> tuple[AgentPhone, ...]:
    agents = tuple(
        AgentPhone(
            number=table.matching("number", _NUMBER, _NUMBER_EXPECTED),
            rings=table.seconds("rings"),
            answers=table.choice("answers", Answers),
        )
        for table in file.tables("agent", ("number", "rings", "answers"))
    )
    if not agents:
        file.refuse("agent", 0, None, "no [[agent]] in the file", "at least one phone on the agents' side")
    return agents


def _speakerphones(file: ScenarioFile) -> dict[Who, Speakerphone]:
    found: dict[Who, Speakerphone] = {}
    for table in file.tables("speakerphone", ("who", "level_db", "delay_ms")):
        who = table.choice("who", Who)
        if who in found:
            table.refuse("who", "a party that has no speakerphone yet")
        level, delay = table.factor("level_db", -30, -10, math.nan), table.factor("delay_ms", 40, 400, math.nan)
        found[who] = Speakerphone(level, delay)
    return found


def _key(table: Table) -> KeyPress:
    digits = table.matching("digits", "[0-9*#]+", "keys of a telephone, 0-9 * #")
    who = table.choice("who", Who)
    sounds = table.truth("sounds")
    if "at" in table:
        for other in ("gather", "after"):
            if other in table:
                table.refuse(other, 'either "at" or "gather" with "after", not both')
        return KeyPress(who=who, digits=digits, at=table.seconds("at"), sounds=sounds)
    gather, after = table.count("gather"), table.seconds("after", 0.0)
    return KeyPress(who=who, digits=digits, gather=gather, after=after, sounds=sounds)


def _lines(file: ScenarioFile, folder: Path) -> tuple[Line, ...]:
    lines: list[Line] = []
    keys = ("id", "who", "at", "text", "translation", "recording", "translated", "direct")
    for table in file.tables("line", keys):
        line = _line(table, folder)
        if any(line.id == other.id for other in lines):
            table.refuse("id", "an id that no other line has")
        lines.append(line)
    return tuple(lines)


def _line(table: Table, folder: Path) -> Line:
    return Line(
        id=table.text("id"),
        who=table.choice("who", Who),
        at=table.seconds("at"),
        text=table.text("text"),
        translation=table.text("translation"),
        recording=_recording(table, "recording", folder),
        translated=_recording(table, "translated", folder),
        direct=table.seconds("direct") if "direct" in table else None,
    )


def _recording(table: Table, key: str, folder: Path) -> Path:
    path = folder / table.text(key, "the path of a WAV file, from the call's folder")
    try:
        recordings.read(path)
    except recordings.RecordingError as error:
        table.refuse(key, f"8 kHz mono WAV, mu-law or PCM16: {error}")
    return path


def _end(table: Table) -> End:
    who = table.choice("who", Who)
    if "ringing" in table:
        if "at" in table:
            table.refuse("at", 'either "at" or "ringing", not both')
        if who is not Who.CALLER:
            table.refuse("who", '"caller", for only a caller hears the ringing')
        return End(who=who, ringing=table.seconds("ringing"))
    return End(who=who, at=table.seconds("at"))
