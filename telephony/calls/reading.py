"""How one direction stands, second by second: levels, the ear-voice span, our own delay, what is paid for. PURE

The ear-voice span is the interpreters' own word for how far their voice follows the speaker's. Here it is taken from
the beginning of a phrase, as it came from the speaker's phone, to the beginning of its translation, as it was given to
the listener's playout; what waits there is the listener's lag.
"""

import audioop
from collections import deque

from telephony.audio import silence
from telephony.audio.format import PCMU_8K
from telephony.audio.level import FLOOR_DBFS, VoiceTracker, rms_dbfs
from telephony.audio.packetizer import Packetizer

FRAME_S = 0.02
FRAME = PCMU_8K.bytes_in(20)
QUIET_FRAME = bytes(2 * FRAME)

PAUSE = 0.8
"""Seconds without voice that part two phrases."""

SOONEST, LATEST = 0.3, 20.0
"""Seconds after the beginning of a phrase in which its translation may begin."""

ANSWERED = 1.5
"""Phrases that began so many seconds before a translation ended were part of it: interpreters join sentences."""

MOST_PHRASES = 8
"""Phrases that wait for their translation; of more, the oldest is forgotten."""


class Voice:
    """One stream of PCMU: the loudest 20 ms since `take`, and when phrases begin and end."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """Of voice, so far."""
        self._frames = Packetizer(FRAME)
        self._tracker = VoiceTracker()
        self._loudest = FLOOR_DBFS
        self._voice_until = float("-inf")
        self._speaking = False

    def push(self, pcmu: bytes, begins: float) -> tuple[float | None, float | None]:
        """Sound that begins at `begins`; when a phrase began in it, and when one ended, if any did."""
        began, ended = None, None
        for place, frame in enumerate(self._frames.push(pcmu)):
            at = begins + place * FRAME_S
            if self._is_voiced(frame):
                if not self._speaking:
                    began, self._speaking = at, True
                self._voice_until = at + FRAME_S
            elif self._speaking and at - self._voice_until >= PAUSE:
                ended, self._speaking = self._voice_until, False
        return began, ended

    def take(self) -> float:
        """dBFS of the loudest 20 ms since the last time."""
        loudest, self._loudest = self._loudest, FLOOR_DBFS
        return loudest

    def _is_voiced(self, frame: bytes) -> bool:
        if silence.is_silent(frame):
            return self._tracker.push(QUIET_FRAME)
        pcm = audioop.ulaw2lin(frame, 2)
        self._loudest = max(self._loudest, rms_dbfs(pcm))
        voiced = self._tracker.push(pcm)
        self.seconds += FRAME_S if voiced else 0.0
        return voiced


class EarVoiceSpan:
    """Pairs phrases with translations, in order."""

    def __init__(self) -> None:
        self.newest: float | None = None
        """Seconds; None: nothing has been translated yet."""
        self._begun: deque[float] = deque(maxlen=MOST_PHRASES)

    def phrase(self, at: float) -> None:
        """The speaker began one."""
        self._begun.append(at)

    def translation(self, at: float) -> None:
        """The interpreter began to speak; of the oldest phrase that has not been answered."""
        while self._begun and at - self._begun[0] > LATEST:
            self._begun.popleft()
        if self._begun and at - self._begun[0] >= SOONEST:
            self.newest = at - self._begun.popleft()

    def translated(self, at: float) -> None:
        """The interpreter came to an end."""
        while self._begun and at - self._begun[0] >= ANSWERED:
            self._begun.popleft()


class Meter:
    """One direction's figures. All times are seconds of the one monotonic clock."""

    def __init__(self) -> None:
        self.span = EarVoiceSpan()
        self._heard = Voice()
        self._spoken = Voice()
        self._spoken_until = float("-inf")
        self._own_delay = 0.0

    @property
    def voice(self) -> float:
        """Seconds of the speaker's voice, so far."""
        return self._heard.seconds

    def heard(self, pcmu: bytes, now: float) -> None:
        """Sound came from the speaker; it was said just before."""
        began, _ = self._heard.push(pcmu, now - len(pcmu) / PCMU_8K.rate)
        if began is not None:
            self.span.phrase(began)

    def spoken(self, pcmu: bytes, now: float) -> None:
        """A translation is given to the listener: after what was given before, where that came faster than it plays."""
        begins = max(now, self._spoken_until)
        self._spoken_until = begins + len(pcmu) / PCMU_8K.rate
        began, ended = self._spoken.push(pcmu, begins)
        if ended is not None:
            self.span.translated(ended)
        if began is not None:
            self.span.translation(began)

    def delayed(self, seconds: float) -> None:
        """So long sound was with us on its way."""
        self._own_delay = max(self._own_delay, seconds)

    def take(self) -> tuple[float, float, float]:
        """Since the last time: the loudest of the speaker and of the translation in dBFS, the longest own delay."""
        own_delay, self._own_delay = self._own_delay, 0.0
        return self._heard.take(), self._spoken.take(), own_delay
