"""A fixture call over the real wires: the service, the carrier and the Live API, each a process of its own on loopback.

Nothing between them is shortened: signed webhooks, TwiML, a media websocket a leg, and the google-genai SDK over TLS.
"""

import asyncio
import secrets
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from telephony.replay.evidence import Evidence
from telephony.replay.journals import gather
from telephony.replay.ports import free_port
from telephony.replay.processes import Child
from telephony.replay.serving import START_WITHIN, Serving
from telephony.simulator.carrier.play import longest
from telephony.simulator.scenario import Scenario

SETTLE_WITHIN = 30.0
"""Seconds after the last leg's end in which the service may still be at work for the call."""

NUMBER = "+12025550100"


class Stage:
    """For one call; `folder` takes everything the processes write. Use it with `async with`, then `play()`."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self._scenario = scenario
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._stack = AsyncExitStack()
        self._key, self._token = secrets.token_hex(16), secrets.token_hex(16)
        self._account = "AC" + secrets.token_hex(16)
        self._carrier_port = free_port()
        self._service = Serving(self._folder)
        self._live = Child("Live API", self._folder / "live.log")
        self._carrier = Child("carrier", self._folder / "carrier.log")

    @property
    def transcripts(self) -> Path:
        """Where the service writes what is said, one folder a call."""
        return self._folder / "data" / "calls"

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for child in (self._live, self._service, self._carrier):
                stack.push_async_callback(child.stop)
            await self._start_live()
            await self._start_service()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def play(self) -> Evidence:
        """Places the call and returns what is known of it when all is over. Raises ProcessFailed."""
        await self._carrier.start(
            "simulate", "carrier", str(self._scenario.folder.resolve()), self._service.voice_url,
            "--port", str(self._carrier_port), "--account-sid", self._account, "--number", NUMBER,
            "--auth-token", self._token, "--out", str(self._folder),
            folder=self._folder, settings={},
        )  # fmt: skip
        await self._carrier.said(START_WITHIN)
        await self._carrier.said(START_WITHIN + longest(self._scenario))
        calls = await self._calls_left()
        await self._carrier.stop()
        await self._service.stop()
        await self._live.stop()
        return gather(self._scenario, self._folder, self.transcripts, (f"{calls} calls",) if calls else ())

    async def _start_live(self) -> None:
        call = str(self._scenario.folder.resolve())
        await self._live.start(
            "simulate", "live", call, "--key", self._key, "--out", str(self._folder), folder=self._folder, settings={}
        )
        ready = await self._live.said(START_WITHIN)
        self._live_settings = {"GOOGLE_GEMINI_BASE_URL": ready["url"], "SSL_CERT_FILE": ready["ca"]}

    async def _start_service(self) -> None:
        self._service.settings = self._settings()
        await self._service.serve()
        await self._service.ready()

    def _settings(self) -> dict[str, str]:
        scenario = self._scenario
        return {
            **self._live_settings,
            "TWILIO_ACCOUNT_SID": self._account,
            "TWILIO_AUTH_TOKEN": self._token,
            "TWILIO_PHONE_NUMBER": NUMBER,
            "GEMINI_API_KEY": self._key,
            "TELEPHONY_PUBLIC_URL": self._service.url,
            "TELEPHONY_TWILIO_API_URL": f"http://127.0.0.1:{self._carrier_port}",
            "TELEPHONY_AGENT_LANGUAGE": scenario.agent_language,
            "TELEPHONY_AGENTS": ",".join(agent.number for agent in scenario.agents),
            "TELEPHONY_LANGUAGES": ",".join(scenario.languages),
            "TELEPHONY_ORIGINAL_VOICE": "off" if scenario.original_voice is None else str(scenario.original_voice),
            "TELEPHONY_DATA_DIR": str(self._folder / "data"),
            "TELEPHONY_TRANSCRIPTS": "on",
        }

    async def _calls_left(self) -> int:
        """Calls that the service still works for when it has had time enough."""
        deadline = asyncio.get_running_loop().time() + SETTLE_WITHIN
        while (calls := await self._service.calls()) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.1)
        return calls
