"""What a session says: one translation after the other, in messages of 250 ms that never stop once they have begun.

Live Translate sends a message about every 250 ms from its first sound on, all zeros while it has nothing to say, and
never marks a turn as complete (measured by several projects that bridge to it; no documentation page says so).

A translation that is longer than it should be is sent as fast as one that is not, in messages that follow on each
other sooner: who listens to it falls behind, and not the interpreter.
"""

from collections import deque
from collections.abc import Iterator

from telephony.simulator.live_api.captions import Caption
from telephony.simulator.live_api.lines import SPOKEN_RATE, KnownLine, Speech
from telephony.simulator.live_api.outputs import Audio, OutputTranscript
from telephony.simulator.live_api.report import ReportEvent, TranslationBegan, TranslationEnded

MESSAGE_S = 0.25
MESSAGE_SAMPLES = round(SPOKEN_RATE * MESSAGE_S)


class Utterance:
    """A speech that is said from a share of it (0 to 1) on, as far as what has been heard allows.

    `goes_on`: what lies before that share is another utterance.
    """

    def __init__(
        self, line: KnownLine, speech: Speech, share: float, ready_at: float, *, goes_on: bool = False
    ) -> None:
        self.line = line
        self.speech = speech
        self.ready_at = ready_at
        self.position = speech.border(share)
        """The next sample to be said."""
        self.sounded_until: float | None = None
        self._limit = self.position
        self._closed = False
        seconds = speech.samples / SPOKEN_RATE
        self._caption = Caption(speech.text, seconds, speech.share(self.position), goes_on=goes_on)

    def allow(self, share: float) -> None:
        """It may be said up to the last quiet point within this share."""
        self._limit = max(self._limit, self.speech.border(share))

    def close(self) -> None:
        """No more will be allowed."""
        self._closed = True

    @property
    def sayable(self) -> bool:
        return self._limit > self.position

    @property
    def over(self) -> bool:
        return self._closed and not self.sayable

    def take(self) -> bytes:
        """At most one message of sound."""
        end = min(self.position + MESSAGE_SAMPLES, self._limit)
        sound = self.speech.sound[2 * self.position : 2 * end]
        self.position = end
        return sound

    def words(self) -> str:
        """The transcript of what has been said since the last time, once it is worth a delta."""
        return self._caption.upto(self.speech.share(self.position), last=self.over)


class Speaking:
    """One session's mouth. What it begins and ends is added to `report`."""

    def __init__(self, report: list[ReportEvent]) -> None:
        self._report = report
        self._queue: deque[Utterance] = deque()
        """Grows with what is heard of known lines, hence no faster than sound arrives."""
        self._next_at: float | None = None
        self._said = 0

    def queue(self, utterance: Utterance) -> None:
        self._queue.append(utterance)

    def begin(self, now: float) -> None:
        """Sends messages from now on, whether there is something to say or not."""
        if self._next_at is None:
            self._next_at = now

    def next_due(self) -> float | None:
        if self._next_at is not None:
            return self._next_at
        first = next((utterance for utterance in self._queue if not utterance.over), None)
        return first.ready_at if first and first.sayable else None

    def due(self, now: float) -> Iterator[Audio | OutputTranscript]:
        """Every message that should have been sent by now, each on its own tick of 250 ms."""
        while (at := self.next_due()) is not None and at <= now:
            utterance = self._sounding(at)
            self._next_at = at + MESSAGE_S / (utterance.line.pace if utterance else 1.0)
            yield from self._message(utterance, at)

    def _message(self, utterance: Utterance | None, at: float) -> Iterator[Audio | OutputTranscript]:
        if utterance is None:
            yield self._audio(at, b"", None, 0)
            return
        if utterance.sounded_until is None:
            self._report.append(TranslationBegan(utterance.line.id, at))
        position = utterance.position
        sound = utterance.take()
        utterance.sounded_until = at + len(sound) / 2 / SPOKEN_RATE
        yield self._audio(at, sound, utterance.line.id, position)
        if words := utterance.words():
            yield OutputTranscript(at, words, utterance.speech.language)

    def _sounding(self, at: float) -> Utterance | None:
        """The utterance that has sound for the message of this tick."""
        while self._queue and self._queue[0].over:
            self._finish(self._queue.popleft())
        first = self._queue[0] if self._queue else None
        return first if first and first.ready_at <= at and first.sayable else None

    def _finish(self, utterance: Utterance) -> None:
        if utterance.sounded_until is not None:
            whole = utterance.position == utterance.speech.samples
            self._report.append(TranslationEnded(utterance.line.id, utterance.sounded_until, whole))

    def _audio(self, at: float, sound: bytes, line: str | None, position: int) -> Audio:
        audio = Audio(at, sound.ljust(2 * MESSAGE_SAMPLES, b"\0"), self._said, line, position)
        self._said += MESSAGE_SAMPLES
        return audio
