"""Kinds of values that come in, checked the same way everywhere. PURE.

An error says what a value should be, never what it was.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints, WithJsonSchema

from telephony.ivr.languages import ALL, UnknownLanguage, find

CALL_ID: Final = r"^[0-9a-f]{32}$"
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
"""RFC 3339 section 5.6."""

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


def _language(given: str) -> str:
    try:
        return find(given).code
    except UnknownLanguage as unknown:
        meant = ", ".join(f"{language.code} ({language.name})" for language in unknown.nearest)
        hint = f"; nearest: {meant}" if meant else ""
        raise ValueError(f"a language code such as en or pt-BR{hint}; GET /api/languages has them all") from None


def _moment(given: Any) -> Any:
    if isinstance(given, str) and not MOMENT.fullmatch(given):
        raise ValueError("a time with its zone, as 2030-05-04T12:00:00Z")
    return given


def _within_reach(given: datetime) -> datetime:
    """A time that any database and any zone can hold; nothing happened outside."""
    return min(max(given, FIRST), LAST)


Id = Annotated[str, StringConstraints(pattern=CALL_ID)]
"""Of a call or a message: 32 hexadecimal digits."""

LanguageCode = Annotated[
    str,
    StringConstraints(min_length=1, max_length=40),
    AfterValidator(_language),
    WithJsonSchema({"type": "string", "enum": [language.code for language in ALL]}, mode="validation"),
]
"""Also by another code for the same; the schema has those that we use ourselves."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=254)]
Number = Annotated[
    str,
    StringConstraints(min_length=1, max_length=254),
    WithJsonSchema({"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$"}, mode="validation"),
]
"""A number to dial; whether it may be is decided, and explained, by the guard of destinations."""

Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_moment),
    AfterValidator(_within_reach),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation"),
]
