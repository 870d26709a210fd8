"""What must never stand in a log, a metric, an address or an exception's text, and finding it there.

Phone numbers are known by their shape: those of tests are reserved ones, NPA 555 01xx, however they are written.
Phrases are what is said in the fixture calls, three words or eight characters at a time, since speech comes in pieces.
Everything else, keys, tokens, names, is told by who makes it (`watch`, `watch_token`).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

CALLS = Path(__file__).parents[2] / "fixtures" / "calls"

_BETWEEN = r"[ ().\-]{0,2}"
_GROUPED = _BETWEEN.join((r"[2-9]\d\d", "555", r"01\d\d"))
_SPELLED = "[ ,-]{1,2}".join((r"[2-9]", r"\d", r"\d", "5", "5", "5", "0", "1", r"\d", r"\d"))
NUMBER = re.compile(
    rf"(?:(?<![0-9A-Za-z])|(?<=%2[Bb])|(?<=\\[nrt]))(?:(?:00)?1{_BETWEEN})?(?:{_GROUPED}|{_SPELLED})(?![0-9A-Za-z])"
)
WORD = re.compile(r"\w+")
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,}")

SHORTEST = 8
"""Characters of a secret, or of writing without blanks, below which it could be there by chance."""

MOST_TOKENS = 20_000


class Canaries:
    """`watched` are exact strings; tokens, of which there are many, are found by their length."""

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self._watched: dict[str, str] = {}
        self._tokens: dict[str, None] = {}
        self._lengths: set[int] = set()
        self._words: set[tuple[str, ...]] = set()
        self._unspaced: set[str] = set()
        for phrase in phrases:
            self.watch_phrase(phrase)

    def watch(self, kind: str, text: str) -> None:
        """From now on `text` is not to be found anywhere. What is too short is not watched."""
        if len(text) >= SHORTEST:
            self._watched[text] = kind

    def watch_token(self, token: str) -> None:
        """One of many; the oldest are forgotten."""
        if len(token) < 20:
            return
        self._tokens[token] = None
        self._lengths.add(len(token))
        if len(self._tokens) > MOST_TOKENS:
            del self._tokens[next(iter(self._tokens))]

    def watch_phrase(self, phrase: str) -> None:
        words = WORD.findall(phrase.lower())
        self._words.update(zip(words, words[1:], words[2:], strict=False))
        for word in words:
            if not word.isascii() and len(word) > SHORTEST:
                self._unspaced.update(word[at : at + SHORTEST] for at in range(len(word) - SHORTEST + 1))

    def found_in(self, text: str) -> list[str]:
        """What kinds of them are in `text`."""
        return list(dict.fromkeys(self._found(text)))

    def _found(self, text: str) -> Iterator[str]:
        if "5" in text and NUMBER.search(text):
            yield "a phone number"
        for watched, kind in self._watched.items():
            if watched in text:
                yield kind
        if any(self._holds_token(run) for run in TOKEN.findall(text)):
            yield "a token"
        words = WORD.findall(text.lower())
        if not self._words.isdisjoint(zip(words, words[1:], words[2:], strict=False)):
            yield "what was said"
        if not text.isascii() and any(
            word[at : at + SHORTEST] in self._unspaced for word in words for at in range(len(word) - SHORTEST + 1)
        ):
            yield "what was said"

    def _holds_token(self, run: str) -> bool:
        return any(run[at : at + size] in self._tokens for size in self._lengths for at in range(len(run) - size + 1))


@cache
def fixture_phrases() -> tuple[str, ...]:
    """Everything that is said in the fixture calls, and how it is interpreted."""
    return tuple(
        line[field]
        for path in sorted(CALLS.glob("**/call.toml"))
        for line in tomllib.loads(path.read_text("utf-8")).get("line", ())
        for field in ("text", "translation")
        if field in line
    )
