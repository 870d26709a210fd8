"""A file's text as TOML, with the places of its values. Reading is done here and in `watched` only."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from telephony.directory.faults import DirectoryError, Faults
from telephony.directory.toml_place import Places

_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)")
_END: Final = " (at end of document)"


@dataclass(frozen=True, slots=True)
class Document:
    """`name` is the file's own, without its folder; `faults` is where what is wrong in it is noted."""

    name: str
    values: dict[str, Any]
    faults: Faults


def read_document(path: Path) -> Document | None:
    """The file at `path`; None where there is none. Raises DirectoryError for what cannot be read at all."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DirectoryError((f"{path.name}:1: cannot be read ({error.strerror}); let this service read it",)) from None
    return parse_document(path.name, data)


def parse_document(name: str, data: bytes) -> Document:
    """A file's bytes. Raises DirectoryError for something else than TOML in UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DirectoryError((f"{name}:{line}: is not UTF-8 text; save the file as UTF-8",)) from None
    text = text.replace("\r\n", "\n")
    try:
        return Document(name, tomllib.loads(text), Faults(name, Places(text)))
    except tomllib.TOMLDecodeError as error:
        raise DirectoryError((_not_toml(name, text, str(error)),)) from None
    except RecursionError:
        raise DirectoryError((f"{name}:1: is nested too deeply; write lists and tables as in the example",)) from None


def _not_toml(name: str, text: str, error: str) -> str:
    match = _LINE.search(error)
    line = int(match[1]) if match else max(1, len(text.splitlines()))
    what = re.sub(r"\d", "#", _LINE.sub("", error).removesuffix(_END))
    return f"{name}:{line}: is not TOML: {what[:1].lower()}{what[1:]}; texts stand in quotes, each key on its own line"
