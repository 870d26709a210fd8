"""`carrier.jsonl`: one JSON object a line for everything the carrier did, with the monotonic time `at`.

Keys pressed are counted, never named, and numbers do not occur.
"""

import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from telephony.simulator.carrier.pacing import clock


class Journal:
    """Writes to `path`, or nowhere; `listener` is told every entry as well."""

    def __init__(self, path: Path | None, listener: Callable[[dict[str, object]], None] | None = None) -> None:
        self._path = path
        self._listener = listener
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8", buffering=1)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def write(self, event: str, *, at: float | None = None, **details: object) -> None:
        """Note that `event` happened, now or `at` that time."""
        entry: dict[str, object] = {"at": round(clock() if at is None else at, 6), "event": event, **details}
        if self._file:
            self._file.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n")
        if self._listener:
            self._listener(entry)
