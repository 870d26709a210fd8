"""What is wrong in the files, a line each: file, line, what stands there, what to do. PURE.

Digits are masked, PINs and people's names are not shown: these lines go into logs.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from telephony.directory.toml_place import Path, Places

LONGEST_SHOWN: Final = 60


class DirectoryError(Exception):
    """Files that cannot be used. `faults` are complete lines; `str()` has one line for each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    line: int
    text: str


class Faults:
    """Collects what is wrong in one file."""

    def __init__(self, file: str, places: Places) -> None:
        self._file = file
        self._places = places
        self._found: list[Fault] = []

    def add(self, path: Path, text: str) -> None:
        """`text` is what is wrong with what stands at `path`."""
        self._found.append(Fault(self._places.line_of(path), text))

    def line_of(self, path: Path) -> int:
        return self._places.line_of(path)

    @property
    def lines(self) -> tuple[str, ...]:
        """In the order of the file, each once."""
        return tuple(dict.fromkeys(f"{self._file}:{fault.line}: {fault.text}" for fault in sorted(self._found)))


def masked(value: Any) -> str:
    """A value in quotes, on one line, its digits struck out."""
    return re.sub(r"\d", "#", plain(value))


def plain(value: Any) -> str:
    """A value in quotes, on one line, not longer than fits."""
    shown = json.dumps(value, ensure_ascii=False, default=str)
    shown = "".join(c if c.isprintable() else " " for c in shown)
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"


def hidden(_value: Any) -> str:
    """In place of a value that nobody is to read: nothing."""
    return ""
