"""Whose turn it is to be heard: one voice at a time, in the order of what the speaker said. PURE

Connections stand in the order of the sound that is theirs. The first that is not done is heard; what later ones say is
held back until its turn. One that was taken to be done and speaks again gets the floor back: late words are better
than none.
"""

import math
from collections.abc import Callable

from telephony.engines.base import EngineEvent, HandedOver, Reason, TranslatedAudio
from telephony.engines.continuity.connection import Connection, Said
from telephony.engines.continuity.policy import Policy
from telephony.engines.continuity.report import Report
from telephony.engines.continuity.ring import FRAME_MS


class Floor:
    """The connections of one session. What is to be heard is given to `tell`."""

    def __init__(self, policy: Policy, report: Report, tell: Callable[[EngineEvent], None]) -> None:
        self.connections: list[Connection] = []
        """At most one of them is `current`, at most one `standby`, and drained ones leave after `drain_within`."""
        self._policy = policy
        self._report = report
        self._tell = tell
        self._heard: Connection | None = None
        self._done_quiet = policy.done_quiet
        self._taking_over: tuple[Reason, int] | None = None
        """Why the current connection will be heard next, and how many frames it heard again."""
        self._plays_until = -math.inf
        """When the last message that was passed on ends, played as it came."""
        self._voice_until = -math.inf
        """When the last voice in them does."""

    @property
    def current(self) -> Connection | None:
        """Who hears the speaker."""
        return next((known for known in self.connections if known.fed and known.until is None), None)

    @property
    def standby(self) -> Connection | None:
        """Who is set up and waits."""
        return next((known for known in self.connections if not known.fed), None)

    @property
    def draining(self) -> Connection | None:
        """Who hears nothing new and has not said everything yet: the first of them."""
        return next((known for known in self.connections if known.draining), None)

    def numbered(self, number: int) -> Connection | None:
        return next((known for known in self.connections if known.number == number), None)

    def drop(self, connection: Connection) -> None:
        """It is not heard any more, nor is what it holds."""
        self.connections.remove(connection)
        if self._heard is connection:
            self._heard = None

    def take_over(self, reason: Reason, pause: float, replayed: int) -> None:
        """The current connection will be heard when the ones before it are done.

        `pause`: seconds for which the speaker was silent between the two; `replayed`: frames that both have heard.
        """
        self._taking_over = reason, replayed
        self._done_quiet = min(self._policy.done_quiet, pause + self._policy.added_pause)

    def stay(self) -> None:
        """It will not."""
        self._taking_over = None

    def give(self, connection: Connection, said: Said, now: float) -> None:
        """Something to hear or read: passed on, or held until it is this connection's turn."""
        if connection.done_at is not None and said.voice:
            self._report.afterthoughts += 1
            connection.done_at, self._heard = None, connection
        if connection is self._heard:
            self._pass_on(connection, said, now)
        elif connection.done_at is not None:
            if not isinstance(said.event, TranslatedAudio):
                self._tell(said.event)
        elif connection.fed:
            connection.hold(said, now)

    def drain(self, now: float) -> None:
        """Marks what has said all it had to say, and lets the next one speak."""
        while (old := self.draining) and self._has_finished(old, now):
            old.done_at = now
        self.let_speak(now)

    def endless(self, now: float) -> Connection | None:
        """One that does not come to an end, or keeps too much waiting."""
        old = self.draining
        if old and (
            now - old.stopped_at > self._policy.drain_within
            or any(known.held_seconds > self._policy.held_seconds for known in self.connections)
        ):
            return old
        return None

    def let_speak(self, now: float) -> None:
        """Passes on what the next one holds; tells of a planned hand-over that is complete with it."""
        speaker = next((known for known in self.connections if known.fed and known.done_at is None), None)
        if speaker is self._heard or speaker is None or speaker.on_trial:
            return
        self._heard = speaker
        if self._taking_over and speaker is self.current:
            (reason, replayed), self._taking_over = self._taking_over, None
            held_since = speaker.holding_since
            gap = 0.0 if held_since is None else max(0.0, now - max(held_since, self._voice_until))
            handed_over = HandedOver(reason, 0.0, 0.0, gap * 1000, replayed * FRAME_MS)
            self._report.add(handed_over)
            self._tell(handed_over)
        for said in speaker.release():
            self._pass_on(speaker, said, now)

    def _has_finished(self, old: Connection, now: float) -> bool:
        silence, owes = old.silence(now), old.answered.owes()
        held_since = min((k.holding_since for k in self.connections if k.holding_since is not None), default=None)
        if held_since is None:
            return silence >= self._policy.rest_quiet and not owes
        return silence >= self._done_quiet and (not owes or now - held_since >= self._policy.doubt)

    def _pass_on(self, connection: Connection, said: Said, now: float) -> None:
        if isinstance(said.event, TranslatedAudio):
            connection.answered.spoke(said.voice, said.silence, now)
            if not said.voice and self._somebody_waits():
                return
            self._plays_until = max(self._plays_until, now) + connection.spoken.seconds(said.event.audio)
            if said.voice:
                self._voice_until = self._plays_until - said.silence
        self._tell(said.event)

    def _somebody_waits(self) -> bool:
        """Words are held back: silence before them would only keep them longer."""
        return any(known.holding_since is not None for known in self.connections)
