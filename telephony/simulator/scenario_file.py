"""A TOML file read table by table, every complaint with its line: file, line, what stands there, what was expected.

`tomllib` names a line for errors of syntax only; for everything else the line is found by looking for the table's
header and the key in the text.
"""

import json
import math
import re
import tomllib
from collections.abc import Collection, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

Choice = TypeVar("Choice", bound=StrEnum)

_HEADER = re.compile(r"\s*\[\[?\s*\"?([\w.-]+)\"?\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*\"?([\w-]+)\"?\s*[=.]")
_SYNTAX_LINE = re.compile(r" \(at line (\d+), column \d+\)")


class ScenarioError(Exception):
    """A fixture call cannot be used. `str()` is one line: file, line number, what stands there, what was expected."""

    def __init__(self, path: Path, line: int, stands: str, expected: str) -> None:
        super().__init__(f"{path}, line {line}: {stands}; expected {expected}")
        self.path = path
        self.line = line


class ScenarioFile:
    """A parsed TOML file that remembers where its keys stand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text = _text_of(path)
        self._values = _parsed(path, self._text)

    def root(self, tables: Collection[str], keys: Collection[str]) -> "Table":
        """The keys before the first table. Raises ScenarioError where anything else stands in the file."""
        for name, value in self._values.items():
            if name not in tables and name not in keys:
                stands = f"[{name}]" if isinstance(value, dict | list) else f"{name} = {_shown(value)}"
                self.refuse(name, 0, None, stands, "one of " + ", ".join([*keys, *(f"[{t}]" for t in tables)]))
        values = {key: value for key, value in self._values.items() if key in keys}
        return Table(self, "", 0, values, keys)

    def table(self, name: str, keys: Collection[str], *, optional: bool = False) -> "Table":
        """The table `[name]`; empty where it is missing and `optional`."""
        if name not in self._values and not optional:
            raise ScenarioError(self.path, self._last_line(), f"no [{name}] in the file", f"a table [{name}]")
        values = self._values.get(name, {})
        if not isinstance(values, dict):
            self.refuse(name, 0, None, f"{name} is not one table", f"[{name}]")
        return Table(self, name, 0, values, keys)

    def tables(self, name: str, keys: Collection[str]) -> Iterator["Table"]:
        """Every table `[[name]]`, in the order of the file."""
        found = self._values.get(name, [])
        if not isinstance(found, list) or not all(isinstance(values, dict) for values in found):
            self.refuse(name, 0, None, f"{name} is not a list of tables", f"[[{name}]]")
        for nth, values in enumerate(found):
            yield Table(self, name, nth, values, keys)

    def refuse(self, table: str, nth: int, key: str | None, stands: str, expected: str) -> NoReturn:
        """Raises ScenarioError with the line of `key` in the `nth` table of that name (or of the table itself)."""
        raise ScenarioError(self.path, self._line_of(table, nth, key), stands, expected)

    def _line_of(self, table: str, nth: int, key: str | None) -> int:
        header, seen, current = 1, -1, ""
        for number, line in _code_lines(self._text):
            if match := _HEADER.match(line):
                current = match[1]
                seen += current == table
                if current == table and seen == nth:
                    header = number
                    if key is None:
                        break
            elif match := _KEY.match(line):
                if current == table and (not table or seen == nth) and match[1] == key:
                    return number
                if not current and match[1] == table:
                    header = number
        return header

    def _last_line(self) -> int:
        return max(1, len(self._text.splitlines()))


class Table:
    """One table of the file, its keys taken one by one; each taking checks the type and says what was expected."""

    def __init__(self, file: ScenarioFile, name: str, nth: int, values: dict[str, Any], keys: Collection[str]) -> None:
        self._file = file
        self._name = name
        self._nth = nth
        self._values = values
        for key in values:
            if key not in keys:
                self.refuse(key, "one of " + ", ".join(keys))

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def refuse(self, key: str, expected: str) -> NoReturn:
        """Raises ScenarioError that shows `key` as it stands in the file, or the table that lacks it."""
        where = f"[{self._name}]" if self._name else "the file"
        missing = key not in self._values
        stands = f'{where} without "{key}"' if missing else f"{key} = {_shown(self._values[key])}"
        self._file.refuse(self._name, self._nth, None if missing else key, stands, expected)

    def text(self, key: str, expected: str = "a text that is not empty") -> str:
        value = self._values.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, expected)
        return value

    def texts(self, key: str, expected: str) -> tuple[str, ...]:
        """A list of texts that has at least one, none of them empty, none twice."""
        values = self._values.get(key)
        if not isinstance(values, list) or not values or len(set(map(str, values))) != len(values):
            self.refuse(key, expected)
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.refuse(key, expected)
        return tuple(values)

    def matching(self, key: str, pattern: str, expected: str) -> str:
        value = self.text(key, expected)
        if not re.fullmatch(pattern, value):
            self.refuse(key, expected)
        return value

    def choice(self, key: str, kind: type[Choice]) -> Choice:
        value = self._values.get(key)
        if value not in [str(member) for member in kind]:
            self.refuse(key, " or ".join(f'"{member}"' for member in kind))
        return kind(value)

    def seconds(self, key: str, default: float | None = None) -> float:
        """A finite number of seconds, not negative."""
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            self.refuse(key, "a number of seconds, 0 or more")
        return float(value)

    def factor(self, key: str, least: float, most: float, default: float) -> float:
        """A number from `least` to `most`."""
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.refuse(key, f"a number from {least:g} to {most:g}")
        return float(value)

    def range(self, key: str, expected: str) -> tuple[float, float]:
        """A list of two numbers, not negative, the smaller first."""
        value = self._values.get(key)
        if not isinstance(value, list) or len(value) != 2 or any(isinstance(end, bool) for end in value):
            self.refuse(key, expected)
        if not all(isinstance(end, int | float) for end in value) or not 0 <= value[0] <= value[1] < math.inf:
            self.refuse(key, expected)
        return float(value[0]), float(value[1])

    def count(self, key: str, expected: str = "a whole number, 1 or more") -> int:
        """A whole number from 1."""
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.refuse(key, expected)
        return value

    def whole(self, key: str) -> int:
        """A whole number."""
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(key, "a whole number")
        return value

    def truth(self, key: str) -> bool:
        """True or false; false where it is missing."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self.refuse(key, "true or false")
        return value

    def says(self, key: str, text: str) -> bool:
        """Whether exactly this text stands there."""
        return bool(self._values.get(key) == text)


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise ScenarioError(path, 1, f"cannot be read ({error.strerror})", "a TOML file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ScenarioError(path, line, f"byte 0x{error.object[error.start]:02x}", "text in UTF-8") from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        lines = text.splitlines() or [""]
        match = _SYNTAX_LINE.search(str(error))
        number = int(match[1]) if match else len(lines)
        stands = lines[number - 1].strip() or "an empty line"
        raise ScenarioError(path, number, stands, f"TOML ({_SYNTAX_LINE.sub('', str(error))})") from None


def _code_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines outside of texts that go over several lines, with their numbers."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not inside:
            yield number, line
        inside ^= (line.count('"""') + line.count("'''")) % 2 == 1


def _shown(value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 60 else shown[:57] + "..."
