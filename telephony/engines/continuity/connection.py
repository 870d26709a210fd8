"""One connection as the hand-over sees it: which part of the speaker's sound is its own, and what it said to it. PURE

It hears the frames from `start` to `until`, and silence before and after: an engine speaks its last words only while
sound keeps coming.
"""

import math
from collections import deque
from dataclasses import dataclass

from telephony.audio.format import AudioFormat
from telephony.audio.level import rms_dbfs
from telephony.engines.base import EngineEvent, Side, Transcript, TranslatedAudio
from telephony.engines.continuity.answered import Answered, Pace
from telephony.engines.continuity.policy import Policy
from telephony.engines.continuity.ring import FRAME_S, Ring
from telephony.engines.continuity.spoken import Spoken
from telephony.engines.continuity.trust import Trust
from telephony.engines.continuity.watch import Watch


@dataclass(frozen=True, slots=True)
class Said:
    """An event with the seconds of voice in it, and of silence since the last voice, as of its end."""

    event: EngineEvent
    voice: float
    silence: float


class Connection:
    """Waits, hearing silence, until `begin`; drains from `stop` on; is `done` when it has said what it had to say."""

    def __init__(
        self,
        number: int,
        target_language: str,
        spoken_format: AudioFormat,
        chunk_frames: int,
        policy: Policy,
        ring: Ring,
        pace: Pace,
        trust: Trust,
        opened_at: float,
    ) -> None:
        self.number = number
        self.opened_at = opened_at
        self.watch = Watch(policy, target_language, spoken_format, trust)
        self.spoken = Spoken(spoken_format)
        self.answered = Answered(ring, pace, ring.end)
        self.start: int | None = None
        self.until: int | None = None
        self.stopped_at = math.inf
        self.deadline: float | None = None
        """When the other side ends it, if that is known."""
        self.done_at: float | None = None
        self.on_trial = False
        """Nothing it says is passed on until it has proved that it interprets."""
        self.steady = False
        """It has lived for long enough to count as a good one."""
        self.began_at = opened_at
        self.cursor = ring.end
        """The next frame to be sent."""
        self.missed = 0
        """Frames that were forgotten before they could be sent."""
        self.held: deque[Said] = deque()
        self.held_seconds = 0.0
        self.holding_since: float | None = None
        """When it said the first word that is held back."""
        self._policy = policy
        self._ring = ring
        self._pace = pace
        self._chunk = chunk_frames
        self._next_send = -math.inf
        self._sounds_until = -math.inf
        """When the last message ends, played as it comes."""

    @property
    def draining(self) -> bool:
        """It hears nothing new, and may still have something to say."""
        return self.until is not None and self.done_at is None

    @property
    def fed(self) -> bool:
        """The speaker's sound is, or was, its own to answer."""
        return self.start is not None

    def begin(self, place: int, now: float) -> None:
        """The speaker's sound is its own from `place` on."""
        self.start = self.cursor = place
        self.began_at = now
        self.answered = Answered(self._ring, self._pace, place)

    def stop(self, place: int, now: float) -> None:
        """The sound from `place` on is somebody else's; what has been sent already, it has heard."""
        self.until = max(place, self.cursor)
        self.answered.relieve(place)
        self.stopped_at = now

    def feed_due(self) -> float | None:
        """When its next chunk is to be sent; None: not before more sound comes."""
        return self._next_send if self._ring.end - self.cursor >= self._chunk else None

    def feed(self, now: float) -> bytes | None:
        """Its next chunk, if one is due. While it is behind, chunks are due faster than they were said."""
        due = self.feed_due()
        if due is None or now < due:
            return None
        first, last = self.cursor, self.cursor + self._chunk
        behind = self._ring.end - last >= self._chunk
        self._next_send = now + (self._chunk * FRAME_S / self._policy.replay_factor if behind else 0.0)
        self.cursor = last
        return self._chunk_of(first, last, now)

    def say(self, event: EngineEvent, now: float) -> Said:
        """Takes what it sent; the watch is told."""
        voice = 0.0
        self.watch.messaged(now)
        if isinstance(event, TranslatedAudio):
            voice = self.spoken.take(event.audio)
            self._sounds_until = max(self._sounds_until, now) + self.spoken.seconds(event.audio)
            self.watch.said(event.audio, voice, now)
        elif isinstance(event, Transcript):
            if event.side is Side.SPOKEN:
                self.watch.said_words(event.language)
            else:
                self.answered.transcribed(foreign=not self.watch.heard_words(event.language))
        return Said(event, voice, self.spoken.silence)

    def hold(self, said: Said, now: float) -> None:
        """Keeps what it said for later; sound before its first word need not be kept."""
        event = said.event
        if isinstance(event, TranslatedAudio):
            if self.holding_since is None:
                if not said.voice:
                    return
                self.holding_since = now
                event = TranslatedAudio(self.spoken.from_first_voice(event.audio))
            self.held_seconds += self.spoken.seconds(event.audio)
        self.held.append(Said(event, said.voice, said.silence))

    def release(self) -> list[Said]:
        """Everything that was held back."""
        released = list(self.held)
        self.held.clear()
        self.held_seconds, self.holding_since = 0.0, None
        return released

    def silence(self, now: float) -> float:
        """Seconds for which it has said nothing."""
        since_last = max(0.0, now - self._sounds_until)
        return min(self.spoken.silence + since_last, now - self.began_at)

    def _chunk_of(self, first: int, last: int, now: float) -> bytes:
        mine = range(
            max(first, last if self.start is None else self.start),
            last if self.until is None else min(last, self.until),
        )
        if not mine:
            self.watch.heard(0, now)
            return self._ring.silence * self._chunk
        there = max(mine.start, min(self._ring.start, mine.stop))
        self.missed += there - mine.start
        frames = self._ring.frames(there, mine.stop)
        voiced = [there + place for place, frame in enumerate(frames) if frame.voiced]
        self.answered.heard(mine.stop, voiced[-1] + 1 if voiced else None, now)
        self.watch.heard(len(voiced), now, [rms_dbfs(frame.audio) for frame in frames])
        sound = b"".join(frame.audio for frame in frames)
        return self._ring.silence * (there - first) + sound + self._ring.silence * (last - mine.stop)
