"""TwiML's elements: the error that stops a document, attributes read by a table, and what an element may hold."""

import re
from typing import Any
from xml.etree.ElementTree import Element

from telephony.simulator.carrier.attributes import Table, address

MALFORMED = 12100
INVALID = 12200


class TwimlError(Exception):
    """A document that cannot be executed: Twilio's error code, and where and why without the document's words."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def read(element: Element, table: Table) -> dict[str, Any]:
    """The attributes that `element` has, read, under their names in snake case. Raises TwimlError."""
    values: dict[str, Any] = {}
    for name, value in element.attrib.items():
        if name not in table:
            raise TwimlError(INVALID, f"<{element.tag}> has no attribute {name[:40]!r} that this carrier knows")
        try:
            values[_snake(name)] = table[name](value)
        except ValueError as wrong:
            raise TwimlError(INVALID, f"<{element.tag} {name}> should be {wrong}") from None
    return values


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda capital: "_" + capital[0].lower(), name)


def text_of(element: Element) -> str:
    return (element.text or "").strip()


def url_of(element: Element, base: str | None) -> str:
    childless(element)
    try:
        return str(address(base)(text_of(element)))
    except ValueError as wrong:
        raise TwimlError(INVALID, f"<{element.tag}> should hold {wrong}") from None


def childless(element: Element) -> None:
    if len(element):
        raise TwimlError(INVALID, f"<{element[0].tag[:40]}> may not stand in <{element.tag}>")


def without_text(element: Element) -> None:
    if text_of(element) or any((child.tail or "").strip() for child in element):
        raise TwimlError(INVALID, f"<{element.tag}> holds text between its elements")


def empty(element: Element) -> None:
    childless(element)
    without_text(element)
