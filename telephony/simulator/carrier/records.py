"""What is known of a call when it is over. PURE."""

from dataclasses import dataclass, field

from telephony.simulator.carrier.standing import Direction, Standing
from telephony.simulator.phone import Told
from telephony.simulator.scenario import Who


@dataclass(frozen=True, slots=True)
class Problem:
    """An error or warning as Twilio's debugger would list it."""

    code: int
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One media stream. `sent_at` is the real time at which each frame was sent, `underruns` when sound broke off."""

    sid: str
    began: float
    ended: float
    sent_at: tuple[float, ...] = field(repr=False)
    underruns: tuple[float, ...]
    marks: int


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One leg. Times are monotonic seconds; `answered` is None where nobody did."""

    sid: str
    who: Who | None
    direction: Direction
    standing: Standing
    placed: float
    answered: float | None
    ended: float
    told: tuple[Told, ...]
    streams: tuple[StreamRecord, ...]
    problems: tuple[Problem, ...]
