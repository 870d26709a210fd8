"""The interpreter of one session, as a scenario: it says the translation of each line that it really hears.

Pure: `now` is a parameter, and `next_due()` says when `due(now)` will have something to give.

A line is understood piece by piece. When about a second of it has arrived unbroken it is recognised; `lag` seconds
later its translation begins, and goes on at its own pace, but never further than the share of the line heard so far:
it then waits at a quiet point. A pause within a line may be longer or shorter than it was. A line that breaks off
is translated up to the break; where it comes back it is translated on from there. Speech that no line matches gets no
translation, and is reported once a stretch.
"""

from collections import deque
from collections.abc import Iterable

from telephony.simulator.live_api import report
from telephony.simulator.live_api.captions import Caption
from telephony.simulator.live_api.following import Missing, Run, RunEnded, RunGrew
from telephony.simulator.live_api.hearing import Hearing, Step
from telephony.simulator.live_api.lines import HEARD_RATE, KnownLine, Speech
from telephony.simulator.live_api.outputs import InputTranscript, Output
from telephony.simulator.live_api.search import LineSearch
from telephony.simulator.live_api.speaking import Speaking, Utterance
from telephony.simulator.live_api.stream import Arrivals


class Knowledge:
    """The lines that matter to sessions with one target language, ready to be looked up.

    Without a target language it knows none, and a session is silent: it looks healthy and sends zeros, as the real
    model does without a translationConfig.
    """

    def __init__(self, lines: Iterable[KnownLine], target_language: str | None) -> None:
        self.target_language = target_language
        self.lines = tuple(line for line in lines if line.pieces and target_language in (line.into, line.language))
        self.search = LineSearch(self.lines)

    def speech(self, line: KnownLine, *, echo: bool) -> Speech | None:
        """What is said when this line is heard: nothing if it is in the target language already, and echo is off."""
        if line.language == self.target_language:
            return line.original if echo else None
        return line.translation


class _Interpretation:
    """What comes of one run: its input transcript, and the utterance that follows it, if it is to be said."""

    def __init__(self, run: Run, utterance: Utterance | None) -> None:
        self._run = run
        self._utterance = utterance
        seconds = run.line.sound.size / HEARD_RATE
        self._caption = Caption(run.line.text, seconds, run.share(run.first), goes_on=run.goes_on)

    def grow(self, now: float, *, last: bool) -> Iterable[InputTranscript]:
        share = self._run.share(self._run.heard)
        if self._utterance:
            self._utterance.allow(share)
            if last:
                self._utterance.close()
        if words := self._caption.upto(share, last=last):
            yield InputTranscript(now, words, self._run.line.language)


class LiveModel:
    """One session's interpreter."""

    def __init__(self, knowledge: Knowledge, *, echo: bool = False) -> None:
        self.report: list[report.ReportEvent] = []
        self.arrivals = Arrivals()
        self._knowledge = knowledge
        self._echo = echo
        self._hearing = Hearing(knowledge.lines, knowledge.search)
        self._speaking = Speaking(self.report)
        self._interpretations: dict[Run, _Interpretation] = {}
        self._transcripts: deque[InputTranscript] = deque()
        """Waiting for the next `due`; a handful of words for each second heard."""

    def hear(self, pcm16k: bytes, now: float) -> None:
        """The next sound, 16-bit little-endian mono at 16 kHz."""
        self.arrivals.add(now, len(pcm16k) // 2)
        if self._knowledge.target_language is None:
            self._speaking.begin(now)
        for step in self._hearing.hear(pcm16k):
            self._take(step, now)

    def begin(self, now: float) -> None:
        """Sends messages from now on, whether there is something to say or not."""
        self._speaking.begin(now)

    def line(self, name: str) -> KnownLine:
        """A line that this session may recognise, by its name."""
        return next(line for line in self._knowledge.lines if line.id == name)

    def end(self, now: float) -> None:
        """The session is over: reports what was under way."""
        for step in self._hearing.end():
            self._take(step, now)

    def next_due(self) -> float | None:
        return self._transcripts[0].at if self._transcripts else self._speaking.next_due()

    def due(self, now: float) -> list[Output]:
        """Everything that should have been sent by now, in order."""
        outputs: list[Output] = []
        while self._transcripts and self._transcripts[0].at <= now:
            outputs.append(self._transcripts.popleft())
        return [*outputs, *self._speaking.due(now)]

    def _take(self, step: Step, now: float) -> None:
        match step:
            case RunGrew(run):
                self._grow(run, now)
            case RunEnded(run):
                if interpretation := self._interpretations.pop(run, None):
                    self._transcripts.extend(interpretation.grow(now, last=True))
            case Missing(line, from_s):
                self.report.append(report.PieceMissing(line.id, now, from_s))
            case unknown:
                began = self.arrivals.at(unknown.sample)
                self.report.append(report.UnknownSpeech(began, unknown.seconds))

    def _grow(self, run: Run, now: float) -> None:
        if not run.understood:
            return
        if run not in self._interpretations:
            self._interpretations[run] = self._recognise(run, now)
        self._transcripts.extend(self._interpretations[run].grow(now, last=run.whole))

    def _recognise(self, run: Run, now: float) -> _Interpretation:
        first = max(run.start + (run.line.pieces[run.first].start if run.first else 0), 0)
        position = (first - run.start) / HEARD_RATE
        self.report.append(report.LineRecognised(run.line.id, now, self.arrivals.at(first), first, position))
        speech = self._knowledge.speech(run.line, echo=self._echo)
        if speech is None:
            return _Interpretation(run, None)
        ready_at = now if run.goes_on else now + run.line.lag
        utterance = Utterance(run.line, speech, run.share(run.first), ready_at, goes_on=run.goes_on)
        self._speaking.queue(utterance)
        return _Interpretation(run, utterance)
