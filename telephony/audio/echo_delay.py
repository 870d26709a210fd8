"""How much later what a phone hears comes back as what it says.

The lag is where the two correlate best once the spectrum of both is made almost flat, so that a voice's pitch does not
answer for a delay: the generalised cross-correlation with phase transform (Knapp and Carter, "The generalized
correlation method for estimation of time delay", IEEE Trans. ASSP 24, 1976), in the telephone's band.
"""

from dataclasses import dataclass

import numpy as np

from telephony.audio.echo_evidence import Evidence
from telephony.audio.echo_line import EchoLine, Samples
from telephony.audio.echo_path import BLOCK, LESSON, TAPS, EchoPath

RATE = 8000
BAND = (200, 3600)
"""Hertz that are looked at."""

FLATNESS = 0.9
"""How much of the spectrum's shape is taken out: 1.0 would let its faintest parts, all noise, speak as loud as any."""

SHORTEST, LONGEST = 240, 10340
"""Samples that an echo may take: 30 ms to 1.29 s."""

LOOKED_AT = 2400
"""Samples of what was said that are looked for anywhere: 300 ms. (With the above 12500 in all, a quick transform.)"""

NEARBY_LOOKED_AT = 1200
"""Samples that are looked for near a known delay."""

NEARBY = 400
"""Samples to either side of it: 50 ms."""


HEAD = 60
"""Samples of the path before the sound that was found, which need not be its first."""

CERTAIN = 100.0
"""How clearly an echo must be found to be tried out at once ..."""

LIKELY = 35.0
"""... or twice in a row at the same place, up to SAME samples."""

SAME = 40
PROMISING = 60.0
"""How clearly an echo must be found for more of it to be waited for."""

UNMISTAKABLE = 1000.0
"""How clearly an echo must be found for what was learned of the path to be thrown away at once ..."""

CLOSE = 30.0
"""... and for a delay near the known one to be checked against the path."""

ALIKE = 0.3
"""Share of the last 100 ms that the path has to foretell at a delay."""


@dataclass(frozen=True, slots=True)
class Found:
    """`lag`: samples by which an echo is late; `clear`: the power of that peak over an average place's. Two voices that
    have nothing to do with each other seldom reach 80 over a second and more, an echo alone reaches hundreds."""

    lag: int
    clear: float


class EchoDelay:
    """The two lines of a leg, and by how much the second is behind the first."""

    def __init__(self) -> None:
        self.heard = EchoLine(LOOKED_AT + LONGEST + BLOCK)
        self.said = EchoLine(2 * LOOKED_AT)
        self.samples: int | None = None
        """From sending to the first tap of the path; None while unknown."""
        self._candidate: tuple[int, int] | None = None
        """A lag that was found, and when: not clearly enough to be used."""
        self._clear = 0.0
        """How clearly the echo was found that is tried out."""
        self.promising = False
        """Whether the last search saw what may turn out to be an echo."""

    def far(self, first: int, last: int) -> Samples:
        """What was heard one delay before these numbers."""
        delay = self.samples or 0
        return self.heard.between(first - delay, last - delay)

    def last_said(self, count: int, back: int = 0) -> tuple[Samples, Samples]:
        """The last samples said but for `back`, and what was heard one delay before."""
        end = self.said.end - back
        return self.said.between(end - count, end), self.far(end - count, end)

    def lesson(self, path: EchoPath, back: int = 0) -> None:
        """Let `path` learn from what was on the lines until `back` samples ago."""
        end = self.said.end - back
        path.learn(self.far(end - BLOCK, end), self.said.between(end - LESSON, end))

    def search(self) -> bool:
        """Look for an echo of which nothing is known. Whether the delay is known now."""
        found = anywhere(self.heard, self.said)
        if found.clear > CERTAIN or (found.clear > LIKELY and self._is_candidate(found)):
            self._move(found.lag)
            self._clear = found.clear
            return True
        self._candidate = (found.lag, self.said.end) if found.clear > LIKELY else None
        self.promising = found.clear > PROMISING
        return False

    def search_better(self) -> bool:
        """Look for an echo twice as clear as the one that is tried out, be it the same one. Whether there is one."""
        found = anywhere(self.heard, self.said)
        if found.clear < max(CERTAIN, 2 * self._clear):
            return False
        self._move(found.lag)
        self._clear = found.clear
        return True

    def search_nearby(self, path: EchoPath) -> bool:
        """Look for the known echo near its delay. Whether it was found."""
        found = nearby(self.heard, self.said, (self.samples or 0) + HEAD)
        if found.clear <= CLOSE or not self._fits(path, found.lag):
            return False
        self._move(found.lag)
        return True

    def search_elsewhere(self, path: EchoPath) -> bool | None:
        """The same at any delay. None: there is an echo, but not of this path; its delay is used."""
        found = anywhere(self.heard, self.said)
        if self._fits(path, found.lag):
            self._move(found.lag)
            return True
        lasting = self._is_candidate(found) and self._candidate and self.said.end - self._candidate[1] > LOOKED_AT
        if found.clear > UNMISTAKABLE or (found.clear > LIKELY and lasting):
            self._move(found.lag)
            return None
        if not self._is_candidate(found):
            self._candidate = (found.lag, self.said.end)
        return False

    def forget(self) -> None:
        """It was no echo."""
        self.samples = self._candidate = None

    def _move(self, lag: int) -> None:
        self.samples = max(lag, SHORTEST) - HEAD
        self._candidate = None

    def _is_candidate(self, found: Found) -> bool:
        return self._candidate is not None and abs(self._candidate[0] - found.lag) < SAME

    def _fits(self, path: EchoPath, lag: int) -> bool:
        """Whether the path foretells the last 100 ms of what was said, if `lag` is right."""
        end, delay = self.said.end, lag - HEAD
        echo = path.estimate(self.heard.between(end - delay - 2 * TAPS + 1, end - delay))
        trial = Evidence()
        trial.add(echo, self.said.between(end - TAPS, end), 0.0)
        return trial.alike > ALIKE and 0.5 < trial.ratio < 2


def anywhere(heard: EchoLine, said: EchoLine) -> Found:
    """Where the end of what was said is an echo of what was heard at all."""
    return _find(heard, said, LOOKED_AT, SHORTEST, LONGEST)


def nearby(heard: EchoLine, said: EchoLine, lag: int) -> Found:
    """The same, no further from `lag` than NEARBY."""
    return _find(heard, said, NEARBY_LOOKED_AT, lag - NEARBY, lag + NEARBY)


def _find(heard: EchoLine, said: EchoLine, size: int, least: int, most: int) -> Found:
    end = said.end
    likeness = correlate(heard.between(end - size - most, end - least), said.between(end - size, end))
    best = int(np.argmax(likeness))
    return Found(most - best, float(likeness[best] / (likeness.mean() + 1e-30)))


def correlate(heard: Samples, echo: Samples) -> Samples:
    """For each place in `heard`, how much the shorter `echo` is like what begins there."""
    size = len(heard)
    cross = np.conj(np.fft.rfft(echo, size)) * np.fft.rfft(heard)
    strength = np.abs(cross)
    cross /= (strength + 1e-9 * strength.max() + 1e-20) ** FLATNESS
    cross[: BAND[0] * size // RATE] = 0
    cross[BAND[1] * size // RATE :] = 0
    likeness: Samples = np.square(np.fft.irfft(cross, size)[: size - len(echo) + 1])
    return likeness
