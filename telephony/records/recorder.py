"""Keeps each call's text in the data folder: `calls/<call>/transcript.jsonl`, one JSON object a line.

A `CallObserver`. Lines go through a bounded queue to a thread that writes; when the disk is slower than people speak,
or full, lines are dropped and counted, and the call goes on.
"""

import asyncio
import json
import queue
import threading
import time
from pathlib import Path
from typing import Any

import structlog

from telephony.calls.observer import CallMoved, CallNews, Caption, LineTrouble
from telephony.calls.state import CallState

log = structlog.get_logger(__name__)

TRANSCRIPTS = "calls"
"""The folder in the data folder, with a folder a call."""

MOST_LINES = 10_000


class Recorder:
    """Only when transcripts are switched on. `dropped` counts lines that were not kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / TRANSCRIPTS
        self._lines: queue.Queue[tuple[str, dict[str, Any]] | None] = queue.Queue(MOST_LINES)
        self._writer = threading.Thread(target=self._write, name="transcripts", daemon=True)
        self.dropped = 0
        self._writer.start()

    def tell(self, news: CallNews) -> None:
        match news:
            case Caption():
                line: dict[str, Any] = {
                    "speaker": news.speaker,
                    "side": news.side,
                    "language": news.language,
                    "text": news.text,
                }
            case CallMoved() if news.state is CallState.TALKING:
                line = {"event": "talking"}
            case CallMoved() if news.state is CallState.ENDED:
                line = {"event": "ended", "outcome": news.outcome}
            case LineTrouble():
                line = {"event": "line", "role": news.role, "figures": news.figures}
            case _:
                return
        self._keep(news.call, {"at": time.time(), "monotonic": time.monotonic(), **line})

    async def close(self) -> None:
        """Returns when every line that was kept is on disk."""
        await asyncio.to_thread(self._lines.put, None)
        await asyncio.to_thread(self._writer.join)

    def _keep(self, call: str, line: dict[str, Any]) -> None:
        try:
            self._lines.put_nowait((call, line))
        except queue.Full:
            self._count_loss()

    def _count_loss(self) -> None:
        self.dropped += 1
        if self.dropped == 1:
            log.error("transcript lines are being dropped: the disk is full or too slow")

    def _write(self) -> None:
        while (entry := self._lines.get()) is not None:
            call, line = entry
            try:
                path = self._folder / call / "transcript.jsonl"
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("a", encoding="utf-8", errors="replace") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
            except OSError:
                self._count_loss()
