"""One client's connection from its first frame to its close: the setup is judged, then the interpretation runs."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, NoReturn

from aiohttp import WSMsgType, web

from telephony.simulator.live_api import messages
from telephony.simulator.live_api.fault_plan import Lot, Refusing, TalkClock
from telephony.simulator.live_api.faults import Kind
from telephony.simulator.live_api.first_of import first_of
from telephony.simulator.live_api.interpretation import CLIENT_LEFT, DATA, Interpretation
from telephony.simulator.live_api.journal import Journal
from telephony.simulator.live_api.model import LiveModel
from telephony.simulator.live_api.refusal import ABNORMAL, DEADLINE, INVALID_ARGUMENT, Refusal, RefusedError
from telephony.simulator.live_api.report import ReportEvent
from telephony.simulator.live_api.setup import Setup, read_setup
from telephony.simulator.live_api.stream import Arrivals
from telephony.simulator.live_api.terms import Terms
from telephony.simulator.live_api.tokens import EXPIRED, AuthToken
from telephony.simulator.live_api.troubled_model import TroubledModel

_SERVER_LEAVES = Refusal(1001, "The server is going away.")


class Connection:
    """A websocket that has been accepted. What its session hears and says stays readable when it is over."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        *,
        version: str,
        terms: Terms,
        lot: Callable[[Setup], Lot],
        talk: TalkClock,
        journal: Journal,
        interpreter: Callable[[Setup], LiveModel],
        handles: set[str],
        abort: Callable[[], None],
        token: AuthToken | None,
        wall: Callable[[], datetime],
    ) -> None:
        """`lot` says what the session will suffer, `abort` cuts the TCP connection, `token` is what it came with."""
        self.setup: Setup | None = None
        """None before its setup is accepted."""
        self.report: list[ReportEvent] = []
        self.arrivals = Arrivals()
        self.close_code: int | None = None
        """Ours if we ended it, else the client's; None while it is open, 1006 where no close frame came."""
        self._socket = socket
        self._version = version
        self._terms = terms
        self._lot_of = lot
        self._lot = Lot()
        self._talk = talk
        self._abort = abort
        self._journal = journal
        self._interpreter = interpreter
        self._handles = handles
        self._token = token
        self._wall = wall
        self._now = asyncio.get_running_loop().time
        self._leaving = asyncio.Event()

    async def run(self) -> None:
        """Serves the client until one of the two closes."""
        ends = {"serving": self._serve(), "leaving": self._leave()}
        if self._token:
            ends["expiring"] = self._expire(self._token)
        farewell = await first_of(**ends)
        await self._part(farewell)
        self.close_code = self._socket.close_code if farewell is CLIENT_LEFT else farewell.code
        if self.setup:
            self._journal.closed(self._now(), self.close_code, self.arrivals)

    def leave(self) -> None:
        """Ends it because the server goes away."""
        self._leaving.set()

    async def _part(self, farewell: Refusal) -> None:
        if farewell.code == ABNORMAL:
            self._abort()
            return
        with suppress(ConnectionError):
            await self._socket.close(code=farewell.code, message=farewell.reason)

    async def _leave(self) -> Refusal:
        await self._leaving.wait()
        return _SERVER_LEAVES

    async def _expire(self, token: AuthToken) -> Refusal:
        """The end of its token's life ends the session, too."""
        left = token.expires - self._wall()
        await asyncio.sleep(max(0.0, left.total_seconds()))
        return EXPIRED

    async def _serve(self) -> Refusal:
        """Why it ended."""
        try:
            setup = self.setup = await self._agree()
        except RefusedError as error:
            self._journal.refused(self._now(), error.refusal.code, error.refusal.reason.decode())
            return error.refusal
        self._journal.opened(self._now(), echo=setup.echo)
        return await self._interpret(self._interpreter(setup), setup)

    async def _interpret(self, healthy: LiveModel, setup: Setup) -> Refusal:
        model = TroubledModel(healthy, self._lot.faults, self._talk, self._now())
        self.report, self.arrivals = model.report, model.arrivals
        interpretation = Interpretation(self._socket, model, setup, self._journal)
        try:
            return await interpretation.run(self._terms, self._keep_handle)
        finally:
            model.end(self._now())
            self._journal.reported(model.report)

    def _keep_handle(self, handle: str) -> None:
        self._handles.add(handle)
        if self._token:
            self._token.handles.add(handle)

    def _constrained(self, setup: Any) -> Any:
        """What the client asked for, as far as its token lets it. Raises RefusedError."""
        return self._token.begin(setup, self._wall()) if self._token else setup

    async def _agree(self) -> Setup:
        """Waits for the setup and answers it. Raises RefusedError."""
        message = await self._first_message()
        if not isinstance(message, messages.SetupReceived):
            raise RefusedError(INVALID_ARGUMENT)
        setup = read_setup(
            self._constrained(message.setup),
            version=self._version,
            languages=self._terms.languages,
            models=self._terms.models,
            handles=self._handles,
        )
        self._journal.asked(setup.target_language)
        self._lot = self._lot_of(setup)
        refusing = self._lot.refusing
        if refusing and not refusing.completes:
            await self._refuse(refusing)
        with suppress(ConnectionError):
            await self._socket.send_bytes(messages.setup_complete())
        if refusing:
            await self._refuse(refusing)
        return setup

    async def _first_message(self) -> messages.ClientMessage:
        try:
            received = await self._socket.receive(timeout=self._terms.setup_within)
        except TimeoutError:
            raise RefusedError(DEADLINE) from None
        if received.type not in DATA:
            raise RefusedError(INVALID_ARGUMENT if received.type is WSMsgType.ERROR else CLIENT_LEFT)
        return messages.parse(received.data)

    async def _refuse(self, refusing: Refusing) -> NoReturn:
        await asyncio.sleep(refusing.after)
        self._journal.fault(self._now(), Kind.REFUSE)
        raise RefusedError(refusing.refusal)
