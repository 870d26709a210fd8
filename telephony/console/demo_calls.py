"""The button of a demo: which calls it can play, and playing one. The demo's own process on this machine does both."""

from typing import Any, Final

import aiohttp
from aiohttp import web

from telephony.api.problem import Problem, try_later
from telephony.console.doorway import Doorway, Sent, body_of

WITHIN: Final = aiohttp.ClientTimeout(total=5.0)


class Wish(Sent):
    """Which of the calls."""

    call: str


class DemoCalls:
    """`url`: where the demo listens, on loopback."""

    def __init__(self, url: str, doorway: Doorway) -> None:
        self._url = url
        self._doorway = doorway

    async def list(self, request: web.Request) -> web.StreamResponse:
        """The calls, and whether one runs now."""
        await self._doorway.signed_in(request)
        return await self._asked("GET", None)

    async def play(self, request: web.Request) -> web.StreamResponse:
        """Begins a call, unless one runs."""
        await self._doorway.signed_in(request)
        self._doorway.from_our_page(request)
        wish = await body_of(request, Wish)
        return await self._asked("POST", {"call": wish.call})

    async def _asked(self, verb: str, body: dict[str, Any] | None) -> web.StreamResponse:
        """What the demo answers. Raises Problem: 502, 503."""
        try:
            async with (
                aiohttp.ClientSession(timeout=WITHIN) as web_client,
                web_client.request(verb, self._url, json=body) as answer,
            ):
                told, status = await answer.json(), answer.status
        except (aiohttp.ClientError, TimeoutError):
            raise try_later(503, "the demo does not answer; start it again: telephony demo --console", 5.0) from None
        except ValueError:
            raise Problem(502, "the demo answers something else than expected") from None
        return web.json_response(told, status=status, headers={"Cache-Control": "no-store"})
