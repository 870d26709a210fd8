"""Reading a file of JSON lines while another process writes it, each line once."""

import json
from pathlib import Path
from typing import Any

MOST = 1 << 20
"""Bytes taken at a time; the rest waits in the file."""


class Tail:
    """Remembers how far it has read. The file may not be there yet; a line counts when its end is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def read(self) -> list[dict[str, Any]]:
        """The objects in lines that have come since it was asked last; a line that is no JSON object is passed over."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                new = file.read(MOST)
        except FileNotFoundError:
            return []
        whole = new[: new.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [entry for line in whole.splitlines() if isinstance(entry := _parsed(line), dict)]


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
