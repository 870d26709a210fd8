"""Text made comparable: what two people write or say differently for the same word becomes the same."""

import unicodedata
from typing import Final

_UNDECOMPOSED: Final = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ʼ": " ", "ʻ": " ", "ة": "ه", "ى": "ي"}
)
"""Letters that Unicode does not take apart into a letter and its mark, though people leave the mark out."""

_UNSPOKEN: Final = frozenset("\u0640\u200b\u200c\u200d\u2060\ufeff")
"""The Arabic kashida and the characters of no width."""


def fold(text: str) -> str:
    """`text` as words to compare: no case, no accents, no punctuation, one space between words."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if _is_spoken(c))
    words = "".join(c if _is_of_a_word(c) else " " for c in letters.translate(_UNDECOMPOSED))
    return " ".join(unicodedata.normalize("NFC", words).split())


def _is_spoken(character: str) -> bool:
    return not unicodedata.combining(character) and character not in _UNSPOKEN


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"
