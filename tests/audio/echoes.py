"""A leg whose phone gives back what it hears, made from the voices of the fixture calls, and what a gate makes of it.

What is sent goes through mu-law, is heard `delay_ms` later (each phrase up to `wander_ms` later still, as when the
carrier's buffer has run dry in between), comes back through the room and is coded by mu-law again with whatever the
party itself says. Levels are those of active speech in dBFS; an interpreter leaves at -25 (telephony.audio.loudness).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from telephony.audio import g711, wav
from telephony.simulator.speakerphone import room
from tests.audio.signals import Samples, from_pcm, to_pcm

CALLS = Path(__file__).parents[2] / "fixtures" / "calls"
FRAME = 160
RATE = 8000
FULL = 32768.0
AUDIBLE = FULL**2 * 10**-5.5
"""Power at -55 dBFS."""

Which = npt.NDArray[np.bool_]
"""One answer a frame."""

Phrases = tuple[tuple[float, Samples], ...]
"""What is said, and from which second on."""


class Gate(Protocol):
    """What stands between a leg and its listener."""

    def heard(self, pcmu: bytes, now: float) -> None: ...
    def said(self, pcmu: bytes, now: float) -> bytes: ...


class Open:
    """No gate at all."""

    def heard(self, pcmu: bytes, now: float) -> None:
        pass

    def said(self, pcmu: bytes, now: float) -> bytes:
        return pcmu


@cache
def lines(pattern: str) -> tuple[Samples, ...]:
    """The recordings of the fixture calls that match."""
    return tuple(from_pcm(g711.decode(wav.read(path)[0])) for path in sorted(CALLS.glob(pattern)))


def at_level(samples: Samples, dbfs: float) -> Samples:
    """The samples with this active level."""
    powers = frame_powers(samples)
    active = powers[powers > powers.max() * 10**-2.5].mean()
    scaled: Samples = samples * FULL * 10 ** (dbfs / 20) / np.sqrt(active)
    return scaled


def phrases(spoken: Iterable[Samples], dbfs: float, first: float, pause: float) -> Phrases:
    """One after the other, from second `first` on."""
    placed, now = [], first
    for samples in spoken:
        placed.append((now, at_level(samples, dbfs)))
        now += len(samples) / RATE + pause
    return tuple(placed)


def interpreter(first: float = 1.0, pause: float = 1.5, dbfs: float = -25.0) -> Phrases:
    """A good half minute of an interpreter with pauses."""
    return phrases((*lines("clinic-appointment/a*.en.wav"), *lines("hotline-crosstalk/a*.de.wav")), dbfs, first, pause)


def party(dbfs: float, first: float = 2.0, pause: float = 0.8) -> Phrases:
    """A good half minute of the party itself, who waits for nobody."""
    return phrases((*lines("clinic-appointment/c*.es.wav"), *lines("missing-order/c*.fr.wav")), dbfs, first, pause)


def taking_turns(dbfs: float, far: float = -25.0) -> tuple[Phrases, Phrases]:
    """Interpreter and party, each of whom begins when the other has ended."""
    heard, said, now = [], [], 1.0
    for one, other in zip(lines("clinic-appointment/a*.en.wav"), lines("clinic-appointment/c*.es.wav"), strict=True):
        heard.append((now, at_level(one, far)))
        now += len(one) / RATE + 0.6
        said.append((now, at_level(other, dbfs)))
        now += len(other) / RATE + 1.2
    return tuple(heard), tuple(said)


@dataclass(frozen=True)
class Scene:
    """`level_db` None: a phone that gives nothing back. `damage`: what the loudspeaker does to the echo besides."""

    far: Phrases
    near: Phrases = ()
    level_db: float | None = -20.0
    delay_ms: float = 300.0
    wander_ms: float = 20.0
    seconds: float = 40.0
    noise: float = 5.0
    damage: Callable[[Samples], Samples] = field(default=lambda echo: echo)

    def played(self) -> "Played":
        frames = round(self.seconds * 50)
        chance = np.random.default_rng(7)
        sent: list[bytes | None] = [None] * frames
        heard = np.zeros(frames * FRAME + 4 * RATE)
        for at, samples in self.far:
            first = round(at * 50)
            coded = g711.encode(clipped(samples[: max(0, frames - first) * FRAME]))
            coded = coded[: len(coded) // FRAME * FRAME]
            for place in range(0, len(coded), FRAME):
                sent[first + place // FRAME] = coded[place : place + FRAME]
            late = round((self.delay_ms + chance.uniform(0, self.wander_ms)) * RATE / 1000)
            start = first * FRAME + late
            heard[start : start + len(coded)] += from_pcm(g711.decode(coded))
        voice = np.zeros(frames * FRAME)
        for at, samples in self.near:
            start = round(at * 50) * FRAME
            voice[start : start + len(samples)] += samples[: max(0, len(voice) - start)]
        echo = np.zeros_like(voice)
        if self.level_db is not None:
            echo = self.damage(np.convolve(heard, room(self.level_db))[: len(voice)])
        line = g711.encode(clipped(voice + echo + self.noise * chance.normal(size=len(voice))))
        said = [line[place : place + FRAME] for place in range(0, len(line), FRAME)]
        return Played(tuple(sent), tuple(said), voice, echo, self.noise)


@dataclass(frozen=True)
class Played:
    """Frames of 20 ms each: what was sent (None: nothing) and what came; and of what came, who it was."""

    sent: Sequence[bytes | None]
    said: Sequence[bytes]
    voice: Samples
    echo: Samples
    noise: float

    def through(self, gate: Gate, start: float = 100.0) -> "Outcome":
        """What leaves the gate."""
        out = []
        for place, (sent, said) in enumerate(zip(self.sent, self.said, strict=True)):
            now = start + place * 0.02
            if sent is not None:
                gate.heard(sent, now)
            out.append(gate.said(said, now))
        return Outcome(self, tuple(out))


@dataclass(frozen=True)
class Outcome:
    """What left a gate, and how good that is."""

    played: Played
    out: Sequence[bytes]

    def echo_alone(self, first: float = 0.0) -> Which:
        """The frames from second `first` on in which there is an echo and nobody speaks."""
        echo, voice = frame_powers(self.played.echo), frame_powers(self.played.voice)
        alone: Which = (echo > max(echo.max() * 10**-2.5, 1.0)) & (voice < 1.0) & (np.arange(len(echo)) >= first * 50)
        return alone

    def voiced(self, first: float = 0.0) -> Which:
        """The frames from second `first` on in which the party speaks."""
        voice = frame_powers(self.played.voice)
        voiced: Which = (voice > max(voice.max() * 10**-2.5, 1.0)) & (np.arange(len(voice)) >= first * 50)
        return voiced

    @property
    def powers(self) -> Samples:
        return frame_powers(from_pcm(g711.decode(b"".join(self.out))))

    def leaked_ms(self, first: float = 0.0) -> float:
        """Echo that is to be heard though nobody speaks."""
        return 20.0 * np.count_nonzero(self.echo_alone(first) & (self.powers > AUDIBLE))

    def suppression(self, first: float = 0.0) -> float:
        """By how many dB it is softer than it was; 99 where nothing of it is left but the line's noise."""
        alone = self.echo_alone(first)
        left = self.powers[alone]
        rest = left[left > 4 * self.played.noise**2 + 30].sum()
        return min(99.0, float(10 * np.log10(frame_powers(self.played.echo)[alone].sum() / max(rest, 1e-3))))

    def cut_ms(self, first: float = 0.0) -> float:
        """The party's own voice that was replaced by silence, or nearly."""
        return 20.0 * np.count_nonzero(self._cut(first))

    def kept(self, first: float = 0.0) -> float:
        """The share of its energy that was not."""
        voice = frame_powers(self.played.voice)
        return float(1 - voice[self._cut(first)].sum() / voice[self.voiced(first)].sum())

    def clean(self, first: float = 0.0) -> tuple[float, float]:
        """dB of the party's voice over all that is not it, before the gate and behind it."""
        mask = np.repeat(self.voiced(first), FRAME)
        voice = self.played.voice[mask]
        before, after = (from_pcm(g711.decode(b"".join(side)))[mask] for side in (self.played.said, self.out))
        return decibels(voice, before), decibels(voice, after)

    def untouched(self, first: float = 0.0) -> float:
        """The share of the frames with the party's voice that passed bit for bit."""
        places = np.flatnonzero(self.voiced(first)).tolist()
        return float(np.mean([self.out[place] == self.played.said[place] for place in places]))

    def _cut(self, first: float) -> Which:
        return self.voiced(first) & (self.powers < frame_powers(self.played.voice) * 10**-1.5)


def decibels(voice: Samples, line: Samples) -> float:
    return float(10 * np.log10(np.sum(voice**2) / np.sum((line - voice) ** 2)))


def clipped(samples: Samples) -> bytes:
    return to_pcm(np.clip(samples, -32768, 32767))


def frame_powers(samples: Samples) -> Samples:
    """Mean square of each whole frame."""
    powers: Samples = np.mean(samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME) ** 2, axis=1)
    return powers
