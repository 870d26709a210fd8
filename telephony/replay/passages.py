"""How much of a translation a listener heard, and how much of it more than once, whoever sent it. PURE

The recording is searched for the translation's sound itself, not for messages: where two sessions of the interpreter
said parts of one line, it does not matter which of them was let through. A stretch that is found is followed forwards
and backwards, frame by frame, wherever the sound goes on a little earlier than it did: in speech that was made faster
by leaving out pitch periods, and behind pauses that were shortened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from telephony.replay.likeness import Searched, Sound, level

RATE = 8000
FRAME = 160
"""Samples that are judged as one, 20 ms."""

AUDIBLE = -45.0

LOOKED_UP = ((2000, 800, 0.85), (480, 160, 0.9))
"""Samples of a stretch that is looked up, samples from one to the next, and how alike it must be: 250 ms, which only
sound at its own speed shows, and where nothing has been found so, 60 ms."""

STAYED, MOVED = 0.6, 0.85
"""Likeness of a frame from which it goes on where it is expected, or near there."""

SKIP = 130
"""Samples by which a frame may come earlier than it is expected."""

LEAST = 10
"""Frames that must be heard in one hearing: less is alike by chance."""

SEAM = 3
"""Frames that may be damaged between two that were heard; and one less where a hearing ends and another begins."""

APART = 800
"""Samples by which two places must differ to count as two hearings: less is one sound that was slightly moved."""

NOWHERE = -1

Places = NDArray[np.int64]
"""For each frame of a translation, the sample of the recording at which it was heard, or NOWHERE."""


@dataclass(frozen=True, slots=True)
class Passages:
    """`times` says how often each 20 ms of a translation was heard, -1 where there is nothing to hear; `hearings` each
    stretch that was heard, in the order of time."""

    times: NDArray[np.int16]
    hearings: tuple[Places, ...]

    def lost(self, until: float = float("inf")) -> float:
        """Seconds of sound, of the first `until` seconds, that were never heard."""
        frames = round(min(until * RATE / FRAME, self.times.size))
        return int(np.count_nonzero(self.times[:frames] == 0)) * FRAME / RATE

    @property
    def repeated(self) -> float:
        """Seconds of sound that were heard again; twice again counts twice."""
        return int(np.maximum(self.times - 1, 0).sum()) * FRAME / RATE

    def covered(self, first: int, last: int) -> bool:
        """Whether most of what sounds between two samples of the translation was heard at some time."""
        part = self.times[first // FRAME : -(-last // FRAME)]
        return _most(part[part >= 0] > 0)

    def places(self, first: int, last: int) -> Iterator[int]:
        """Each sample of the recording from which on most of the sound between two of the translation was heard."""
        frames = slice(first // FRAME, -(-last // FRAME))
        sounding = self.times[frames] >= 0
        given: list[int] = []
        for hearing in self.hearings:
            found = (hearing[frames] != NOWHERE) & sounding
            if _most(found[sounding]):
                frame = int(np.argmax(found))
                place = int(hearing[frames][frame]) - ((frames.start + frame) * FRAME - first)
                if all(abs(place - other) >= APART for other in given):
                    given.append(place)
                    yield place


def passages(translation: Sound, recording: Sound, first: int, last: int) -> Passages:
    """Where between samples `first` and `last` of `recording` the translation is heard."""
    frames = translation.size // FRAME
    sounding = np.array([level(part) > AUDIBLE for part in _framed(translation, frames)], dtype=bool)
    hearings = sorted(_hearings(translation, recording[: last + translation.size], first, sounding), key=_began)
    times = _counted(hearings, frames)
    return Passages(np.where(sounding, _without_seams(times, sounding), -1).astype(np.int16), tuple(hearings))


def _hearings(translation: Sound, recording: Sound, first: int, sounding: NDArray[np.bool_]) -> list[Places]:
    hearings: list[Places] = []
    for wanted, step, least in LOOKED_UP:
        size = min(wanted, translation.size)
        searched = Searched(recording, first, recording.size, size)
        for begin in (*range(0, translation.size - size, step), translation.size - size):
            needle = translation[begin : begin + size]
            if level(needle) <= AUDIBLE or (wanted < LOOKED_UP[0][0] and _is_heard(hearings, begin, size)):
                continue
            for place in searched.places(needle, least, APART):
                if not _is_known(hearings, begin, size, place):
                    heard = _followed(translation, recording, sounding, begin, place)
                    hearings += [heard] if np.count_nonzero(heard != NOWHERE) >= LEAST else []
    return hearings


def _is_heard(hearings: Sequence[Places], begin: int, size: int) -> bool:
    frames = slice(begin // FRAME, (begin + size) // FRAME)
    return any(bool(np.any(hearing[frames] != NOWHERE)) for hearing in hearings)


def _is_known(hearings: Sequence[Places], begin: int, size: int, place: int) -> bool:
    """Whether this place belongs to a hearing that was followed already."""
    frames = np.arange(begin // FRAME, -(-(begin + size) // FRAME))
    expected = place - begin + frames * FRAME
    near = ((hearing[frames[0] : frames[-1] + 1], expected[: hearing.size - frames[0]]) for hearing in hearings)
    return any(bool(np.any((part != NOWHERE) & (np.abs(part - there) < APART))) for part, there in near)


def _followed(translation: Sound, recording: Sound, sounding: NDArray[np.bool_], begin: int, place: int) -> Places:
    """Where each frame was heard, for a translation whose sample `begin` lies at `place` of the recording."""
    frame = min(-(-begin // FRAME), sounding.size - 1)
    there = place + frame * FRAME - begin
    heard = np.full(sounding.size, NOWHERE, dtype=np.int64)
    for step in (1, -1):
        _follow(heard, translation, recording, sounding, frame, there, step)
    return _without_damage(heard, sounding)


def _follow(
    heard: Places,
    translation: Sound,
    recording: Sound,
    sounding: NDArray[np.bool_],
    frame: int,
    there: int,
    step: int,
) -> None:
    """Follows from `frame`, expected at `there`, to either side until the sound is lost."""
    slack = missed = 0
    while 0 <= frame < sounding.size and missed <= SEAM:
        if sounding[frame]:
            needle = translation[frame * FRAME : (frame + 1) * FRAME]
            found = _near(needle, recording, there, slack + SKIP, step)
            missed, slack = (0, 0) if found is not None else (missed + 1, slack + SKIP)
            heard[frame] = NOWHERE if found is None else found
            there = there if found is None else found
        else:
            slack += FRAME
        frame, there = frame + step, there + step * FRAME


def _near(needle: Sound, recording: Sound, there: int, slack: int, step: int) -> int | None:
    """Where the frame is: where it is expected, or up to `slack` samples nearer to the frame before."""
    low, high = (there - slack, there) if step > 0 else (there, there + slack)
    low = max(low, 0)
    near = recording[low : high + needle.size]
    if near.size < needle.size or there < low:
        return None
    energy = np.concatenate(([0.0], np.cumsum(np.square(near, dtype=np.float64))))
    norms = np.sqrt(np.maximum(energy[needle.size :] - energy[: -needle.size], 1.0))
    alike: NDArray[np.float64] = np.correlate(near, needle, "valid") / (norms * float(np.linalg.norm(needle)))
    best, expected = int(np.argmax(alike)), min(there - low, alike.size - 1)
    if alike[expected] >= max(STAYED, alike[best] - 0.05):
        return low + expected
    return low + best if alike[best] >= MOVED else None


def _without_damage(heard: Places, sounding: NDArray[np.bool_]) -> Places:
    """Short damage between two frames that were heard counts as heard."""
    mended = heard.copy()
    for one, other in pairwise(np.flatnonzero(heard != NOWHERE).tolist()):
        if other - one > 1 and np.count_nonzero(sounding[one + 1 : other]) <= SEAM:
            steps = np.arange(1, other - one) * FRAME
            mended[one + 1 : other] = np.minimum(heard[one] + steps, heard[other])
    return mended


def _counted(hearings: Sequence[Places], frames: int) -> NDArray[np.int16]:
    """How often each frame was heard, at places that are apart."""
    times = np.zeros(frames, dtype=np.int16)
    for nth, hearing in enumerate(hearings):
        again = hearing != NOWHERE
        for earlier in hearings[:nth]:
            again &= (earlier == NOWHERE) | (np.abs(hearing - earlier) >= APART)
        times += again
    return times


def _without_seams(times: NDArray[np.int16], sounding: NDArray[np.bool_]) -> NDArray[np.int16]:
    """A frame or two that a cut went through count as heard."""
    mended = times.copy()
    for one, other in pairwise(np.flatnonzero(times).tolist()):
        if other - one > 1 and np.count_nonzero(sounding[one + 1 : other]) < SEAM:
            mended[one + 1 : other] = 1
    return mended


def _began(hearing: Places) -> int:
    return int(hearing[hearing != NOWHERE][0])


def _most(found: NDArray[np.bool_]) -> bool:
    return bool(found.size) and float(np.mean(found)) >= 0.75


def _framed(sound: Sound, frames: int) -> Sound:
    return sound[: frames * FRAME].reshape(-1, FRAME)
