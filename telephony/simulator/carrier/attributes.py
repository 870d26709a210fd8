"""Values of TwiML attributes: a reader for each kind, which raises `ValueError` saying what a value should be. PURE."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

Reader = Callable[[str], Any]
Table = Mapping[str, Reader]
"""An element's attributes and how each is read."""


def text(value: str) -> str:
    return value


def whole(least: int, most: int | None = None) -> Reader:
    """A whole number from `least` to `most`."""

    def reader(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < least or (most is not None and int(value) > most):
            raise ValueError(f"a whole number from {least}" + ("" if most is None else f" to {most}"))
        return int(value)

    return reader


def one_of(*values: str) -> Reader:
    def reader(value: str) -> str:
        if value not in values:
            raise ValueError(" or ".join(values))
        return value

    return reader


def shaped(pattern: str, description: str) -> Reader:
    def reader(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(description)
        return value

    return reader


def truth(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("true or false")
    return value == "true"


def address(base: str | None) -> Reader:
    """A URL; a relative one is resolved against the document's own, which a document sent by REST does not have."""

    def reader(value: str) -> str:
        resolved = urljoin(base, value.strip()) if base else value.strip()
        if not value.strip() or urlsplit(resolved).scheme not in ("http", "https") or not urlsplit(resolved).hostname:
            raise ValueError("a URL" if base else "an absolute URL")
        return resolved

    return reader


METHOD = one_of("GET", "POST")
LANGUAGE = shaped(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag such as en-US")
VOICE = shaped(
    r"man|woman|alice|(Polly|Google)\.[A-Za-z0-9-]+|[a-z]{2,3}-[A-Za-z]{2,4}[A-Za-z0-9-]*",
    "man, woman, alice, Polly.<name> or Google.<name>",
)
