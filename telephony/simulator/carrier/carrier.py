"""The carrier as a whole: its REST API on a port, its calls, its phones.

async with Carrier(account_sid, auth_token, "+12025550100", voice_url, out=folder) as carrier:
    report = await carrier.play(load(folder))
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from ssl import SSLContext
from types import TracebackType
from typing import Self

from aiohttp import BaseConnector, ClientSession, DummyCookieJar, TCPConnector, web

from telephony.simulator.carrier.bins import PATH, Bins
from telephony.simulator.carrier.exchange import Exchange
from telephony.simulator.carrier.faults import NONE, Faults
from telephony.simulator.carrier.journal import Journal
from telephony.simulator.carrier.numbers import OwnNumber
from telephony.simulator.carrier.phones import Phones
from telephony.simulator.carrier.play import longest, play, talk_of
from telephony.simulator.carrier.records import CallRecord
from telephony.simulator.carrier.report import CallReport
from telephony.simulator.carrier.rest import RestApi
from telephony.simulator.carrier.sids import NUMBER, new_sid
from telephony.simulator.carrier.signing import Signer
from telephony.simulator.carrier.switch import Switch
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import Scenario
from telephony.simulator.talk import Talk

FALLBACK = "fallback"
"""The name of the hosted document."""


class Carrier:
    """One account with one number, whose calls go to `voice_url` as do those of `more_numbers`.

    `fallback_url` is asked where the service does not answer; `fallback_twiml` is a document for that which the carrier
    hosts itself. `status_url` is told when incoming calls have ended; `api_keys` are further users of the REST API.
    `out` is a folder for `carrier.jsonl` and recordings; `listener` is told each entry of the journal. `say_speed` is
    how long Say takes as a share of 60 ms a character, `detection_seconds` how long detecting a machine takes.
    `allow_ws` admits streams without TLS to loopback hosts; `stream_slash` signs them with a slash at the URL's end.
    `tls` says whom to trust, in place of the machine's certificates.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        phone_number: str,
        voice_url: str,
        *,
        more_numbers: Sequence[str] = (),
        status_url: str = "",
        fallback_url: str = "",
        fallback_twiml: str = "",
        api_keys: Mapping[str, str] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        out: Path | None = None,
        listener: Callable[[dict[str, object]], None] | None = None,
        say_speed: float = 1.0,
        webhook_timeout: float = 15.0,
        detection_seconds: float = 3.0,
        allow_ws: bool = False,
        stream_slash: bool = False,
        tls: SSLContext | None = None,
        faults: Faults = NONE,
    ) -> None:
        self.phones = Phones()
        self._account = account_sid
        self._signer = Signer(auth_token, stream_slash)
        self._keys = {account_sid: auth_token, **(api_keys or {})}
        self._numbers = [
            OwnNumber(
                new_sid(NUMBER), own, voice_url=voice_url, voice_fallback_url=fallback_url, status_callback=status_url
            )
            for own in (phone_number, *more_numbers)
        ]
        self._host, self._port = host, port
        self._out = out
        self._listener = listener
        self._say_speed = say_speed
        self._webhook_timeout = webhook_timeout
        self._allow_ws = allow_ws
        self._tls: SSLContext | bool = tls or True
        self._detection_seconds = detection_seconds
        self._bins = Bins({FALLBACK: fallback_twiml} if fallback_twiml else {})
        self._hosts_fallback = bool(fallback_twiml)
        self._faults = faults
        self._stack = AsyncExitStack()
        self._switch: Switch | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """The base of the REST API, as `client.api.base_url` of the twilio package wants it."""
        return self._url

    @property
    def fallback_url(self) -> str:
        """Where `fallback_twiml` is hosted."""
        return f"{self._url}{PATH}{FALLBACK}"

    @property
    def switch(self) -> Switch:
        """The carrier's calls. Only inside `async with`."""
        if self._switch is None:
            raise RuntimeError("a carrier is used inside `async with`")
        return self._switch

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            journal = Journal(self._out / "carrier.jsonl" if self._out else None, self._listener)
            stack.enter_context(journal)
            connector = await stack.enter_async_context(TCPConnector(limit=0, ssl=self._tls))
            streams = await stack.enter_async_context(_stream_session(self._tls))
            self._switch = Switch(self._exchange(journal, connector, streams), self._numbers)
            await self._serve(stack, self._switch)
            stack.push_async_callback(self._switch.close)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def incoming(self, phone: Phone, called: str | None = None) -> CallRecord:
        """`phone` rings the account's number `called`, or its first. Returns when that call is over."""
        call = self.switch.incoming(phone, called)
        await self.switch.ended(call)
        return call.record()

    async def play(self, scenario: Scenario, time_limit: float | None = None) -> CallReport:
        """Play a fixture call from the caller's dialling to the end of all legs."""
        return await self.play_talk(talk_of(scenario), longest(scenario) if time_limit is None else time_limit)

    async def play_talk(self, talk: Talk, time_limit: float) -> CallReport:
        """The same for phones that are at hand. Writes the recordings where there is an `out`."""
        report = await play(self.switch, talk, time_limit)
        if self._out:
            report.write_recordings(self._out)
        return report

    def _exchange(self, journal: Journal, connector: BaseConnector, streams: ClientSession) -> Exchange:
        return Exchange(
            account=self._account,
            signer=self._signer,
            connector=connector,
            streams=streams,
            journal=journal,
            phones=self.phones,
            faults=self._faults,
            say_speed=self._say_speed,
            allow_ws=self._allow_ws,
            webhook_timeout=self._webhook_timeout,
            detection_seconds=self._detection_seconds,
        )

    async def _serve(self, stack: AsyncExitStack, switch: Switch) -> None:
        """Open the REST API's port."""
        runner = web.AppRunner(
            RestApi(switch, self._keys, self._bins).application(), access_log=None, shutdown_timeout=1.0
        )
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, self._host, self._port).start()
        host, port = runner.addresses[0][:2]
        self._url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if self._hosts_fallback:
            for number in self._numbers:
                switch.numbers[number.phone_number] = replace(number, voice_fallback_url=self.fallback_url)


def _stream_session(tls: SSLContext | bool) -> ClientSession:
    """A media stream's handshake carries no cookies and does not say which program asks."""
    connector = TCPConnector(limit=0, ssl=tls)
    return ClientSession(connector=connector, cookie_jar=DummyCookieJar(), skip_auto_headers={"User-Agent"})
