"""Everything a call needs, on loopback, and the settings that lead there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import web
from aiohttp.test_utils import TestServer

from telephony.config import Settings, load_settings
from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.live_api.server import LiveApi
from tests.settings import WHOLE

SID, TOKEN, NUMBER = WHOLE["TWILIO_ACCOUNT_SID"], WHOLE["TWILIO_AUTH_TOKEN"], WHOLE["TWILIO_PHONE_NUMBER"]
KEY = WHOLE["GOOGLE_API_KEY"]
ALIVE = 200, b'{"status": "alive"}'


@dataclass
class World:
    """Everything a call needs, on loopback; `said` are the settings that lead there."""

    carrier: Carrier
    live: LiveApi
    said: dict[str, str]
    answer: tuple[int, bytes] = 404, b""
    """What the public address answers to /livez."""

    @property
    def here(self) -> str:
        return self.said["TELEPHONY_PUBLIC_URL"]

    def settings(self, **changed: str) -> Settings:
        return load_settings(**{**self.said, **changed})

    def number(self, **changed: str) -> None:
        """Changes where the account's number sends its calls."""
        self.carrier.switch.number = replace(self.carrier.switch.number, **changed)

    async def livez(self, _request: web.Request) -> web.Response:
        return web.Response(status=self.answer[0], body=self.answer[1])


@asynccontextmanager
async def around(port: int) -> AsyncIterator[World]:
    """A carrier, a Live API, and at `port` what the public address leads to."""
    here = f"http://127.0.0.1:{port}"
    carrier = Carrier(SID, TOKEN, NUMBER, f"{here}/twilio/voice", status_url=f"{here}/twilio/status")
    async with carrier, LiveApi([], key=KEY) as live:
        said = {
            "TELEPHONY_PUBLIC_URL": here,
            "TELEPHONY_TWILIO_API_URL": carrier.url,
            "GOOGLE_GEMINI_BASE_URL": live.url,
            "SSL_CERT_FILE": str(live.ca_pem),
            "TELEPHONY_LANGUAGES": "en,es",
        }
        one = World(carrier, live, WHOLE | said)
        app = web.Application()
        app.router.add_get("/livez", one.livez)
        async with TestServer(app, host="127.0.0.1", port=port):
            yield one
