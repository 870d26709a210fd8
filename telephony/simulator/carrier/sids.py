"""Ids as Twilio makes them: two letters for the kind, 32 hexadecimal digits (twilio.com/docs/glossary, "SID")."""

import re
import secrets

CALL = "CA"
STREAM = "MZ"
NUMBER = "PN"

_SHAPE = re.compile(r"[A-Z]{2}[0-9a-f]{32}")


def new_sid(kind: str) -> str:
    """A fresh id of this kind."""
    return kind + secrets.token_hex(16)


def is_sid(text: str, kind: str) -> bool:
    """Whether `text` is an id of this kind."""
    return _SHAPE.fullmatch(text) is not None and text.startswith(kind)
