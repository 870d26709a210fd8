"""A line that carries something else before somebody talks: hold music, noise."""

from dataclasses import replace

import numpy as np

from tests.engines.continuity.talk import FRAME_S, IN_BYTES, Talk

NOTE = 0.4
"""Seconds of one note."""


def music(seconds: float, seed: int = 1) -> bytes:
    """A tune over a chord, as PCM16 at 16 kHz: every note falls off by 12 dB, and the chord never rests."""
    chance = np.random.default_rng(seed)
    time = np.arange(round(NOTE * 16000)) / 16000
    chord = np.sum([np.sin(2 * np.pi * f * time) for f in (262.5, 330.0, 392.5)], axis=0)
    notes = [
        4000 * np.exp(-time / 0.3) * np.sin(2 * np.pi * f * time) + 500 * chord
        for f in chance.choice((523.0, 587.0, 659.0, 784.0, 880.0), round(seconds / NOTE))
    ]
    return bytes(np.rint(np.concatenate(notes)).astype("<i2").tobytes())


def noise(seconds: float, level: float = -40.0, seed: int = 1) -> bytes:
    """Steady noise at so many dBFS, as PCM16 at 16 kHz."""
    spread = 32768 * 10 ** (level / 20)
    samples = np.random.default_rng(seed).normal(0.0, spread, round(seconds * 16000))
    return np.rint(np.clip(samples, -32768, 32767)).astype("<i2").tobytes()


class Held(Talk):
    """A talk that begins when `before` has sounded; `after` follows it."""

    def __init__(self, seed: int, seconds: float, before: bytes, after: bytes = b"") -> None:
        super().__init__(seed, seconds)
        first, last = (_frames(sound) for sound in (before, after))
        self.held = len(first) * FRAME_S
        """When the talk begins."""
        self.words = [replace(word, begins=word.begins + self.held) for word in self.words]
        self._frames = [*first, *self._frames, *last]


def _frames(sound: bytes) -> list[bytes | None]:
    return [sound[at : at + IN_BYTES] for at in range(0, len(sound) - IN_BYTES + 1, IN_BYTES)]
