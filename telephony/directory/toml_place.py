"""In which line of a TOML file a value stands: `tomllib` tells only where syntax is wrong. PURE.

The text is scanned once, by the grammar of TOML 1.0 as far as places need it; it is one that `tomllib` has read.
"""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Final

Path = tuple[str | int, ...]
"""Where a value is in the document: ("agent", 1, "languages", 0) is the first language of the second agent."""

_TOKEN: Final = re.compile(
    r"""(?:"{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""|\#[^\n]*|[\[\]{},=.\n]|[^\s\[\]{},=.\#"']+""",
    re.DOTALL,
)


class Places:
    """The line of every key, table and list item of `text`, counted from 1."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._tokens = _tokens(text)
        self._table: Path = ()
        self._counts: dict[Path, int] = {}
        for sign, line in self._tokens:
            if sign == "[":
                self._header(line)
            elif sign != "\n":
                self._assignment(sign, line)

    def line_of(self, path: Path) -> int:
        """The line of what stands at `path`, or else of the nearest thing around it; 1 for nothing at all."""
        return next((self._lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self._lines), 1)

    def _header(self, line: int) -> None:
        """The rest of [table] or [[table]]: what follows belongs there."""
        inside = [sign for sign, _ in takewhile(lambda each: each[0] != "\n", self._tokens)]
        names = [_name(sign) for sign in inside if sign not in ("[", "]", ".")]
        path = self._resolved(names[:-1])
        if inside[0] == "[":
            each = (*path, names[-1])
            self._counts[each] = self._counts.get(each, -1) + 1
            self._lines.setdefault(each, line)
            self._table = (*each, self._counts[each])
        else:
            self._table = self._resolved(names)
        for n in range(1, len(self._table) + 1):
            self._lines.setdefault(self._table[:n], line)

    def _resolved(self, names: list[str]) -> Path:
        """A table's path: the name of a list of tables stands for the last of them."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _assignment(self, first: str, line: int) -> None:
        """key = value, the value over as many lines as it takes."""
        rest = [sign for sign, _ in takewhile(lambda each: each[0] != "=", self._tokens)]
        path = self._table
        for name in (_name(sign) for sign in (first, *rest) if sign != "."):
            path = (*path, name)
            self._lines.setdefault(path, line)
        self._value(path)

    def _value(self, path: Path) -> None:
        """Up to the end of its last line; a list's items have a place of their own."""
        depth, item, awaited = 0, 0, False
        for sign, line in self._tokens:
            if sign == "\n" and depth == 0:
                return
            if awaited and sign not in ("\n", "]"):
                self._lines.setdefault((*path, item), line)
                awaited = False
            if sign in ("[", "{"):
                awaited = sign == "[" and depth == 0
                depth += 1
            elif sign in ("]", "}"):
                depth -= 1
            elif sign == "," and depth == 1:
                item, awaited = item + 1, True


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Each token and its line; comments are none, and the text ends like a line."""
    line, at = 1, 0
    for match in _TOKEN.finditer(text):
        line, at = line + text.count("\n", at, match.start()), match.start()
        if not match[0].startswith("#"):
            yield match[0], line
    yield "\n", line


def _name(sign: str) -> str:
    return sign[1:-1] if sign[0] in "\"'" else sign
