"""The processes of a soak: service and Live API, and the carrier in this one. All on loopback, stopped by their ids."""

import asyncio
import secrets
import sqlite3
import time
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.soak.counted import GROWTH
from bench.soak.slots import FOLDERS, OURS, Slot, write_directory
from telephony.records.store.address import FILE
from telephony.replay.processes import Child
from telephony.replay.serving import START_WITHIN, Serving
from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.faults import Faults

ROOT = Path(__file__).parents[2]
KEPT = ("line began", "line ended")
"""What is remembered of the carrier's journal."""


class World:
    """Use it with `async with`. `restarts` has, for each kill, when it came and when the service was up again.

    `share` of the Live API's sessions fail; `original` and `more` are settings of the service.
    """

    def __init__(self, folder: Path, slots: list[Slot], seed: int, share: float, original: str, **more: str) -> None:
        self.folder = folder
        self.growth = folder / "growth.jsonl"
        self.service = Serving(folder, module="bench.soak.counted")
        self.restarts: list[tuple[float, float]] = []
        self.locks = 0
        self.journal: list[dict[str, Any]] = []
        self._slots = slots
        self._seed, self._share = seed, share
        self._more = {"TELEPHONY_ORIGINAL_VOICE": original, **more}
        self._live = Child("Live API", folder / "live.log")
        self._key, self.token = secrets.token_hex(16), secrets.token_hex(16)
        self.account = "AC" + secrets.token_hex(16)
        self._stack = AsyncExitStack()
        self.carrier = Carrier(
            self.account,
            self.token,
            OURS,
            self.service.voice_url,
            more_numbers=[slot.number for slot in slots],
            status_url=f"{self.service.url}/twilio/status",
            fallback_twiml=(ROOT / "infra" / "twilio" / "fallback.xml").read_text("utf-8"),
            listener=self._note,
            allow_ws=True,
            faults=Faults(swapped_statuses=True),
        )

    async def __aenter__(self) -> Self:
        write_directory(self._slots, self.folder / "data")
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._live.stop)
            stack.push_async_callback(self.service.kill)
            await self._live.start(
                *map(str, FOLDERS), "--key", self._key, "--out", str(self.folder),
                "--seed", str(self._seed), "--share", str(self._share),
                folder=self.folder, settings={"PYTHONPATH": str(ROOT)}, module="bench.soak.live",
            )  # fmt: skip
            ready = await self._live.said(START_WITHIN)
            await stack.enter_async_context(self.carrier)
            self.service.settings = self._settings(ready)
            await self.service.serve()
            await self.service.ready()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def kill(self) -> None:
        """SIGKILL, and up again."""
        killed = time.monotonic()
        await self.service.kill()
        await self.service.serve()
        self.restarts.append((killed, await self.service.ready()))

    async def lock(self, seconds: float) -> None:
        """Another connection holds the store's lock."""
        lock = sqlite3.connect(self.folder / "data" / FILE, timeout=0.0, isolation_level=None)
        try:
            lock.execute("BEGIN EXCLUSIVE")
            self.locks += 1
            await asyncio.sleep(seconds)
            lock.execute("ROLLBACK")
        except sqlite3.OperationalError:
            await asyncio.sleep(1.0)  # the service is just writing
        finally:
            lock.close()

    def _note(self, entry: dict[str, Any]) -> None:
        if entry["event"] in KEPT:
            self.journal.append(entry)

    def _settings(self, live: dict[str, Any]) -> dict[str, str]:
        return {
            "GOOGLE_GEMINI_BASE_URL": live["url"],
            "SSL_CERT_FILE": live["ca"],
            "TWILIO_ACCOUNT_SID": self.account,
            "TWILIO_AUTH_TOKEN": self.token,
            "TWILIO_PHONE_NUMBER": OURS,
            "GEMINI_API_KEY": self._key,
            "TELEPHONY_PUBLIC_URL": self.service.url,
            "TELEPHONY_TWILIO_API_URL": self.carrier.url,
            "TELEPHONY_FALLBACK_URL": self.carrier.fallback_url,
            "TELEPHONY_AGENT_LANGUAGE": "en",
            "TELEPHONY_AGENTS": self._slots[0].scenario.agents[0].number,
            "TELEPHONY_LANGUAGES": "en,es,fr,it,de",
            "TELEPHONY_DATA_DIR": str(self.folder / "data"),
            GROWTH: str(self.growth),
            "PYTHONPATH": str(ROOT),
            **self._more,
        }
