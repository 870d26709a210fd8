"""Several sounds as one: faded smoothly, added in the linear domain, and never clipped.

Sums whose peaks stay below KNEE are exact but for the rounding of mu-law. What is above is bent so that none gets to
CEILING, since the largest sample of mu-law is 32124 (ITU-T G.711, table 2).
"""

import audioop
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from telephony.audio import g711
from telephony.audio.level import peak

KNEE, CEILING = 26000.0, 32000.0

DOWN, UP = 2, 15
"""Frames of 20 ms that a fade takes, whatever the gains: 40 ms down, 300 ms up."""

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the sounds: PCM16 whose gain (a factor) goes evenly from `start` to `end`."""

    pcm: bytes = field(repr=False)
    start: float = 1.0
    end: float = 1.0


class Fader:
    """A gain that follows what is asked of it, even in amplitude, frame by frame."""

    def __init__(self, gain: float = 0.0) -> None:
        self.gain = gain
        """The factor at the end of the last frame."""
        self._target = gain
        self._step = 0.0

    def toward(self, target: float) -> tuple[float, float]:
        """The gain at the start and at the end of the next frame. A fade begins when `target` changes."""
        if target != self._target:
            self._target = target
            self._step = (target - self.gain) / (DOWN if target < self.gain else UP)
        start = self.gain
        near = abs(target - start) <= abs(self._step) * 1.001
        self.gain = target if near or not self._step else start + self._step
        return start, self.gain

    def jump(self, gain: float) -> None:
        """Have this gain at once: for where nothing has been sounding."""
        self.gain = self._target = gain
        self._step = 0.0


def mixed(parts: Sequence[Part]) -> bytes:
    """The sum of one part or more of the same length, as PCMU."""
    if any(part.start != part.end for part in parts):
        return _exactly(parts)
    scaled = [part.pcm if part.end == 1.0 else audioop.mul(part.pcm, 2, part.end) for part in parts]
    if sum(map(peak, scaled)) > KNEE:
        return _exactly(parts)
    total = scaled[0]
    for pcm in scaled[1:]:
        total = audioop.add(total, pcm, 2)
    return g711.encode(total)


def _exactly(parts: Sequence[Part]) -> bytes:
    total = np.zeros(len(parts[0].pcm) // 2)
    for part in parts:
        samples = np.frombuffer(part.pcm, "<i2")
        total += samples * np.linspace(part.start, part.end, samples.size, endpoint=False)
    return g711.encode(np.rint(_bent(total)).astype("<i2").tobytes())


def _bent(samples: Doubles) -> Doubles:
    """What is above KNEE bent towards CEILING."""
    over = np.abs(samples) - KNEE
    if over.max(initial=0.0) <= 0:
        return samples
    bent = KNEE + (CEILING - KNEE) * np.tanh(over / (CEILING - KNEE))
    return np.where(over > 0, np.copysign(bent, samples), samples)
