"""One table of a file, its values taken one by one: each has its type and meaning checked, and what is wrong noted.

A value that is wrong is noted and its default taken, so that one reading finds every fault. PURE.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Literal, TypeVar

from telephony.directory.faults import Faults, masked
from telephony.directory.toml_place import Path

T = TypeVar("T")

Reading = Callable[[str], T]
"""Makes a value of a text. Raises ValueError whose text goes on after the value: "is no ...; write it like ..."."""

Shown = Callable[[Any], str]


class Table:
    """`values` as they stand at `place`; keys that are not among `known` are noted."""

    def __init__(self, values: Mapping[str, Any], place: Path, faults: Faults, known: tuple[str, ...]) -> None:
        self._values = values
        self._place = place
        self._faults = faults
        for key in values:
            if key not in known:
                faults.add((*place, key), f"{masked(key)} is no key here; {_nearest(key, known)}")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def wrong(self, key: str, what: str) -> None:
        """Notes that the value of `key`, or the lack of one, is wrong."""
        self._faults.add((*self._place, key), what)

    def line_of(self, key: str) -> int:
        return self._faults.line_of((*self._place, key))

    def lacks(self, key: str, like: str) -> None:
        """Notes that `key` has to be there."""
        self._faults.add(self._place, f"[[{self._place[0]}]] has no {key}; add one, like {key} = {like}")

    def one(
        self, key: str, reading: Reading[T], default: T, *, show: Shown = masked, like: str = "", called: str = ""
    ) -> T:
        """What `reading` makes of a text, which faults name as `called` rather than as its key.

        A missing one is noted where `like` says how it would look.
        """
        if key not in self._values:
            if like:
                self.lacks(key, like)
            return default
        return next(self._read((*self._place, key), called or key, self._values[key], reading, show), default)

    def many(self, key: str, reading: Reading[T], *, show: Shown = masked, like: str) -> tuple[T, ...]:
        """The same of each text in a list; none where the key is missing. A value that comes twice is noted."""
        values = self._values.get(key, [])
        if not isinstance(values, list) or (key in self and not values):
            self.wrong(key, f"{key} should be a list that is not empty, like {key} = {like}")
            return ()
        read: list[T] = []
        for nth, value in enumerate(values):
            place = (*self._place, key, nth)
            for item in self._read(place, key, value, reading, show):
                if item in read:
                    self._faults.add(place, f"{key} has {show(value)} twice; take one out")
                read.append(item)
        return tuple(dict.fromkeys(read))

    def flag(self, key: str, default: bool) -> bool:
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            self.wrong(key, f"{key} should be true or false, without quotes")
            return default
        return value

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(key, f"{key} should be a whole number from {least} to {most}, without quotes")
            return default
        return value

    def seconds(self, key: str, default: T, least: float, most: float) -> float | T:
        """A number of seconds from `least` to `most`."""
        if key not in self._values:
            return default
        value = self._values[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.wrong(key, f"{key} should be a number of seconds from {least:g} to {most:g}, without quotes")
            return default
        return float(value)

    def level(self, key: str, least: float, most: float) -> float | Literal["off"] | None:
        """A number of dB from `least` to `most`, or "off"; None where the key is missing."""
        value = self._values.get(key)
        if value is None or value == "off":
            return value
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.wrong(key, f'{key} should be "off", or a number of dB from {least:g} to {most:g}, without quotes')
            return None
        return float(value)

    def inner(self, key: str, like: str) -> "Table":
        """The table `key` within this one, with whatever keys it has; an empty one where it is missing."""
        values = self._values.get(key, {})
        if not isinstance(values, dict):
            self.wrong(key, f"{key} should be a table, like {key} = {like}")
            values = {}
        return Table(values, (*self._place, key), self._faults, tuple(values))

    def __iter__(self) -> Iterator[str]:
        """Its keys."""
        return iter(self._values)

    def _read(self, place: Path, key: str, value: Any, reading: Reading[T], show: Shown) -> Iterator[T]:
        """What `reading` makes of `value`, or nothing."""
        if not isinstance(value, str):
            self._faults.add(place, f"{key} should be a text, in quotes")
            return
        try:
            yield reading(value)
        except ValueError as wrong:
            self._faults.add(place, " ".join(filter(None, (key, show(value), str(wrong)))))


def tables(document: Mapping[str, Any], name: str, faults: Faults, known: tuple[str, ...]) -> Iterator[Table]:
    """Every [[name]] of a file; anything else in it is noted."""
    for key in document:
        if key != name:
            faults.add((key,), f"{masked(key)} is nothing this file has; each entry begins with [[{name}]]")
    entries = document.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(values, dict) for values in entries):
        faults.add((name,), f"{name} should be written [[{name}]], once for each")
        return
    for nth, values in enumerate(entries):
        yield Table(values, (name, nth), faults, known)


def _nearest(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key.casefold()[:40], known, n=1, cutoff=0.6)
    return f"nearest: {near[0]}" if near else f"keys are {', '.join(known)}"
