"""Which part of a played call is what: the menu, the ringing, the talk, and what is said to who is left. PURE"""

from dataclasses import dataclass
from enum import StrEnum

from telephony.audio import silence
from telephony.replay.evidence import Evidence
from telephony.simulator.scenario import Who

RATE = 8000


class Part(StrEnum):
    MENU = "menu"
    RINGING = "ringing"
    TALK = "talk"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Phase:
    """`began` and `ended` are seconds of the recordings."""

    part: Part
    began: float
    ended: float


def phases(evidence: Evidence) -> tuple[Phase, ...]:
    """The call's parts in order, without a gap between them; parts that never came are left out.

    The carrier's voice is no sound in a recording: what the caller hears first is the ringback.
    """
    whole = evidence.until - evidence.origin
    talk = whole if evidence.talk_began is None else evidence.talk_began - evidence.origin
    ringing, rung = _sounding(evidence.heard[Who.CALLER][: max(0, round(talk * RATE))])
    if evidence.talk_began is None:
        borders = [(Part.MENU, 0.0), (Part.RINGING, ringing), (Part.CLOSING, rung)]
    else:
        over = max(evidence.talk_ended.values(), default=evidence.until) - evidence.origin
        borders = [(Part.MENU, 0.0), (Part.RINGING, ringing), (Part.TALK, talk), (Part.CLOSING, over)]
    ends = [*(began for _, began in borders[1:]), whole]
    return tuple(Phase(part, began, end) for (part, began), end in zip(borders, ends, strict=True) if end > began)


def _sounding(pcmu: bytes) -> tuple[float, float]:
    """When the sound in a recording begins and ends; twice its length where there is none."""
    begins = silence.leading(pcmu)
    ends = len(pcmu.rstrip(silence.SILENT))
    return begins / RATE, (ends if ends > begins else len(pcmu)) / RATE
