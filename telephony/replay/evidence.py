"""What is known of a played call, wherever it was played: the recordings, and what both ends saw. Times are seconds of
one monotonic clock; the recordings of both phones begin at `origin` and end at `until`, mu-law at 8 kHz."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from telephony.replay.phone_lines import PhoneLine
from telephony.simulator.scenario import Scenario, Who


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the scenario, as its speaker began to say it."""

    line: str
    at: float
    ended: float | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """A line that came through to the interpreter; sample `first_sample` of the session is `position` s into it."""

    line: str
    session: int
    at: float
    first_sample: int
    position: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message with sound that the interpreter sent: `position` is the place in the line's translation it begins at,
    in samples at 24 kHz; negative where silence comes first."""

    line: str
    at: float
    position: int
    session: int = 0


class Happened(StrEnum):
    """What can happen to a session of the interpreter."""

    OPENED = "opened"
    REFUSED = "refused"
    FAULT = "fault"
    """It begins to suffer what the call says."""

    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SessionMark:
    """Something happened to a session into `target` (None: not known). `detail` is the fault's kind, or how a session
    was refused or closed."""

    at: float
    what: Happened
    session: int | None
    target: str | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a phone was told by the carrier's own voice."""

    who: Who
    at: float
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """`arrivals` has, for each session of the interpreter, when each chunk came and how many 16 kHz samples it made."""

    scenario: Scenario
    origin: float
    until: float
    said: Mapping[Who, bytes] = field(repr=False)
    heard: Mapping[Who, bytes] = field(repr=False)
    talk_began: float | None
    talk_ended: Mapping[Who, float]
    lines: tuple[Said, ...]
    recognised: tuple[Recognised, ...]
    spoken: tuple[Spoken, ...]
    arrivals: Mapping[int, tuple[tuple[float, int], ...]] = field(repr=False)
    told: tuple[Told, ...]
    underruns: Mapping[Who, int]
    warnings: tuple[str, ...]
    outcome: str | None
    left_running: tuple[str, ...]
    marks: tuple[SessionMark, ...] = ()
    phone_lines: Mapping[Who, PhoneLine] = field(default_factory=dict)
