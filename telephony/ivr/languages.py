"""The languages a call can be interpreted into: finding one by its code, and saying which ones were nearly meant.

The codes are those of the Live Translate page of the Gemini API documentation (78 languages, 79 codes: Norwegian has
two). Codes are BCP 47 (RFC 5646); one code stands for another by the rules of Unicode language matching (UTS 35).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Final

import langcodes

from telephony.ivr.folding import fold

ALIAS_DISTANCE: Final = 5
"""Up to here two codes differ in script or region only; from 8 on they are neighbours (Bosnian and Croatian)."""

NEIGHBOUR_DISTANCE: Final = 10
"""Up to here the speakers of two languages follow each other's speech."""

KIN_DISTANCE: Final = 30
"""Up to here the speakers of one language commonly know the other; from 80 on a distance says nothing."""

SUGGESTIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Language:
    """One language: the engine's `code`, its English name, its own name, and other names its speakers give it."""

    code: str
    name: str
    autonym: str
    right_to_left: bool
    also: tuple[str, ...] = ()


class UnknownLanguage(ValueError):
    """No language goes by this code. `nearest` are those that may have been meant, the likeliest first."""

    def __init__(self, given: str, nearest: tuple[Language, ...]) -> None:
        self.given = given
        self.nearest = nearest
        meant = ", ".join(f"{language.code} ({language.name})" for language in nearest)
        hint = f"Nearest: {meant}. " if meant else ""
        super().__init__(
            f"{_on_one_line(given)} is not one of the {len(ALL)} language codes. {hint}All codes: telephony languages"
        )


def _read_all() -> tuple[Language, ...]:
    entries = json.loads(files("telephony.ivr").joinpath("languages.json").read_text(encoding="utf-8"))
    return tuple(Language(**{**entry, "also": tuple(entry["also"])}) for entry in entries)


ALL: Final = _read_all()
BY_CODE: Final = {language.code: language for language in ALL}
_BY_FOLDED_CODE: Final = {language.code.casefold(): language for language in ALL}


def find(code: str) -> Language:
    """The language of `code`, in any case, with _ or -, or by another code for the same (iw, zh-CN, pt, en-US, spa).

    Raises UnknownLanguage. A name ("Spanish") is no code, but the error suggests what it names.
    """
    tag = _as_tag(code)
    language = _BY_FOLDED_CODE.get(tag.casefold()) or _closest(tag, ALIAS_DISTANCE)
    if language is None:
        raise UnknownLanguage(code, nearest(code))
    return language


def nearest(given: str) -> tuple[Language, ...]:
    """Up to three languages that `given` may have meant: a neighbour, a country's code, a name, kin, a misspelling."""
    found = dict.fromkeys(_meant(_as_tag(given), fold(given))) or dict.fromkeys(_spelled_like(fold(given)))
    return tuple(found)[:SUGGESTIONS]


def _meant(tag: str, words: str) -> Iterator[Language]:
    if neighbour := _closest(tag, NEIGHBOUR_DISTANCE):
        yield neighbour
    if local := _of_country(tag.upper()):
        yield local
    yield from (language for language in ALL if words in _names(language))
    yield from (language for language in ALL if words.split(" ")[0] == fold(language.code))
    if len(words) > 1:
        yield from (language for language in ALL if any(name.startswith(words) for name in _names(language)))
    if kin := _closest(tag, KIN_DISTANCE):
        yield kin


def _of_country(country: str) -> Language | None:
    """The first language of the country whose code was written instead of a language's: gr, jp, cz, dk, se, ua, cn."""
    if len(country) != 2 or not (country.isascii() and country.isalpha()):
        return None
    place = langcodes.Language.make(territory=country)
    return _closest(place.maximize().to_tag(), ALIAS_DISTANCE) if place.is_valid() else None


def _spelled_like(words: str) -> Iterator[Language]:
    names = {name for language in ALL for name in _names(language)}
    for close in get_close_matches(words[:40], sorted(names), n=SUGGESTIONS, cutoff=0.6):
        yield from (language for language in ALL if close in _names(language))


def _closest(tag: str, distance: int) -> Language | None:
    """The language at most `distance` from `tag` in CLDR's table of language distances, as langcodes has it."""
    try:
        named = langcodes.Language.get(tag).language
    except (ValueError, LookupError):
        return None
    if named in (None, "und"):
        return None
    return BY_CODE.get(langcodes.closest_match(tag, list(BY_CODE), max_distance=distance)[0])


@lru_cache(maxsize=len(ALL))
def _names(language: Language) -> tuple[str, ...]:
    return tuple(fold(name) for name in (language.code, language.name, language.autonym, *language.also))


def _as_tag(given: str) -> str:
    return given.strip().replace("_", "-")


def _on_one_line(given: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in given).split())
    return f'"{line}"' if len(line) <= 40 else f'"{line[:39]}…"'
