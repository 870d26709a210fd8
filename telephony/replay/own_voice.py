"""What a listener heard of the speaker's own voice, told from the interpreter's by what was said. PURE

The voice comes through bit for bit but for its level, a moment later than it was spoken. Where it is heard by itself it
is found by its sound; how late it was there is how late it was until it is found again. Where the interpreter speaks
over it, its level is what of it is left in the recording at that moment.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from telephony.replay.likeness import Sound, level, locate

RATE = 8000
FRAME = 160
AROUND = 240
"""Samples to either side of a frame's middle in which its level is measured: 60 ms in all."""

NEEDLE, STEP = 2000, 800
"""Samples that are looked for, and from one to the next."""

LATEST = 6400
"""Samples within which the voice is heard: 0.8 s."""

ALIKE = 0.85
STEADY = 8
"""Samples by which two neighbours' places may differ when both are the voice, and not alike by chance."""

AUDIBLE = -45.0
FAINTEST = -60.0
"""dBFS of what was said below which nothing can be told of its level as it was heard."""

MOST = 1.1
"""No voice is made louder on its way."""

MOVED = 320
"""Samples by which the voice may be heard earlier or later than where it was last found: two frames."""

ENOUGH = 10
"""Frames in which a level must be measured."""

NOWHERE = -1
FADED = 480
"""Samples after which a voice has the level that it has under the interpreter: 60 ms."""

Gains = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """`sound` is the voice as it lies in the listener's recording; `places` has, for each 20 ms of what was said, the
    sample of the recording at which it was heard, or would have been: NOWHERE where the voice was never found."""

    sound: Sound
    places: Places


def own_voice(said: Sound, heard: Sound) -> OwnVoice:
    """Finds the voice of the one who said this in what the other heard; both recordings begin at the same moment."""
    frames = said.size // FRAME
    delays = _delays(said, heard, frames)
    places = np.where(delays == NOWHERE, NOWHERE, np.arange(frames) * FRAME + delays)
    return OwnVoice(_laid(said, heard.size, gains_at(said, heard, places), places), places)


def gains_at(said: Sound, heard: Sound, places: Places) -> Gains:
    """For each 20 ms of what was said, the factor at which it lies in a recording at its place."""
    gains = np.zeros(places.size)
    for frame in np.flatnonzero(places != NOWHERE).tolist():
        gains[frame] = _gain(said, heard, frame * FRAME + FRAME // 2, int(places[frame]) - frame * FRAME)
    return gains


def unheard(said: Sound, gains: Gains, span: tuple[int, int], least: float) -> float:
    """Seconds of what sounds between two samples of `said` that were heard at less than the factor `least`."""
    frames = [frame for frame in _frames(*span, gains.size) if level(_frame(said, frame)) > AUDIBLE]
    return sum(bool(gains[frame] < least) for frame in frames) * FRAME / RATE


def level_under(said: Sound, heard: Sound, interpreter: Sound, places: Places, span: tuple[int, int]) -> float | None:
    """dB of the voice against what was said, where `interpreter` (as it lies in the recording) speaks over it.

    `span` are samples of `said`. None where it speaks over less than 0.2 s of it.
    """

    def counts(place: int) -> bool:
        return all(level(interpreter[max(0, at) :][:FRAME]) > AUDIBLE for at in (place - FADED, place))

    return _level(said, heard - interpreter, places, span, counts)


def level_alone(said: Sound, heard: Sound, interpreter: Sound, places: Places, span: tuple[int, int]) -> float | None:
    """The same where the interpreter is silent, and has been and will be for a moment."""
    near = RATE // 2
    return _level(said, heard, places, span, lambda place: not interpreter[max(0, place - near) : place + near].any())


def _level(
    said: Sound, heard: Sound, places: Places, span: tuple[int, int], counts: Callable[[int], bool]
) -> float | None:
    """Where the voice is most alike: its delay may have changed while it was heard under the interpreter alone."""
    products: defaultdict[int, Gains] = defaultdict(lambda: np.zeros(2 * MOVED + 1))
    power, frames = 0.0, 0
    for frame in _frames(*span, places.size):
        mine, place = _frame(said, frame), int(places[frame])
        around = heard[max(0, place - MOVED) : place + FRAME + MOVED]
        if place == NOWHERE or around.size < FRAME + 2 * MOVED or level(mine) < AUDIBLE or not counts(place):
            continue
        products[place - frame * FRAME] += np.correlate(around, mine, "valid")
        power += float(mine @ mine)
        frames += 1
    found = sum(float(alike.max()) for alike in products.values())
    return 20 * float(np.log10(max(found / power, 1e-3))) if frames >= ENOUGH else None


def _delays(said: Sound, heard: Sound, frames: int) -> NDArray[np.int64]:
    """For each frame of what was said how much later it was heard, or would have been: as where it was last found."""
    found: list[tuple[int, int]] = []
    for begin in range(0, said.size - NEEDLE, STEP):
        needle = said[begin : begin + NEEDLE]
        if level(needle) > AUDIBLE:
            place, alike = locate(needle, heard, begin, begin + LATEST)
            found += [(begin, place - begin)] if alike >= ALIKE else []
    sure = [one for one, other in zip(found, found[1:] + found[-2:-1], strict=False) if _is_steady(one, other)]
    delays = np.full(frames, NOWHERE, dtype=np.int64)
    for nth, (begin, delay) in enumerate(sure):
        delays[begin // FRAME if nth else 0 :] = delay
    return delays


def _is_steady(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(one[0] - other[0]) <= NEEDLE and abs(one[1] - other[1]) <= STEADY


def _gain(said: Sound, heard: Sound, middle: int, delay: int) -> float:
    first, last = max(0, middle - AROUND), min(middle + AROUND, said.size, heard.size - delay)
    mine, theirs = said[first:last], heard[first + delay : last + delay]
    if not mine.size or level(mine) < FAINTEST:
        return 0.0
    return float(np.clip(float(mine @ theirs) / float(mine @ mine), 0.0, MOST))


def _laid(said: Sound, size: int, gains: Gains, places: Places) -> Sound:
    """The voice in a recording of `size` samples, its level even from the middle of one frame to that of the next."""
    laid = np.zeros(size, dtype=np.float32)
    beside = np.pad(gains, 1, mode="edge")
    for frame in np.flatnonzero((places != NOWHERE) & (gains > 0)).tolist():
        before, mine, after = beside[frame : frame + 3]
        curve = np.interp(np.arange(FRAME), (0, FRAME // 2, FRAME), ((before + mine) / 2, mine, (mine + after) / 2))
        place = int(places[frame])
        room = laid[place : place + FRAME]
        room[:] = (_frame(said, frame) * curve)[: room.size]
    return laid


def _frames(first: int, last: int, count: int) -> range:
    return range(max(0, first // FRAME), min(-(-last // FRAME), count))


def _frame(sound: Sound, frame: int) -> Sound:
    return sound[frame * FRAME : (frame + 1) * FRAME]
