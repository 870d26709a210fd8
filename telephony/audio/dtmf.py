"""The tones of a telephone's keys, taken out of what a party says: no interpreter is sent a digit as sound. PURE

A key is one frequency of each group below at once (ITU-T Q.23). A receiver takes a tone from 40 ms on, within 1.5 % of
its frequencies, and must not take speech for one (ITU-T Q.24, annex A). So a tone is silenced when three overlapping
stretches of 20 ms, 40 ms in all, show the same key. Sound is held back only while its end may be the beginning of a
tone: for 20 ms, or 40, and then it goes on as it came or is silent.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from telephony.audio import g711
from telephony.audio.level import rms_dbfs
from telephony.audio.packetizer import Packetizer

FRAME, HOP = 160, 80
"""Samples in 20 ms, of which a stretch is judged every 10 ms."""

LOW, HIGH = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)
"""Hertz."""

OFF = (-0.012, 0.0, 0.012)
"""By how much of it a frequency is taken to be off: those in between are still within half a step."""

AUDIBLE = -42.0
"""dBFS of a stretch that may be a tone: -36 dBm0, below the levels at which Q.24 has receivers work."""

SHARE = 0.8
"""Of the power, what both frequencies have together in a tone; a pure one off by 1.5 % has 0.88, speech below 0.8."""

LIKELY = 0.6
"""The same in 10 ms that may be the beginning of one."""

TWIST = 10.0
"""Power of one frequency to the other, either way, beyond which it is no key (Q.24: 4 to 10 dB, by country)."""

STRETCHES = 3
MOST_HELD = 2
"""Frames of 20 ms."""

PRESSED = 0.3
"""Seconds after the carrier told of a key in which what may be a tone is the rest of it."""

Samples = npt.NDArray[np.float64]


class DtmfBlanker:
    """One leg's PCMU. All but tones comes out bit for bit, in order; a tone comes out as silence of its length."""

    def __init__(self) -> None:
        self.tones = 0
        self.blanked_ms = 0.0
        self._frames = Packetizer(FRAME)
        self._before: Samples = np.zeros(HOP)
        """The end of the last frame."""
        self._held: list[bytes] = []
        self._key: int | None = None
        self._stretches = 0
        """How many in a row have shown this key."""
        self._in_tone = False
        self._pressed_until = float("-inf")

    def pressed(self, now: float) -> None:
        """The carrier told of a key: what is left of its tone is taken out if it lasts for 20 ms."""
        self._pressed_until = now + PRESSED

    def push(self, pcmu: bytes, now: float) -> list[bytes]:
        """The frames of 20 ms to use now: none while a tone is suspected, up to three once it is known."""
        return [ready for frame in self._frames.push(pcmu) for ready in self._take(frame, now < self._pressed_until)]

    def _take(self, frame: bytes, pressed: bool) -> list[bytes]:
        most, likely = self._listen(g711.decode(frame))
        if self._in_tone:
            self._in_tone = self._stretches > 0
            return self._silenced([frame])
        if most >= (1 if pressed else STRETCHES):
            self._in_tone = self._stretches > 0
            self.tones += 1
            return self._silenced([*self._release(), frame])
        if not likely:
            return [*self._release(), frame]
        self._held.append(frame)
        return [self._held.pop(0)] if len(self._held) > MOST_HELD else []

    def _release(self) -> list[bytes]:
        held, self._held = self._held, []
        return held

    def _silenced(self, frames: list[bytes]) -> list[bytes]:
        self.blanked_ms += 20.0 * len(frames)
        return [g711.SILENCE * len(frame) for frame in frames]

    def _listen(self, pcm: bytes) -> tuple[int, bool]:
        """How many stretches in a row, up to one in these 20 ms, show one key; whether a tone may begin at the end."""
        samples = np.frombuffer(pcm, "<i2").astype(np.float64)
        sound = np.concatenate((self._before, samples))
        self._before = samples[HOP:]
        if rms_dbfs(pcm) < AUDIBLE - 3.0:
            self._key, self._stretches = None, 0
            return 0, False
        most = 0
        for stretch in (sound[:FRAME], samples):
            key = _key_in(stretch, SHARE)
            self._stretches = 0 if key is None else self._stretches + 1 if key == self._key else 1
            self._key, most = key, max(most, self._stretches)
        return most, self._stretches > 0 or _key_in(samples[HOP:], LIKELY) is not None


def _key_in(stretch: Samples, share: float) -> int | None:
    """The key whose two frequencies have that share of the power, 0 to 15; None where there is none."""
    power = float(stretch @ stretch)
    if power < stretch.size * _LEAST:
        return None
    parts = (_bank(stretch.size) @ stretch) ** 2
    powers = (parts[:24] + parts[24:]).reshape(8, 3).max(axis=1) * (2 / stretch.size)
    low, high = int(powers[:4].argmax()), int(powers[4:].argmax())
    below, above = powers[low], powers[4 + high]
    if below + above < share * power or not above / TWIST <= below <= above * TWIST:
        return None
    return 4 * low + high


@cache
def _bank(size: int) -> Samples:
    """Cosines and sines of every frequency, each in all its detunings: 2 x 8 x 3 rows of `size`."""
    detuned = np.array([frequency * (1 + off) for frequency in LOW + HIGH for off in OFF])
    phase = 2 * np.pi / 8000 * np.outer(detuned, np.arange(size))
    return np.concatenate((np.cos(phase), np.sin(phase)))


_LEAST = (32768 * 10 ** (AUDIBLE / 20)) ** 2
