"""The service as a process of its own, on one port for as long as it is started there again and again."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from telephony.replay.ports import free_port
from telephony.replay.processes import Child, ProcessFailed

START_WITHIN = 60.0
"""Seconds a process may take to be ready, on a machine that is busy with others."""

LOOK_EVERY = 0.05


class Serving(Child):
    """`telephony serve` on loopback. `settings` may be changed between two starts.

    `module` is what is run in the place of `telephony`, with the same arguments.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None, module: str = "telephony") -> None:
        super().__init__("service", folder / "service.log")
        self.settings: Mapping[str, str] = settings or {}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._module = module

    @property
    def voice_url(self) -> str:
        """What the carrier asks when the number is rung."""
        return f"{self.url}/twilio/voice"

    async def serve(self) -> None:
        """Starts it, without waiting until it is ready."""
        await self.start(
            "serve", "--port", str(self.port), folder=self._folder, settings=self.settings, module=self._module
        )

    async def ready(self) -> float:
        """Returns when it takes calls, and says when that was seen, by the monotonic clock. Raises ProcessFailed."""
        try:
            async with aiohttp.ClientSession() as web, asyncio.timeout(START_WITHIN):
                while not await answers(web, f"{self.url}/readyz"):
                    if not self.running:
                        raise ProcessFailed(f"the service did not start: {self.last_words()}")
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            raise ProcessFailed(f"the service was not ready after {START_WITHIN:.0f} s; see {self.words}") from None
        return time.monotonic()

    async def calls(self) -> int:
        """How many calls it works for."""
        async with aiohttp.ClientSession() as web, web.get(f"{self.url}/readyz") as answer:
            return int((await answer.json())["calls"])


async def answers(web: aiohttp.ClientSession, url: str) -> bool:
    """Whether this address is answered with 200."""
    try:
        async with web.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False
