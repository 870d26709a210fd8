"""Carries out what `handover` decides: opens and closes connections, and moves sound and events between them and one
listener. The I/O of continuity; no decision is made here.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable

import structlog

from telephony.engines.base import (
    Degraded,
    Engine,
    EngineEvent,
    HandedOver,
    Restored,
    SessionLost,
    SessionRefused,
    TranslationSession,
    Trouble,
)
from telephony.engines.continuity.actions import Action, Close, Open, Tell
from telephony.engines.continuity.handover import HandOver
from telephony.engines.continuity.policy import Policy
from telephony.engines.continuity.report import Report

log = structlog.get_logger(__name__)

Clock = Callable[[], float]

MOST_EVENTS = 400
"""Events that wait to be fetched, about 100 s of them; of more, the oldest are dropped and counted."""


class ContinuousSession:
    """A `TranslationSession` over as many connections as it takes. Owns them and all tasks around them."""

    def __init__(self, engine: Engine, target_language: str, handover: HandOver, policy: Policy, clock: Clock) -> None:
        self._engine = engine
        self._target_language = target_language
        self._handover = handover
        self._policy = policy
        self._clock = clock
        self._told: deque[EngineEvent] = deque()
        self._ended = False
        """The last event has been told."""
        self._news = asyncio.Event()
        self._started = asyncio.Event()
        self._changed = asyncio.Event()
        self._more: dict[int, asyncio.Event] = {}
        """For each connection: there is more sound."""
        self._carrying: dict[int, asyncio.Task[None]] = {}
        self._sessions: dict[int, TranslationSession] = {}
        """Until they have been left in order."""
        self._group = asyncio.TaskGroup()
        self._run: asyncio.Task[None] | None = None

    @property
    def report(self) -> Report:
        """What the hand-overs have cost so far."""
        return self._handover.report

    async def start(self, first: TranslationSession) -> None:
        """Begins with a connection that is set up."""
        self._sessions[0] = first
        self._run = asyncio.create_task(self._keep(first), name=f"continuity into {self._target_language}")
        try:
            await self._started.wait()
        except asyncio.CancelledError:
            await self.close()
            raise

    async def send_audio(self, pcm: bytes) -> None:
        """Never waits: the sound goes into a ring of `Policy.ring_seconds`, from which connections are fed."""
        if self._ended:
            return
        self._handover.source(pcm, self._clock())
        self._act()
        for more in self._more.values():
            more.set()

    async def events(self) -> AsyncIterator[EngineEvent]:
        """One voice at a time, in the order of what was said. Ends with SessionLost: closed, or no use to try on."""
        while True:
            while not self._told:
                self._news.clear()
                await self._news.wait()
            event = self._told.popleft()
            yield event
            if isinstance(event, SessionLost):
                return

    async def close(self) -> None:
        """Raises what ended the session from inside, if that was a mistake of its own."""
        if self._run is None:
            return
        self._run.cancel()
        await asyncio.wait((self._run,))
        for session in list(self._sessions.values()):
            await session.close()
        self._say_last()
        if not self._run.cancelled():
            self._run.result()

    async def _keep(self, first: TranslationSession) -> None:
        """Runs until cancelled, or until the decision is that nothing more can be done."""
        try:
            async with self._group:
                self._begin(first)
                self._started.set()
                while not self._handover.over:
                    self._changed.clear()
                    await until(self._handover.next_due(self._clock()), self._changed, self._clock)
                    self._handover.tick(self._clock())
                    self._act()
        finally:
            self._say_last()

    def _say_last(self) -> None:
        """The last event, where none has been told."""
        if not self._ended:
            self._tell(SessionLost(Trouble.DROPPED, "closed"))

    def _act(self) -> None:
        for action in self._handover.actions():
            if not self._ended:
                self._carry_out(action)

    def _carry_out(self, action: Action) -> None:
        match action:
            case Open():
                self._group.create_task(self._open(), name=f"open a connection into {self._target_language}")
            case Close():
                if carrying := self._carrying.pop(action.number, None):
                    self._more.pop(action.number)
                    carrying.cancel()
            case Tell():
                self._tell(action.event)

    def _tell(self, event: EngineEvent) -> None:
        if isinstance(event, HandedOver | Degraded | Restored | SessionLost):
            log.info("continuity", into=self._target_language, **told_of(event))
            self._changed.set()
        self._ended = self._ended or isinstance(event, SessionLost)
        if len(self._told) >= MOST_EVENTS:
            self._told.popleft()
            self.report.dropped_events += 1
        self._told.append(event)
        self._news.set()

    async def _open(self) -> None:
        try:
            session = await opened(self._engine, self._target_language, self._policy)
        except SessionRefused as refused:
            self._handover.refused(refused.trouble, refused.detail, self._clock())
        else:
            self._begin(session)
        self._act()
        self._changed.set()

    def _begin(self, session: TranslationSession) -> None:
        number = self._handover.opened(self._clock())
        self._sessions.pop(0, None)
        self._sessions[number] = session
        self._more[number] = asyncio.Event()
        self._carrying[number] = self._group.create_task(
            self._carry(number, session), name=f"connection {number} into {self._target_language}"
        )
        self._act()

    async def _carry(self, number: int, session: TranslationSession) -> None:
        """One connection, until it is closed."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._uplink(number, session), name=f"feed connection {number}")
                tasks.create_task(self._downlink(number, session), name=f"hear connection {number}")
        finally:
            await session.close()
            del self._sessions[number]

    async def _uplink(self, number: int, session: TranslationSession) -> None:
        more = self._more[number]
        while True:
            more.clear()
            chunk = self._handover.feed(number, self._clock())
            if chunk is None:
                await until(self._handover.feed_due(number), more, self._clock)
                continue
            try:
                async with asyncio.timeout(self._policy.send_within):
                    await session.send_audio(chunk)
            except Exception:
                self._handover.stuck(number, self._clock())
                self._act()
                return

    async def _downlink(self, number: int, session: TranslationSession) -> None:
        lost = SessionLost(Trouble.DROPPED, "it ended without a word")
        try:
            async for event in session.events():
                self._handover.event(number, event, self._clock())
                self._act()
        except Exception as failure:
            lost = SessionLost(Trouble.DROPPED, type(failure).__name__)
        self._handover.event(number, lost, self._clock())
        self._act()


async def opened(engine: Engine, target_language: str, policy: Policy) -> TranslationSession:
    """A connection that is set up. Whatever an engine raises, or if it takes too long, it is a SessionRefused."""
    try:
        async with asyncio.timeout(policy.open_within):
            return await engine.open(target_language)
    except SessionRefused:
        raise
    except TimeoutError:
        raise SessionRefused(Trouble.TIMED_OUT, "it could not be set up in time") from None
    except Exception as failure:
        raise SessionRefused(Trouble.UNREACHABLE, type(failure).__name__) from failure


async def until(due: float | None, sooner: asyncio.Event, clock: Clock) -> None:
    """Returns at `due` (never, if None) or as soon as `sooner` is set."""
    if due is None:
        await sooner.wait()
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, due - clock())):
            await sooner.wait()


def told_of(event: HandedOver | Degraded | Restored | SessionLost) -> dict[str, str | int]:
    """What a log line says of it."""
    match event:
        case HandedOver():
            figures = {
                name: round(getattr(event, name)) for name in ("lost_ms", "repeated_ms", "gap_ms", "replayed_ms")
            }
            return {"now": "handed over", "reason": event.reason.value, **figures}
        case Restored():
            return {"now": "restored", "lost_ms": round(event.lost_ms)}
        case Degraded():
            return {"now": "degraded", "trouble": event.trouble.value, "detail": event.detail}
    return {"now": "over", "trouble": event.trouble.value, "detail": event.detail}
