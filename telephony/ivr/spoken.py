"""Which language did they name? The words a recogniser heard, matched against the languages on offer.

A language is known by its own name and its English one, and by the word every language on offer has for it: who waits
for their turn in a menu hears each of those. The recogniser may write any of them without accents, in Latin letters,
and among other words ("Español, por favor").
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from telephony.ivr.folding import fold
from telephony.ivr.languages import ALL, find
from telephony.ivr.prompts import load

_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Thai, Lao, Burmese, Khmer, kana, Han and Hangul: words run together, or particles are joined to them."""

_PREFIXED: Final = re.compile("[\u0590-\u06ff]")
"""Hebrew and Arabic: "in", "and" and the article are joined to the front of a word."""

_START: Final = r"(?<!\S)"
_END: Final = r"(?!\S)"
"""The ends of a word in folded text, where only spaces part words."""

EVERY: Final = tuple(language.code for language in ALL)

SAME_NAME: Final = (("zh-Hans", "zh-Hant"), ("pt-BR", "pt-PT"), ("no", "nb"))
"""Languages that people call by one name, the more widely spoken first."""


class _Mention(NamedTuple):
    """From `start` to `end` stands a name of `code`: its `own` (or English) one, or another language's word for it."""

    start: int
    end: int
    own: bool
    code: str


def matches_spoken(words: str, offered: Iterable[str]) -> str | None:
    """The code of the one language of `offered` that `words` name; None for none, and for more than one.

    A longer name wins over a shorter one inside it ("European Portuguese" is not also the Brazilian one), and a
    language's own name over the same word used loosely for its neighbour.
    """
    return _only(_named(words, tuple(offered)))


def matches_any(words: str, preferred: tuple[str, ...]) -> str | None:
    """The code of the one language of all that `words` name; None for none, and for more than one.

    Where one name fits two languages ("Chinese"), the one in `preferred` is meant: None if both are in it, and the more
    widely spoken if neither is.
    """
    named = _named(words, EVERY)
    spoken_widely = [group[0] for group in SAME_NAME if named == set(group)]
    if not spoken_widely:
        return _only(named)
    wanted = named & set(preferred)
    return _only(wanted) if wanted else spoken_widely[0]


def learn_every() -> None:
    """Read the words for all languages now (tens of milliseconds, once), so that no caller's answer waits for it."""
    _vocabulary(EVERY)


def names_of(code: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    """Every name by which the language `code` may be asked for in a menu of `offered`, its own first."""
    return tuple(dict.fromkeys((*own_names(code), *_names_given(code, offered))))


def own_names(code: str) -> tuple[str, ...]:
    """What speakers of the language call it, and its English name."""
    language = find(code)
    return (language.autonym, language.name, *language.also)


def _named(words: str, offered: tuple[str, ...]) -> frozenset[str]:
    mentions = set(_mentions(fold(words), offered))
    return frozenset(mention.code for mention in mentions if not any(_outranks(other, mention) for other in mentions))


def _only(codes: frozenset[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else None


def _names_given(code: str, offered: tuple[str, ...]) -> Iterator[str]:
    for prompts in (load("en"), *(prompts for prompts in map(load, offered) if not prompts.is_fallback)):
        yield prompts.name_of(code)
        yield from prompts.spoken.get(code, ())


def _mentions(text: str, offered: tuple[str, ...]) -> Iterator[_Mention]:
    for code, own, word in _vocabulary(offered):
        if word in text:
            for found in _pattern(word).finditer(text):
                yield _Mention(found.start(), found.end(), own, code)


@lru_cache(maxsize=32)
def _vocabulary(offered: tuple[str, ...]) -> tuple[tuple[str, bool, str], ...]:
    """What to listen for in a menu of `offered`: language, whether the word is its own, the word in folded text."""
    words: dict[tuple[str, str], bool] = {}
    for code in offered:
        words.update({(code, fold(name)): False for name in _names_given(code, offered)})
        words.update({(code, fold(name)): True for name in own_names(code)})
    return tuple((code, own, word) for (code, word), own in words.items())


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    joined_behind = _UNSPACED.search(word)
    joined_in_front = joined_behind or _PREFIXED.search(word)
    return re.compile(("" if joined_in_front else _START) + re.escape(word) + ("" if joined_behind else _END))


def _outranks(mention: _Mention, other: _Mention) -> bool:
    covers = mention.start <= other.start and other.end <= mention.end
    wider = mention.end - mention.start > other.end - other.start
    return covers and (wider or (mention.own and not other.own))
