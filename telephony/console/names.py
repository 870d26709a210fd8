"""What a user may be called, and what will do as a password. PURE.

Passwords: at least 12 letters of any kind and no rule besides, after NIST SP 800-63B section 5.1.1.2, which wants 8 or
more, all letters allowed, and no composition rules.
"""

import unicodedata
from typing import Final

MOST_LETTERS: Final = 64
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 512


def as_name(given: str) -> str:
    """A name as it is kept: one of its ways of being written (NFC), without spaces around it."""
    return unicodedata.normalize("NFC", given).strip()


def wrong_with_name(name: str) -> str | None:
    """What is wrong with it, as the rest of a sentence; None where nothing is."""
    if not 1 <= len(name) <= MOST_LETTERS:
        return f"has 1 to {MOST_LETTERS} letters"
    if not name.isprintable() or name != as_name(name):
        return "has letters, digits, signs and spaces between them only"
    return None


def wrong_with_password(password: str) -> str | None:
    """What is wrong with it, as the rest of a sentence; None where nothing is."""
    if len(password) < SHORTEST_PASSWORD:
        return f"has at least {SHORTEST_PASSWORD} letters, digits or signs"
    if len(password) > LONGEST_PASSWORD:
        return f"has at most {LONGEST_PASSWORD} letters, digits or signs"
    return None
