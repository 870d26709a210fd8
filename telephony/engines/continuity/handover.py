"""Who hears the speaker, over as many connections as it takes: decisions from events and `now`. PURE

Planned: a new connection is opened and hears silence; in a pause of the speaker the sound becomes its own, and the old
one drains: it says what it has heard, then the new one is heard (`floor`). Unplanned: what the lost one has not
answered, and all later sound, becomes the new one's own (`outage`). A connection that is lost while it drains takes
the later ones with it: nobody has heard them yet, and the ring has the sound.
"""

import math
from collections import deque
from collections.abc import Callable

from telephony.audio.format import AudioFormat
from telephony.engines.base import EngineEvent, GoAway, HandedOver, Reason, SessionLost, Trouble
from telephony.engines.continuity.actions import Action, Close, Open, Tell
from telephony.engines.continuity.answered import Pace
from telephony.engines.continuity.connection import Connection
from telephony.engines.continuity.floor import Floor
from telephony.engines.continuity.outage import Outages
from telephony.engines.continuity.policy import Policy
from telephony.engines.continuity.report import Report
from telephony.engines.continuity.ring import FRAME_MS, FRAME_S, Ring, frames_in

QUIET_WITHIN = frames_in(2.0)
"""Where no pause can be waited for, the speaker's sound is handed over at the last quiet point of so many frames."""

LOOK_AGAIN = 0.2
"""Seconds between looks while something is under way."""
LOOK_ANYWAY = 2.0


class HandOver:
    """Call what happened, then carry out `actions()`; call `tick` at `next_due`."""

    def __init__(
        self,
        target_language: str,
        formats: tuple[AudioFormat, AudioFormat],
        chunk_ms: int,
        policy: Policy,
        rotate_after: Callable[[float], float],
    ) -> None:
        """`formats`: of the speaker's sound and of the engine's. `rotate_after`: when a connection opened then ages."""
        self.report = Report()
        self.over = False
        self._target_language = target_language
        self._spoken_format = formats[1]
        self._chunk_frames = max(1, round(chunk_ms / FRAME_MS))
        self._policy = policy
        self._rotate_after = rotate_after
        self._ring = Ring(formats[0], policy.ring_seconds, policy.ring_bytes)
        self._pace = Pace()
        self._floor = Floor(policy, self.report, self._tell)
        self._outages = Outages(policy, self._ring, self.report, self._tell)
        self._actions: deque[Action] = deque()
        """Fetched after each call."""
        self._opening = False
        self._planned: tuple[Reason, float] | None = None
        """Why a replacement is wanted while there is a connection, and since when."""

    def source(self, pcm: bytes, now: float) -> None:
        """The speaker's next sound."""
        voiced = self._ring.push(pcm)
        if self._floor.current is None:
            self._outages.heard(voiced)
        self._decide(now)

    def opened(self, now: float) -> int:
        """The connection that was asked for is set up; returns its number."""
        self._opening = False
        self.report.opened += 1
        connection = Connection(
            self.report.opened,
            self._target_language,
            self._spoken_format,
            self._chunk_frames,
            self._policy,
            self._ring,
            self._pace,
            self._outages.trust,
            now,
        )
        self._floor.connections.append(connection)
        if self._floor.current is None:
            self._take_up(connection, now)
        self._decide(now)
        return connection.number

    def refused(self, trouble: Trouble, detail: str, now: float) -> None:
        """The connection that was asked for cannot be had."""
        self._opening = False
        self.report.refused[trouble] += 1
        self._outages.refused(trouble, detail, now)
        self._decide(now)

    def event(self, number: int, event: EngineEvent, now: float) -> None:
        """A connection sent something."""
        if (connection := self._floor.numbered(number)) is None:
            return
        said = connection.say(event, now)
        match event:
            case SessionLost():
                self._lose(connection, Reason.LOST, event.trouble, event.detail, now)
            case GoAway():
                left = self._policy.unknown_deadline if event.seconds_left is None else event.seconds_left
                connection.deadline = now + left
            case _:
                self._floor.give(connection, said, now)
        self._decide(now)

    def stuck(self, number: int, now: float) -> None:
        """A connection takes no more sound."""
        if connection := self._floor.numbered(number):
            self._lose(connection, Reason.STUCK, Trouble.TIMED_OUT, "it takes no more sound", now)
        self._decide(now)

    def tick(self, now: float) -> None:
        """Time has passed."""
        self._decide(now)

    def actions(self) -> list[Action]:
        """What is to be done now, in order; each is given once."""
        actions = list(self._actions)
        self._actions.clear()
        return actions

    def next_due(self, now: float) -> float:
        """When to `tick` at the latest."""
        current = self._floor.current
        if current is None or current.on_trial or len(self._floor.connections) > 1:
            return now + LOOK_AGAIN
        due = min(self._rotates_at(current), current.watch.next_due() or math.inf)
        return min(max(due, now + LOOK_AGAIN), now + LOOK_ANYWAY)

    def feed(self, number: int, now: float) -> bytes | None:
        """The chunk that a connection is to be sent now, if any."""
        if (connection := self._floor.numbered(number)) is None:
            return None
        chunk = connection.feed(now)
        self.report.lost_ms += connection.missed * FRAME_MS
        connection.missed = 0
        return chunk

    def feed_due(self, number: int) -> float | None:
        """When `feed` has something; None: not before more sound comes."""
        connection = self._floor.numbered(number)
        return connection.feed_due() if connection else None

    def _decide(self, now: float) -> None:
        if self.over:
            return
        self._look(now)
        self._floor.drain(now)
        if endless := self._floor.endless(now):
            self._lose(endless, Reason.STALLED, Trouble.TIMED_OUT, "it did not come to an end", now)
        current = self._floor.current
        if current and self._outages.try_connection(current, now):
            self._floor.let_speak(now)
        self._try_switch(now)
        self._try_open(now)
        self._outages.check(now)
        if self._outages.now and self._outages.refusal:
            self._end(self._outages.refusal)
        self._tidy(now)

    def _look(self, now: float) -> None:
        for connection in list(self._floor.connections):
            if self._floor.numbered(connection.number) and (reason := connection.watch.alarm(now)):
                self._lose(connection, reason, Trouble.UNFIT, f"it looks healthy, but: {reason}", now)

    def _try_switch(self, now: float) -> None:
        """Gives the speaker to the replacement, in a pause if there is time to wait for one."""
        current, standby = self._floor.current, self._floor.standby
        if not (current and standby and self._planned):
            return
        reason, since = self._planned
        left = min(since + self._policy.age_patience, current.deadline or math.inf) - now
        wanted = frames_in(self._policy.silence_wanted(left))
        if self._ring.quiet < wanted or (wanted and self._floor.draining):
            return
        end = self._ring.end
        place = end if wanted else self._ring.quiet_point(end, QUIET_WITHIN)
        current.stop(place, now)
        standby.begin(place, now)
        self._planned = None
        self._floor.take_over(reason, self._ring.quiet * FRAME_S if wanted else 0.0, end - place)

    def _try_open(self, now: float) -> None:
        current = self._floor.current
        if current and not (self._planned or self._outages.degraded) and now >= self._rotates_at(current):
            self._planned = Reason.AGE if current.deadline is None else Reason.GO_AWAY, now
        wanted = current is None or (self._planned and self._floor.standby is None)
        if wanted and not self._opening and now >= self._outages.backoff.not_before:
            self._opening = True
            self._actions.append(Open())

    def _rotates_at(self, connection: Connection) -> float:
        """When a replacement is wanted: at once after a GoAway."""
        return self._rotate_after(connection.opened_at) if connection.deadline is None else -math.inf

    def _lose(self, connection: Connection, reason: Reason, trouble: Trouble, detail: str, now: float) -> None:
        """A connection is gone, or no good."""
        if not connection.fed:
            self._drop(connection)
            self._outages.backoff.failed(trouble, now)
        elif connection.done_at is not None or (connection.draining and self._said_all(connection, now)):
            self._drop(connection)
            self._floor.let_speak(now)
        else:
            self._replace(connection, reason, trouble, detail, now)

    def _said_all(self, connection: Connection, now: float) -> bool:
        return connection.silence(now) >= self._policy.done_quiet and connection.answered.settled()

    def _replace(self, lost: Connection, reason: Reason, trouble: Trouble, detail: str, now: float) -> None:
        """Whoever comes next answers what this one has not, and all that came later."""
        self._outages.begin(lost, reason, trouble, detail, now)
        for later in self._floor.connections[self._floor.connections.index(lost) :]:
            if later.fed or self._outages.degraded:
                self._drop(later)
        self._planned = None
        self._floor.stay()
        if standby := self._floor.standby:
            self._take_up(standby, now)

    def _take_up(self, connection: Connection, now: float) -> None:
        """A connection begins where the last one ended, or with the session."""
        outage = self._outages.end()
        connection.on_trial = self._outages.degraded is not None
        if outage is None:
            connection.begin(self._ring.start, now)
        elif outage.place is None:
            connection.begin(self._ring.end, now)
        else:
            place = max(outage.place, self._ring.start)
            connection.begin(place, now)
            handed_over = HandedOver(
                outage.reason,
                lost_ms=float((place - outage.place) * FRAME_MS),
                repeated_ms=float(outage.repeated * FRAME_MS),
                gap_ms=(now - outage.at) * 1000,
                replayed_ms=float((self._ring.end - place) * FRAME_MS),
            )
            self.report.add(handed_over)
            self._tell(handed_over)
        self._floor.let_speak(now)

    def _tidy(self, now: float) -> None:
        """Closes what has been done for long; forgets sound that nobody needs."""
        for connection in list(self._floor.connections):
            if connection.done_at is not None and now - connection.done_at >= self._policy.rest_quiet:
                self._drop(connection)
        needed = [known.answered.base for known in self._floor.connections if known.fed]
        if self._outages.now and self._outages.now.place is not None:
            needed.append(self._outages.now.place)
        self._ring.forget(min(needed, default=self._ring.end) - frames_in(self._policy.ring_behind))

    def _drop(self, connection: Connection) -> None:
        self._floor.drop(connection)
        self._actions.append(Close(connection.number))

    def _end(self, lost: SessionLost) -> None:
        self.over = True
        for connection in list(self._floor.connections):
            self._drop(connection)
        self._tell(lost)

    def _tell(self, event: EngineEvent) -> None:
        self._actions.append(Tell(event))
