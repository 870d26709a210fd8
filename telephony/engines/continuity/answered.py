"""What of the speaker's sound has been answered: an estimate, for no engine says which words it is translating. PURE

Known are, by level, how much voice a connection has heard and how much it has spoken, and when either paused. From
these:

- As much has been answered as was spoken, divided by the pace: seconds of translation for a second of speech, learnt
  from every stretch that was answered to its end. It begins as PRIOR, a little long: words are better heard twice
  than not at all.
- A pause in what is spoken is taken for the pause between phrases that lies nearest in what was heard, if one is near.
  From there counting begins anew, so errors do not add up.
- When both sides have been quiet and all that was heard is accounted for, it is answered. While the engine is quiet so
  is what it heard LONG ago: what was voice by its level may have been no speech.
- Voice that an engine with transcripts gives no transcript of was no speech: nothing is owed for it.
- Words heard in the target language itself are not translated by an engine that does not echo. When such a transcript
  comes while the engine is silent, nothing more is due for what it has heard.

A replay begins at the start of the phrase that holds the estimate, less a slack, so what is heard twice is the phrase
in flight.
"""

from collections import deque

from telephony.engines.continuity.ring import FRAME_S, Ring, frames_in

PRIOR = 1.1
PRIOR_S = 4.0
"""Seconds of speech that the prior weighs as much as."""
MEMORY_S = 60.0
"""Seconds of speech from which the pace is known; older ones fade."""
PACES = (0.5, 2.5)
"""A pace outside of these is a mistake of the estimate."""

SPOKEN_PAUSE = 0.4
"""Seconds of silence in what is spoken that may be the end of a phrase."""
QUIET = 1.2
"""Seconds of silence on both sides after which everything may have been answered."""
LONG = 8.0
"""Seconds after which nothing is to be expected any more for voice that was heard, once the engine is quiet; longer
than silence is taken for an answer (`Policy.unanswered_for`)."""
CLEAR = 2.0
"""A pause is the one that was meant if the next best lies so many times further off."""
EVEN = 0.1
"""Seconds of voice that are a click rather than a word."""
KEPT_BASES = 16
VOICE_LOG = 512
SLACK_S = 0.3
SLACK = 0.05
"""A replay begins so much earlier than the estimate, and by this share of what was counted since it was last sure."""


class Pace:
    """Seconds of translation for a second of speech, shared by the connections of a session."""

    def __init__(self) -> None:
        self._heard, self._spoken = PRIOR_S, PRIOR_S * PRIOR
        self.transcribes = False
        """The engine gives transcripts of what it hears."""

    @property
    def ratio(self) -> float:
        return min(max(self._spoken / self._heard, PACES[0]), PACES[1])

    def tolerance(self, seconds: float) -> float:
        """How far an estimate may be off after so many seconds of voice: by half at first, by a fifth when learnt."""
        return max(0.4, (0.2 + 0.3 * PRIOR_S / self._heard) * seconds)

    def learn(self, heard: float, spoken: float) -> None:
        """A stretch that was answered to its end, in seconds of voice. Short ones say little and are left out."""
        if heard < 1.0 or not PACES[0] <= spoken / heard <= PACES[1]:
            return
        self._heard, self._spoken = self._heard + heard, self._spoken + spoken
        if self._heard > MEMORY_S:
            fade = MEMORY_S / self._heard
            self._heard, self._spoken = self._heard * fade, self._spoken * fade


class Answered:
    """One connection's answers. Places are frame numbers of the ring."""

    def __init__(self, ring: Ring, pace: Pace, start: int) -> None:
        self.base = start
        """Everything before it is answered for certain, or was somebody else's to answer."""
        self._ring = ring
        self._pace = pace
        self._heard_until = start
        self._voice_until = start
        self._words_until = start
        """What had been heard when the last transcript of it came."""
        self._voice_at = self._spoke_at = float("-inf")
        self._voice_log: deque[tuple[float, int]] = deque(maxlen=VOICE_LOG)
        """When voice was heard, and up to where."""
        self._spoken = 0.0
        """Seconds of voice spoken since `base`."""
        self._silence = float("inf")
        """Seconds of silence in what was spoken last."""
        self._earlier: deque[tuple[float, int]] = deque([(0.0, start)], maxlen=KEPT_BASES)
        """What had been spoken in all when each of the last bases was set, and the base."""

    def heard(self, until: int, voice_until: int | None, now: float) -> None:
        """It has been sent the frames before `until`; the last of them that is voiced is just before `voice_until`."""
        self._heard_until = until
        if voice_until is not None:
            self._voice_until, self._voice_at = voice_until, now
            self._voice_log.append((now, voice_until))

    def spoke(self, voice: float, silence: float, now: float) -> None:
        """The listener was given so much voice, and there was silence for so long since the last (both seconds)."""
        if voice:
            self._spoken += voice
            self._spoke_at = now
        paused = silence >= SPOKEN_PAUSE and (voice > 0 or self._silence < SPOKEN_PAUSE)
        self._silence = silence
        if paused:
            self._at_a_pause()
        if silence >= QUIET and self._voice_until > self.base:
            self._settle(now)

    def relieve(self, place: int) -> None:
        """What it heard from `place` on is somebody else's to answer."""
        self._voice_until = min(self._voice_until, place)

    def transcribed(self, *, foreign: bool) -> None:
        """A transcript of something it heard came. What is not `foreign` needs no translation."""
        self._pace.transcribes = True
        if foreign:
            self._words_until = self._heard_until
        elif self._silence >= QUIET:
            self._begin_at(self._heard_until)

    def estimate(self) -> int:
        """The frame up to which all has been answered, as far as can be told."""
        return self._after(self._spoken / self._pace.ratio)

    def replay_from(self) -> int:
        """Where somebody else has to begin so that nothing is missed."""
        sure = self._spoken * (1 - SLACK) - SLACK_S
        return max(self.base, self._ring.phrase_start(self._after(sure / self._pace.ratio)))

    def owes(self) -> bool:
        """Whether more was heard than was answered, by more than the estimate may be wrong."""
        if self._pace.transcribes and self._words_until <= self._ring.next_voice(self.base):
            return False
        counted = self._voice_left()
        return counted - self._spoken / self._pace.ratio > self._pace.tolerance(counted)

    def settled(self) -> bool:
        """Whether everything it heard was answered for all one can tell: not even a short last phrase is missing."""
        _, voiced = self._pauses(self._spoken / self._pace.ratio)[0]
        return not self.owes() and self._voice_left() - voiced <= EVEN

    def without(self, voice: float) -> None:
        """The last so many seconds of voice that were spoken were no translation."""
        spoken = self._earlier[-1][0] + self._spoken - voice
        while len(self._earlier) > 1 and self._earlier[-1][0] > spoken:
            self._earlier.pop()
        before, self.base = self._earlier[-1]
        self._spoken = max(0.0, spoken - before)

    def _voice_left(self) -> float:
        """Seconds of voice it has heard since `base`."""
        return self._ring.voice(self.base, self._voice_until) * FRAME_S

    def _pauses(self, reached: float) -> list[tuple[int, float]]:
        """The pauses in what it heard with the voice since `base`, that nearest to `reached` first. `base` is one."""
        pauses = [(place, voiced * FRAME_S) for place, voiced in self._ring.pauses(self.base, self._heard_until)]
        return sorted([(self.base, 0.0), *pauses], key=lambda pause: abs(pause[1] - reached))

    def _at_a_pause(self) -> None:
        """Counts anew from the nearest pause in what was heard, if no other is nearly as near."""
        reached = self._spoken / self._pace.ratio
        (place, voiced), *others = self._pauses(reached)
        off = abs(voiced - reached)
        if others and abs(others[0][1] - reached) < CLEAR * off:
            return
        if voiced and off <= self._pace.tolerance(reached):
            self._pace.learn(voiced, self._spoken)
            self._begin_at(place)

    def _settle(self, now: float) -> None:
        old = self.base
        while self._voice_log and self._voice_log[0][0] <= now - LONG:
            old = self._voice_log.popleft()[1]
        if old >= self._voice_until or (self._spoke_at > self._voice_at <= now - QUIET and self.settled()):
            self._pace.learn(self._voice_left(), self._spoken)
            self._begin_at(self._heard_until)
        elif old > self.base:
            self._begin_at(old)

    def _begin_at(self, place: int) -> None:
        self.base = max(self.base, place)
        self._earlier.append((self._earlier[-1][0] + self._spoken, self.base))
        self._spoken = 0.0

    def _after(self, voice: float) -> int:
        """The place after so many seconds of voice, counted from `base`."""
        left = frames_in(voice)
        first = max(self.base, self._ring.start)
        if left <= 0:
            return self.base
        for place, frame in enumerate(self._ring.frames(first, self._heard_until), start=first):
            left -= frame.voiced
            if left == 0:
                return place + 1
        return self._heard_until
