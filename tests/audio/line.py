"""What one phone hears while the speaker's own sound and the interpreter's come at the same time: in virtual time."""

from collections.abc import Callable, Iterable
from itertools import accumulate

import numpy as np

from telephony.audio import g711
from telephony.audio.playout import Playout
from tests.audio.phone import Phone
from tests.audio.signals import decibels, fit, from_pcm, tone

Event = tuple[float, Callable[[Playout, float], object]]
"""When, and what is done to the playout then."""

SPEAKER, INTERPRETER = 500.0, 1200.0
"""Hertz by which the two can be told apart."""

LOUD = 8000.0
DELAY = 0.06


def pcmu_tone(frequency: float, seconds: float, amplitude: float = LOUD) -> bytes:
    """A sine as PCMU."""
    return g711.encode(tone(frequency, 8000, seconds, amplitude))


def from_speaker(sound: bytes, first: float = 0.0, lateness: Callable[[int], float] = lambda index: 0.0) -> list[Event]:
    """`sound` as a leg hands it on: 20 ms at a time, in order, frame `index` as much later as `lateness` says."""
    frames = [sound[at : at + 160] for at in range(0, len(sound), 160)]
    times = accumulate((first + 0.02 * index + lateness(index) for index in range(len(frames))), max)
    return [
        (at, lambda playout, now, frame=frame: playout.original(frame, now))  # type: ignore[misc]
        for at, frame in zip(times, frames, strict=True)
    ]


def from_interpreter(sound: bytes, first: float = 0.0) -> list[Event]:
    """`sound` as Live Translate sends it: 250 ms at a time."""
    parts = [sound[at : at + 2000] for at in range(0, len(sound), 2000)]
    return [
        (first + 0.25 * index, lambda playout, now, part=part: playout.push(part, now))  # type: ignore[misc]
        for index, part in enumerate(parts)
    ]


def switched(at: float, **settings: object) -> list[Event]:
    """Settings of the playout that change `at` a time."""

    def switch(playout: Playout, now: float) -> None:
        for name, value in settings.items():
            setattr(playout, name, value)

    return [(at, switch)]


def listen(playout: Playout, events: Iterable[Event], until: float = 100.0) -> Phone:
    """Do everything at its time, and ask for what is due when told to."""
    phone, now = Phone(), 0.0
    for at, happen in [*sorted(events, key=lambda event: event[0]), (until, lambda playout, now: None)]:
        while (moment := playout.next_due()) is not None and moment < at:
            now = max(now, moment)
            phone.take(playout.due(now), now)
        now = max(now, at)
        happen(playout, now)
    return phone


def level(line: bytes, frequency: float, start: float, end: float) -> float:
    """dB of one of the two tones on `line` from `start` to `end` (at least 0.12 s), LOUD being 0."""
    piece = g711.decode(line[round(start * 8000) : round(end * 8000)])
    return decibels(fit(piece, frequency, 8000)[0] / LOUD)


def steepest(pcmu: bytes) -> float:
    """The largest step from one sample to the next."""
    return float(np.abs(np.diff(from_pcm(g711.decode(pcmu)))).max())
