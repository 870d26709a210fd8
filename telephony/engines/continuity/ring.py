"""What the speaker said last, in frames of 20 ms: what can be replayed, and where it is quiet. PURE

A frame is known by its number since the session began. The ring is the session's queue as well: each connection reads
it at its own place, so live sound waits behind a replay without any other queue.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import islice

from telephony.audio.format import AudioFormat
from telephony.audio.level import VoiceTracker, rms_dbfs

FRAME_MS = 20
FRAME_S = FRAME_MS / 1000

ALIKE_DB = 6.0
"""Frames this close to the quietest are as quiet."""

PHRASE_PAUSE = 10
"""Frames without voice (200 ms) that part two phrases."""

LEAD = 5
"""Frames (100 ms) before the first voice that belong to it: the soft beginning of a word."""

PHRASE_WITHIN = 200
"""Frames (4 s) in which the beginning of a phrase is looked for."""


def frames_in(seconds: float) -> int:
    """Whole frames, to the nearest."""
    return round(seconds / FRAME_S)


@dataclass(frozen=True, slots=True)
class Frame:
    """20 ms of the speaker's sound."""

    audio: bytes = field(repr=False)
    voiced: bool


class Ring:
    """Bounded by seconds and by bytes; where it is full the oldest frame goes.

    Voice is told from the line's noise as everywhere in the house: 4 dB above the quietest of the last 1.5 s and above
    -55 dBFS (`VoiceTracker`), here without a tail, so that short pauses are seen.
    """

    def __init__(self, audio_format: AudioFormat, seconds: float, most_bytes: int) -> None:
        self._bytes = audio_format.bytes_in(FRAME_MS)
        self._frames: deque[Frame] = deque(maxlen=max(1, min(frames_in(seconds), most_bytes // self._bytes)))
        self._part = bytearray()
        self._tracker = VoiceTracker(hang=0)
        self.silence = bytes(self._bytes)
        """One frame of it."""
        self._silent = Frame(self.silence, voiced=False)
        self.end = 0
        """The number of the next frame."""
        self.quiet = 0
        """Frames without voice at the end."""

    @property
    def start(self) -> int:
        """The number of the oldest frame that is still there."""
        return self.end - len(self._frames)

    def push(self, pcm: bytes) -> int:
        """Takes sound of any length; returns how many voiced frames it completed."""
        self._part += pcm
        whole = len(self._part) // self._bytes * self._bytes
        sound = bytes(self._part[:whole])
        del self._part[:whole]
        if sound == bytes(whole):
            self._rest(whole // self._bytes)
            return 0
        return sum(self._add(sound[at : at + self._bytes]) for at in range(0, whole, self._bytes))

    def frames(self, first: int, last: int) -> list[Frame]:
        """Frames `first` to `last` (not included), as far as they are still there."""
        oldest = self.start
        low, high = max(first - oldest, 0), max(min(last, self.end) - oldest, 0)
        if low > len(self._frames) // 2:
            late = list(islice(reversed(self._frames), len(self._frames) - high, len(self._frames) - low))
            return late[::-1]
        return list(islice(self._frames, low, high))

    def voice(self, first: int, last: int) -> int:
        """How many frames from `first` to `last` (not included) are voiced."""
        return sum(frame.voiced for frame in self.frames(first, last))

    def forget(self, before: int) -> None:
        """Frames before this one are not needed any more."""
        for _ in range(min(before - self.start, len(self._frames))):
            self._frames.popleft()

    def quiet_point(self, before: int, within: int) -> int:
        """The last quiet frame of the `within` frames before `before`: about as quiet as the quietest of them."""
        first = max(before - within, self.start)
        frames = self.frames(first, before)
        if not frames:
            return before
        levels = [rms_dbfs(frame.audio) for frame in frames]
        enough = min(levels) + ALIKE_DB
        return first + max(place for place, level in enumerate(levels) if level <= enough)

    def phrase_start(self, before: int) -> int:
        """Where the phrase began that goes on at `before`: after the last pause, else at the quietest point."""
        first = max(before - PHRASE_WITHIN, self.start)
        frames, quiet = self.frames(first, before), 0
        for place in range(len(frames) - 1, -1, -1):
            quiet = 0 if frames[place].voiced else quiet + 1
            if quiet == PHRASE_PAUSE:
                return first + place + PHRASE_PAUSE
        return self.quiet_point(before, PHRASE_WITHIN)

    def next_voice(self, place: int) -> int:
        """The first voiced frame from `place` on, with a little before it; the end if there is none."""
        first = max(place, self.start)
        voiced = (number for number, frame in enumerate(self.frames(first, self.end), start=first) if frame.voiced)
        return max(first, next(voiced, self.end + LEAD) - LEAD)

    def pauses(self, first: int, last: int) -> list[tuple[int, int]]:
        """The ends of the pauses between phrases in `first` to `last`, each with the voiced frames before it."""
        found: list[tuple[int, int]] = []
        voiced = quiet = 0
        for place, frame in enumerate(self.frames(first, last)):
            if not frame.voiced:
                quiet += 1
                continue
            if quiet >= PHRASE_PAUSE and voiced:
                found.append((max(first, self.start) + place, voiced))
            voiced, quiet = voiced + 1, 0
        if quiet >= PHRASE_PAUSE and voiced:
            found.append((last, voiced))
        return found

    def _rest(self, frames: int) -> None:
        """So many frames of digital silence; one of them tells the tracker all."""
        if frames:
            self._tracker.push(self.silence)
            self._frames.extend([self._silent] * frames)
            self.end += frames
            self.quiet += frames

    def _add(self, audio: bytes) -> bool:
        voiced = self._tracker.push(audio)
        self._frames.append(Frame(audio, voiced))
        self.end += 1
        self.quiet = 0 if voiced else self.quiet + 1
        return voiced
