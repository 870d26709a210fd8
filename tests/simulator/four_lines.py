"""A made-up call of four lines, and what a session of the simulated interpreter tells of them."""

from pathlib import Path

import numpy as np

from telephony.simulator.live_api.report import LineRecognised, TranslationBegan, TranslationEnded
from tests.simulator.spoken import Said, Sitting, call, voice

FIRST, ANSWER, SECOND, SHORT = voice(0, 3.0), voice(10, 3.0), voice(20, 4.0), voice(30, 0.4)
"""How the lines c1, a1, c2 and c3 of the call sound."""


def call_of_four_lines(folder: Path) -> Path:
    return call(
        folder,
        Said("c1", "caller", 3.0, 3.0),
        Said("a1", "agent", 3.0, 3.0),
        Said("c2", "caller", 4.0, 2.0),
        Said("c3", "caller", 0.4, 0.6),
    )


def recognised(room: Sitting) -> list[str]:
    return [event.line for event in room.model.report if isinstance(event, LineRecognised)]


def translated(room: Sitting) -> list[tuple[str, bool]]:
    return [(event.line, event.whole) for event in room.model.report if isinstance(event, TranslationEnded)]


def when(room: Sitting, kind: type[LineRecognised | TranslationBegan]) -> float:
    (event,) = (event for event in room.model.report if isinstance(event, kind))
    return event.at


def sounding(pcm: bytes) -> bytes:
    """What lies between the first sample that is not zero and the last."""
    samples = np.frombuffer(pcm, dtype="<i2")
    loud = np.nonzero(samples)[0]
    return samples[loud[0] : loud[-1] + 1].tobytes() if loud.size else b""
