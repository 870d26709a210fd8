"""What a telephone line is made to do wrong in a fixture call, and when. PURE"""

import math
from dataclasses import dataclass
from enum import StrEnum

from telephony.simulator.live_api.faults import Hit


class LineKind(StrEnum):
    """What goes wrong between a phone and the carrier's stream."""

    STOPS = "stops"
    """Nothing is sent, and nothing is counted: the sound is gone."""
    LOST = "lost"
    """Every so many-th message is lost on its way: its number is missing."""
    DOUBLED = "doubled"
    """Every so many-th message is sent twice."""
    SWAPPED = "swapped"
    """Every so many-th message changes places with the next."""
    BUNCHES = "bunches"
    """Messages come so many at once."""
    RATE = "rate"
    """The phone's clock is wrong: so many seconds of sound a second."""
    OFFSET = "offset"
    """A constant is added to the sound (DC)."""
    CLIPPED = "clipped"
    """The sound is made louder, and cut off at the largest value there is."""
    ZEROS = "zeros"
    """One value, zero, instead of sound."""
    NOISE = "noise"
    """Noise on the line, under whatever is said."""
    MUSIC = "music"
    """A tune on the line, likewise."""


@dataclass(frozen=True, slots=True)
class LineFault:
    """One of them, from `at` seconds of the talk for `lasts` seconds, on the lines of `who`."""

    kind: LineKind
    who: Hit = Hit.BOTH
    at: float = 0.0
    lasts: float = math.inf
    every: int = 5
    """Of LOST, DOUBLED and SWAPPED."""
    size: int = 5
    """Of BUNCHES."""
    rate: float = 1.02
    level: float = -20.0
    """dBFS of an OFFSET, of NOISE or MUSIC; decibels that CLIPPED sound is made louder."""

    def on(self, talk: float | None) -> bool:
        """Whether it is under way so many seconds into the talk (None: there is none yet)."""
        return talk is not None and self.at <= talk < self.at + self.lasts
