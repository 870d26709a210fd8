"""Messages in the JSON of protocol buffers, checked against the fields they may have.

proto3 JSON (protobuf.dev, "ProtoJSON Format") lets a parser take a field by its lowerCamelCase name or by its original
snake_case name, and refuses names it does not know. Clients mix both: google-genai writes the outer fields of a setup
in camel case and inner ones in snake case.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from telephony.simulator.live_api.refusal import INVALID_ARGUMENT, RefusedError, invalid_value, unknown_field


class Kind(Enum):
    """A scalar type, and what the service calls it when a value does not fit."""

    STRING = "TYPE_STRING"
    BYTES = "TYPE_BYTES"
    BOOL = "TYPE_BOOL"
    INT = "TYPE_INT64"
    NUMBER = "TYPE_DOUBLE"
    ANY = "TYPE_MESSAGE"


Shape = Kind | frozenset[str] | tuple["Shape"] | Mapping[str, "Shape"]
"""A scalar, an enum's names, a list (a tuple of one), or a message: its snake_case fields."""


def read(value: Any, shape: Shape, path: str) -> Any:
    """`value` with every field under its snake_case name. Raises RefusedError, naming the path as the service does."""
    if isinstance(shape, Kind):
        return _scalar(value, shape, path)
    if isinstance(shape, frozenset):
        if value not in shape:
            raise RefusedError(invalid_value(path, "TYPE_ENUM"))
        return value
    if isinstance(shape, tuple):
        return _list(value, shape[0], path)
    return _message(value, shape, path)


def _message(value: Any, fields: Mapping[str, Shape], path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RefusedError(invalid_value(path or "message", Kind.ANY.value))
    names = {_camel(name): name for name in fields} | {name: name for name in fields}
    message: dict[str, Any] = {}
    for key, item in value.items():
        name = names.get(key)
        if name is None:
            raise RefusedError(unknown_field(key, path))
        if name in message:
            raise RefusedError(INVALID_ARGUMENT)
        if item is not None:
            message[name] = read(item, fields[name], f"{path}.{name}" if path else name)
    return message


def _list(value: Any, shape: Shape, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise RefusedError(invalid_value(path, "TYPE_ARRAY"))
    return [read(item, shape, f"{path}[{nth}]") for nth, item in enumerate(value)]


def _scalar(value: Any, kind: Kind, path: str) -> Any:
    fits = {
        Kind.STRING: isinstance(value, str),
        Kind.BYTES: isinstance(value, str),
        Kind.BOOL: isinstance(value, bool),
        Kind.INT: _is_whole(value),
        Kind.NUMBER: isinstance(value, int | float) and not isinstance(value, bool),
        Kind.ANY: True,
    }
    if not fits[kind]:
        raise RefusedError(invalid_value(path, kind.value))
    return int(value) if kind is Kind.INT else value


def _is_whole(value: Any) -> bool:
    """A 64-bit integer may come as a number or as a string of digits."""
    if isinstance(value, str):
        return value.removeprefix("-").isdecimal()
    return isinstance(value, int) and not isinstance(value, bool)


def snake(name: str) -> str:
    """A field's original name; one that is in snake case already stays as it is."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
