"""Everything that watches the house, put together: the observer of calls, the loop's watch, /metrics and /readyz."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Protocol

from aiohttp import web
from prometheus_client import CollectorRegistry, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder

from telephony.calls.clock import Clock
from telephony.calls.guards.limits import Limits
from telephony.calls.guards.reason import Reason
from telephony.metrics.call_metrics import CallMetrics
from telephony.metrics.instruments import CallInstruments, ProcessInstruments, SessionInstruments, SoundInstruments
from telephony.metrics.live_calls import LiveCalls
from telephony.metrics.loop_lag import LoopLag
from telephony.metrics.loop_watch import TICK_S, Blocked, BlockedLog, LoopWatch
from telephony.metrics.readiness import USUAL, Standing, Thresholds, against
from telephony.metrics.standing_figures import CallFigures, StandingFigures
from telephony.metrics.webhook_time import timing

JUDGED_EVERY = 1.0


class WritesBehind(Protocol):
    """Who writes for the calls: the store's keeper."""

    dropped: int

    @property
    def behind(self) -> int: ...

    def oldest_unwritten_age(self, now: float) -> float: ...


class HouseWatch:
    """`calls` is to be among the house's observers, `webhook_time` among the application's middlewares.

    `opened` is set while the house takes calls. `wall` and `clock` are those the house goes by.
    """

    def __init__(
        self,
        limits: Limits,
        keeper: WritesBehind,
        opened: asyncio.Event,
        clock: Clock,
        wall: Callable[[], datetime],
        thresholds: Thresholds = USUAL,
    ) -> None:
        self.registry = CollectorRegistry()
        self._limits = limits
        self._keeper = keeper
        self._opened = opened
        self._clock = clock
        self._wall = wall
        self._thresholds = thresholds
        live = LiveCalls()
        self._process = ProcessInstruments.on(self.registry)
        self.calls = CallMetrics(
            CallInstruments.on(self.registry),
            SessionInstruments.on(self.registry),
            SoundInstruments.on(self.registry),
            live,
            limits.bounds.minute_price,
            clock,
        )
        self.webhook_time = timing(self._process.webhook)
        self._lag = LoopLag(TICK_S)
        self._judged = 0.0
        """When it was last decided whether the process is too busy for more calls."""
        self._blocked_log = BlockedLog()
        self._loop = LoopWatch(self._late, self._blocked)
        self.registry.register(CallFigures(live, clock))
        self.registry.register(StandingFigures(self.standing, thresholds))
        ProcessCollector(registry=self.registry)
        Info("telephony", "Which release runs.", registry=self.registry).info({"version": version("telephony")})

    def start(self) -> None:
        """In the running event loop, when everything else is there."""
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()

    def standing(self) -> Standing:
        """How the house stands now."""
        now, wall = self._clock(), self._wall()
        return Standing(
            open=self._opened.is_set(),
            draining=self._limits.draining,
            loop_lag_p99_s=self._lag.p99(self._loop.now()),
            calls=self._limits.running,
            most_calls=self._limits.bounds.calls_at_once,
            no_quota=self._limits.may_begin("", now, wall) is Reason.QUOTA,
            store_behind=self._keeper.behind,
            store_waits_s=self._keeper.oldest_unwritten_age(now),
            store_dropped=self._keeper.dropped,
            spent_today=self._limits.used(wall).spend,
        )

    async def readyz(self, _request: web.Request) -> web.Response:
        """200 where new calls may be sent here; 503 and every reason where not."""
        standing = self.standing()
        reasons = [reason.value for reason in against(standing, self._thresholds)]
        said = {"status": "not ready", "reasons": reasons} if reasons else {"status": "ready"}
        return web.json_response({**said, "calls": standing.calls}, status=503 if reasons else 200)

    async def metrics(self, request: web.Request) -> web.Response:
        """Every figure, in the format that whoever asks can read."""
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self.registry), headers={"Content-Type": content_type})

    def _late(self, now: float, late_s: float) -> None:
        for lag in self._lag.add(now, late_s):
            self._process.loop_lag.observe(lag)
        if now >= self._judged + JUDGED_EVERY:
            self._judged = now
            self._limits.strained = self._lag.p90(now) >= self._thresholds.refuses_lag_p90_s

    def _blocked(self, blocked: Blocked) -> None:
        self._process.loop_blocked.inc()
        self._process.loop_blocked_seconds.inc(blocked.own_s)
        self._blocked_log.tell(blocked)
