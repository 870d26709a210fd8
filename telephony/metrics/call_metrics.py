"""Counts what calls tell of themselves. Captions, and who somebody is, go by it."""

from telephony.calls.clock import Clock
from telephony.calls.observer import (
    CallMoved,
    CallNews,
    Continuity,
    LanguageHeard,
    LegMoved,
    LineTrouble,
    Reading,
    SessionReady,
    TurnedAway,
)
from telephony.calls.state import CallState, LegState, Outcome
from telephony.engines.base import Degraded, HandedOver, Restored
from telephony.metrics.instruments import (
    FAULT_COUNTS,
    FAULT_TIMES,
    OTHER,
    TURNED_AWAY,
    CallInstruments,
    Result,
    SessionInstruments,
    SoundInstruments,
)
from telephony.metrics.live_calls import LiveCall, LiveCalls

HEARD_ABOVE_DBFS = -70.0
"""Levels below are silence, and say nothing of how loud anything is."""

SOUGHT = (CallState.SUMMONING, CallState.RINGING, CallState.WAITING)


class CallMetrics:
    """A CallObserver. `minute_price` is that of one session's minute."""

    def __init__(
        self,
        calls: CallInstruments,
        sessions: SessionInstruments,
        sound: SoundInstruments,
        live: LiveCalls,
        minute_price: float,
        clock: Clock,
    ) -> None:
        self._calls = calls
        self._sessions = sessions
        self._sound = sound
        self._live = live
        self._minute_price = minute_price
        self._clock = clock

    def tell(self, news: CallNews) -> None:
        match news:
            case CallMoved():
                self._call_moved(news)
            case LegMoved():
                self._leg_moved(news)
            case Continuity():
                self._continuity(news)
            case Reading():
                self._reading(news)
            case SessionReady():
                self._session_ready(news)
            case LineTrouble():
                self._line(news)
            case LanguageHeard():
                self._calls.language_heard.labels(news.speaker).inc()
            case TurnedAway():
                self._calls.turned_away.labels(news.reason if news.reason in TURNED_AWAY else OTHER).inc()

    def _call_moved(self, news: CallMoved) -> None:
        now = self._clock()
        live = self._live.moved(news.call, news.state, now)
        if news.state in SOUGHT and live.sought_at is None:
            live.sought_at = now
        elif news.state is CallState.TALKING:
            if live.sought_at is not None and not live.talked:
                self._calls.answered.observe(now - live.sought_at)
            live.talked = True
        elif news.state is CallState.ENDED:
            self._calls.ended.labels(news.outcome or Outcome.TECHNICAL_PROBLEM).inc()
            self._calls.lasted.observe(now - live.began)

    def _leg_moved(self, news: LegMoved) -> None:
        live = self._live.find(news.call)
        if live is None:
            return
        if news.state is LegState.RINGING:
            live.ringing.setdefault(news.leg, self._clock())
            return
        rang_at = live.ringing.pop(news.leg, None)
        if rang_at is not None and news.state in (LegState.ANSWERED, LegState.JOINED):
            self._calls.leg_answered.labels(news.role).observe(self._clock() - rang_at)

    def _session_ready(self, news: SessionReady) -> None:
        self._sessions.setup.observe(news.setup_s)
        if live := self._live.find(news.call):
            live.sessions[news.speaker] = self._clock()

    def _continuity(self, news: Continuity) -> None:
        live = self._live.find(news.call)
        match news.event:
            case HandedOver():
                self._handed_over(news.event)
            case Degraded():
                self._sessions.degraded.labels(news.event.trouble).inc()
                if live:
                    live.failing.add(news.speaker)
            case Restored():
                self._sessions.source_lost.labels("outage").inc(news.event.lost_ms / 1000)
                if live:
                    live.failing.discard(news.speaker)

    def _handed_over(self, event: HandedOver) -> None:
        result = Result.LOST if event.lost_ms > 0 else Result.REPEATED if event.repeated_ms > 0 else Result.WHOLE
        self._sessions.hand_overs.labels(event.reason, result).inc()
        self._sessions.hand_over_gap.observe(event.gap_ms / 1000)
        self._sessions.source_lost.labels("hand-over").inc(event.lost_ms / 1000)
        self._sessions.source_repeated.inc(event.repeated_ms / 1000)

    def _reading(self, news: Reading) -> None:
        self._sessions.seconds.labels(news.speaker).inc(news.session_s)
        self._sessions.cost.inc(news.session_s / 60 * self._minute_price)
        if live := self._live.find(news.call):
            if news.session_s > 0:
                live.sessions[news.speaker] = self._clock()
            self._span(news, live)
        if not news.resting:
            self._sound.lag.labels(news.speaker).observe(news.lag_s)
            self._sound.own_delay.labels(news.speaker).observe(news.own_delay_s)
        if news.heard_dbfs > HEARD_ABOVE_DBFS:
            self._sound.heard.labels(news.speaker).observe(news.heard_dbfs)
        if news.spoken_dbfs > HEARD_ABOVE_DBFS:
            self._sound.spoken.labels(news.speaker).observe(news.spoken_dbfs)

    def _span(self, news: Reading, live: LiveCall) -> None:
        """A reading repeats the newest span until there is another; each counts once."""
        if news.ear_voice_s is not None and live.ear_voice.get(news.speaker) != news.ear_voice_s:
            live.ear_voice[news.speaker] = news.ear_voice_s
            self._sound.ear_voice.labels(news.speaker).observe(news.ear_voice_s)

    def _line(self, news: LineTrouble) -> None:
        for kind, figure in self._live.new_of_line(news.call, news.leg, news.figures).items():
            if kind in FAULT_COUNTS:
                self._sound.line_faults.labels(news.role, kind).inc(figure)
            elif kind in FAULT_TIMES:
                self._sound.line_fault_seconds.labels(news.role, kind.removesuffix("_ms")).inc(figure / 1000)
