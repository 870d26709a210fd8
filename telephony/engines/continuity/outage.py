"""When no connection hears the speaker: why, whether another is asked for, and when it is said that there is none. PURE

The first loss is made good at once. Connections that cannot be had or do not last are asked for at ever longer
intervals, by kind of trouble; what will not change is asked for once. Two in a row that look healthy and do not
interpret, or FAILURES that could not be had, mean that the session is degraded, until one proves that it interprets;
but two that are silent to what is not talk are believed (`trust`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from telephony.engines.base import Degraded, EngineEvent, Reason, Restored, SessionLost, Trouble
from telephony.engines.continuity.connection import Connection
from telephony.engines.continuity.policy import Backoff, Policy
from telephony.engines.continuity.report import Report
from telephony.engines.continuity.ring import FRAME_MS, Ring
from telephony.engines.continuity.trust import Trust

BROKEN_OFF = 0.2
"""Seconds of voice that a connection which fell silent may not have said to its end: its last phrase is in doubt."""

STRIKES = 2
FAILURES = 3


@dataclass(slots=True)
class Outage:
    """Nobody hears the speaker since `at`.

    Who comes next begins at `place`; None: with what is said then. `repeated` frames of voice from there on have been
    answered already.
    """

    reason: Reason
    at: float
    place: int | None
    repeated: int
    trouble: Trouble
    detail: str


class Outages:
    """What went wrong lately, and whether there is interpretation at all."""

    def __init__(self, policy: Policy, ring: Ring, report: Report, tell: Callable[[EngineEvent], None]) -> None:
        self.now: Outage | None = None
        self.degraded: Trouble | None = None
        """Why there is no interpretation, if that has been said."""
        self.refusal: SessionLost | None = None
        """Why it is no use to ask for another connection."""
        self.backoff = Backoff(policy)
        self.trust = Trust()
        self._policy = policy
        self._ring = ring
        self._report = report
        self._tell = tell
        self._strikes = 0
        self._lost_voice = 0
        """Voiced frames since the degradation that nobody interprets."""

    def heard(self, voiced: int) -> None:
        """So many voiced frames came, and nobody heard them."""
        if self.degraded:
            self._lost_voice += voiced

    def begin(self, lost: Connection, reason: Reason, trouble: Trouble, detail: str, now: float) -> None:
        """The connection that heard the speaker is gone, or no good."""
        broken_off = BROKEN_OFF if reason is Reason.UNANSWERED else 0.0
        lost.answered.without(max(lost.watch.untranslated, broken_off))
        place = lost.answered.replay_from()
        repeated = self._ring.voice(place, lost.answered.estimate())
        self.now = Outage(reason, now, self._ring.next_voice(place), repeated, trouble, detail)
        if self.degraded:
            self.now.place = None
            self._lost_voice += self._ring.voice(lost.start or 0, self._ring.end)
        self._count(lost, now)

    def refused(self, trouble: Trouble, detail: str, now: float) -> None:
        """Another connection cannot be had."""
        self.backoff.failed(trouble, now)
        if trouble.fatal:
            self.refusal = SessionLost(trouble, detail)
        if self.now:
            self.now.trouble, self.now.detail = trouble, detail
            if trouble is Trouble.QUOTA:
                self._degrade()

    def check(self, now: float) -> None:
        """Without a connection for too long, or after too many tries: says so."""
        if self.now and (now - self.now.at >= self._policy.degrade_after or self.backoff.failures >= FAILURES):
            self._degrade()

    def end(self) -> Outage | None:
        """There is a connection again; on trial, if the session is degraded."""
        outage, self.now = self.now, None
        return outage

    def try_connection(self, current: Connection, now: float) -> bool:
        """Looks at the connection that hears the speaker; True if its trial is over and it may speak."""
        if not current.steady and not current.on_trial and now - current.opened_at >= self._policy.steady_after:
            current.steady = True
            self.backoff.worked()
        if current.watch.steady(now):
            self._strikes = 0
        lives = self.degraded is not Trouble.UNFIT and now - current.began_at >= self._policy.proven_after
        if not current.on_trial or not (lives or current.watch.proven):
            return False
        current.on_trial, self.degraded = False, None
        lost_ms, self._lost_voice = float(self._lost_voice * FRAME_MS), 0
        self._report.lost_ms += lost_ms
        self._tell(Restored(lost_ms))
        return True

    def _count(self, lost: Connection, now: float) -> None:
        assert self.now is not None
        trouble = self.now.trouble
        if trouble is Trouble.UNFIT:
            self._strikes += 1
            if self._strikes >= STRIKES:
                self._give_up(lost, now)
        elif lost.steady:
            self.backoff.hurry(now)
        elif trouble.fatal:
            self.refusal = SessionLost(trouble, self.now.detail)
        else:
            self.backoff.failed(trouble, now)

    def _give_up(self, lost: Connection, now: float) -> None:
        """Two in a row: either no connection is any good, or what the speaker's line carries is no talk."""
        assert self.now is not None
        if self.now.reason is Reason.UNANSWERED and not lost.watch.talk_like:
            self.trust.given, self._strikes = True, 0
            return
        self.backoff.failed(self.now.trouble, now)
        self._degrade()

    def _degrade(self) -> None:
        """What is said from now on is not made up for: the parties have to be told, or connected directly."""
        outage = self.now
        if outage is None:
            return
        if self.degraded:
            self.degraded = Trouble.UNFIT if outage.trouble is Trouble.UNFIT else self.degraded
            return
        self.degraded = outage.trouble
        self._report.degraded += 1
        if outage.place is not None:
            self._lost_voice = self._ring.voice(outage.place, self._ring.end)
            outage.place = None
        self._tell(Degraded(outage.trouble, outage.detail))
