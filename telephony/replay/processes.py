"""Processes of our own: started, listened to, and stopped by their ids."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STOP_WITHIN = 40.0
"""Seconds after SIGTERM before a process is killed; the service may take that long to see its calls off."""

OURS = ("TWILIO_", "TELEPHONY_", "GOOGLE_", "GEMINI_", "SSL_CERT_FILE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class ProcessFailed(Exception):
    """A process ended or stayed silent where it should not. `str()` names it and where its words are."""


class Child:
    """`python -m telephony ...` with standard error in a file. What it prints is JSON, one object a line.

    It may be started again when it has ended; its words then follow on those of before.
    """

    def __init__(self, name: str, words: Path) -> None:
        self.name = name
        self.words = words
        self._process: asyncio.subprocess.Process | None = None

    async def start(
        self, *arguments: str, folder: Path, settings: Mapping[str, str], module: str = "telephony"
    ) -> None:
        """`settings` are all it knows: what the user's environment says of accounts does not reach it."""
        inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith(OURS)}
        with self.words.open("wb" if self._process is None else "ab") as words:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                module,
                *arguments,
                cwd=folder,
                env={**inherited, "NO_PROXY": "127.0.0.1", **settings},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=words,
            )

    async def said(self, within: float) -> dict[str, Any]:
        """The next line it prints. Raises ProcessFailed."""
        if self._process is None or self._process.stdout is None:
            raise ProcessFailed(f"the {self.name} was not started")
        try:
            async with asyncio.timeout(within):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise ProcessFailed(f"the {self.name} said nothing for {within:.0f} s; see {self.words}") from None
        if not line:
            raise ProcessFailed(f"the {self.name} ended too soon: {self.last_words()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Its number at the system. Raises ProcessFailed where it was never started."""
        if self._process is None:
            raise ProcessFailed(f"the {self.name} was not started")
        return self._process.pid

    def last_words(self) -> str:
        lines = self.words.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else f"no word in {self.words}"

    async def stop(self) -> int | None:
        """SIGTERM, and SIGKILL for one that does not listen. Returns the exit code."""
        if self._process is None:
            return None
        if self._process.returncode is None:
            self._signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_WITHIN):
                    await self._process.wait()
            except TimeoutError:
                self._signal(signal.SIGKILL)
                await self._process.wait()
        return self._process.returncode

    async def kill(self) -> None:
        """SIGKILL: it ends where it stands. Returns when it has."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            await self._process.wait()

    def terminate(self) -> None:
        """SIGTERM, without waiting for what it makes of it."""
        self._signal(signal.SIGTERM)

    async def ended(self, within: float) -> int:
        """The exit code of one that ends by itself. Raises ProcessFailed where it does not."""
        if self._process is None:
            raise ProcessFailed(f"the {self.name} was not started")
        try:
            async with asyncio.timeout(within):
                return await self._process.wait()
        except TimeoutError:
            raise ProcessFailed(f"the {self.name} did not end within {within:.0f} s; see {self.words}") from None

    def _signal(self, number: signal.Signals) -> None:
        """Not by the process object: it would reap a child that has just ended, and asyncio lose the exit code."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)
