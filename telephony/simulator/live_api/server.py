"""The Live API on loopback, over TLS, for the unmodified SDK (SSL_CERT_FILE and GOOGLE_GEMINI_BASE_URL do it).

A browser trusts no certificate of a moment, so the same is served without TLS where that is asked for.

Address and credentials: ai.google.dev/api/live, and google-genai's `live.py` (x-goog-api-key; tokens as Authorization);
other clients send `?key=` or `?access_token=`. A base URL that ends in a slash gives an address that begins with two.
"""

import asyncio
import hmac
import re
import ssl
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from telephony.simulator.live_api.certificate import issue
from telephony.simulator.live_api.connection import Connection
from telephony.simulator.live_api.fault_plan import FaultPlan, Lot
from telephony.simulator.live_api.faults import Faults, Kind
from telephony.simulator.live_api.journal import Events, Journal, JsonLines
from telephony.simulator.live_api.lines import learn
from telephony.simulator.live_api.minting import mint, refused
from telephony.simulator.live_api.model import Knowledge, LiveModel
from telephony.simulator.live_api.setup import VERSIONS, Setup
from telephony.simulator.live_api.terms import Terms
from telephony.simulator.live_api.tokens import AuthToken, AuthTokens
from telephony.simulator.scenario import Scenario, Who

_PATH = re.compile(
    rf"/{{1,2}}ws/google\.ai\.generativelanguage\.({'|'.join(VERSIONS)})\.GenerativeService\.BidiGenerateContent(Constrained)?"
)
_MINT = re.compile(rf"/{{1,2}}({'|'.join(VERSIONS)})/auth_tokens")
_LARGEST_FRAME = 1 << 20
_REMEMBERED = 1000


def _wall() -> datetime:
    return datetime.now(UTC)


class LiveApi:
    """A running Live API whose interpreters know the lines of these calls. Used as an async context manager.

    `out` is a folder for `live.jsonl`; `events` is called with the same entries. Sessions suffer what the calls say;
    `faults` come on top, may be changed while it runs, and hold for the sessions opened from then on. With `plain` it
    listens without TLS as well. `wall` is the time by which tokens expire.
    """

    def __init__(
        self,
        scenarios: Iterable[Scenario],
        *,
        key: str,
        host: str = "127.0.0.1",
        port: int = 0,
        plain: bool = False,
        terms: Terms | None = None,
        faults: Faults | None = None,
        events: Events | None = None,
        out: Path | None = None,
        wall: Callable[[], datetime] = _wall,
    ) -> None:
        self.faults = faults or Faults()
        self.sessions: deque[Connection] = deque(maxlen=_REMEMBERED)
        """The last sessions, in the order they were opened; those that are over stay, with their reports."""
        self.ca_pem = Path()
        """What a client has to trust; there while the server runs."""
        calls = tuple(scenarios)
        self._lines = learn(calls)
        self._plan = FaultPlan(calls)
        spoken = {language for call in calls for language in map(call.wanted, Who)}
        self._knowledge: dict[str | None, Knowledge] = {target: Knowledge(self._lines, target) for target in spoken}
        self._key = key
        self._host = host
        self._port = port
        self._plain = plain
        self._plain_port = 0
        self._wall = wall
        self._tokens = AuthTokens()
        self._terms = terms or Terms()
        self._listeners = [events] if events else []
        self._out = out
        self._handles: set[str] = set()
        self._numbers = count(1)
        self._open: set[asyncio.Task[None]] = set()
        self._stack = AsyncExitStack()

    @property
    def url(self) -> str:
        """For GOOGLE_GEMINI_BASE_URL."""
        return f"https://{self._place}:{self._port}"

    @property
    def plain_url(self) -> str:
        """The same without TLS, for browsers. ValueError where that was not asked for."""
        if not self._plain:
            raise ValueError("this Live API speaks TLS only")
        return f"http://{self._place}:{self._plain_port}"

    @property
    def _place(self) -> str:
        return f"[{self._host}]" if ":" in self._host else self._host

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="live-api-")))
            self.ca_pem = folder / "ca.pem"
            if self._out:
                self._out.mkdir(parents=True, exist_ok=True)
                lines = JsonLines(self._out / "live.jsonl")
                stack.callback(lines.close)
                self._listeners.append(lines)
            await self._listen(stack, issue(self._host, self.ca_pem))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes every session with 1001 and waits until they are over."""
        await self._stack.aclose()

    async def _listen(self, stack: AsyncExitStack, context: ssl.SSLContext) -> None:
        app = web.Application()
        app.router.add_route("*", "/{address:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        sites = [web.TCPSite(runner, self._host, self._port, ssl_context=context)]
        if self._plain:
            sites.append(web.TCPSite(runner, self._host, 0))
        for site in sites:
            await site.start()
        stack.push_async_callback(self._dismiss)
        for site in sites:
            stack.push_async_callback(site.stop)
        ports = [address[1] for address in runner.addresses]
        self._port, self._plain_port = ports[0], ports[-1]

    async def _dismiss(self) -> None:
        for session in self.sessions:
            session.leave()
        if self._open:
            await asyncio.wait(self._open)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        address = _PATH.fullmatch(request.path)
        if address is None:
            return await self._mint(request)
        token = self._token(request) if address[2] else None
        if not (token or self._knows(request)):
            return refused(401, "Request had invalid authentication credentials.")
        if status := self._turned_away():
            return refused(status, "Simulated.")
        socket = web.WebSocketResponse(compress=False, max_msg_size=_LARGEST_FRAME, timeout=1.0)
        await socket.prepare(request)
        async with asyncio.TaskGroup() as tasks:
            connection = self._connection(socket, address[1], request, token)
            running = tasks.create_task(connection.run(), name="live session")
            self._open.add(running)
            running.add_done_callback(self._open.discard)
        return socket

    def _turned_away(self) -> int | None:
        """The status that a handshake is answered with as somebody's fault."""
        status = self.faults.http_status or self._plan.handshake()
        if status:
            Journal(self._tell, next(self._numbers)).fault(asyncio.get_running_loop().time(), Kind.REFUSE)
        return status

    def _connection(
        self, socket: web.WebSocketResponse, version: str, request: web.Request, token: AuthToken | None
    ) -> Connection:
        connection = Connection(
            socket,
            version=version,
            terms=self._terms,
            lot=self._lot,
            talk=self._plan.talk,
            journal=Journal(self._tell, next(self._numbers)),
            interpreter=self._interpreter,
            handles=self._handles,
            token=token,
            wall=self._wall,
            abort=lambda: request.transport.abort() if isinstance(request.transport, asyncio.Transport) else None,
        )
        self.sessions.append(connection)
        return connection

    def _lot(self, setup: Setup) -> Lot:
        return self._plan.session(setup.target_language, setup.model).with_these(self.faults)

    def _tell(self, event: Mapping[str, Any]) -> None:
        for listener in self._listeners:
            listener(event)

    def _interpreter(self, setup: Setup) -> LiveModel:
        target = setup.target_language
        if target not in self._knowledge:
            self._knowledge[target] = Knowledge(self._lines, target)
        return LiveModel(self._knowledge[target], echo=setup.echo)

    async def _mint(self, request: web.Request) -> web.Response:
        if not _MINT.fullmatch(request.path):
            return refused(404, "Requested entity was not found.")
        if not self._knows(request):
            return refused(401, "Request had invalid authentication credentials.")
        return await mint(request, self._tokens, self._wall)

    def _token(self, request: web.Request) -> AuthToken | None:
        """The token that a session is asked for with: only the constrained method takes one."""
        found = (self._tokens.find(name) for name in _credentials(request))
        return next((token for token in found if token), None)

    def _knows(self, request: web.Request) -> bool:
        return any(hmac.compare_digest(key.encode(), self._key.encode()) for key in _credentials(request))


def _credentials(request: web.Request) -> Iterable[str]:
    """Every key or token that came with a request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    given = (
        request.headers.get("x-goog-api-key"),
        token if scheme == "Token" else None,
        request.query.get("key"),
        request.query.get("access_token"),
    )
    return (key for key in given if key)
