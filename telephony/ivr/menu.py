"""The language menu: each language offered in its own words and voice, chosen by one key or by saying its name."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from telephony.carriers.verbs import Gather, Redirect, Say, Script
from telephony.ivr.folding import fold
from telephony.ivr.languages import UnknownLanguage, find
from telephony.ivr.prompts import FALLBACK, load
from telephony.ivr.spoken import learn_every, matches_any, matches_spoken, names_of

KEYS: Final = "123456789"

ATTEMPTS: Final = 3
"""The menu is offered once and repeated twice; then it is the default language."""

AUTO: Final = "auto"
"""Chosen by the last key instead of a language's code: whatever the caller is going to speak."""


@dataclass(frozen=True, slots=True)
class Menu:
    """The languages on offer (codes, or aliases of them), key 1 first; the first is the default.

    `any_language` adds a last key, for AUTO; a language that has no key can then be asked for by its name.
    `first` is what a returning caller chose last time (a code or AUTO): it is offered before the others, keeps its own
    key, and is the default. What is not on offer any more is offered to nobody.

    Raises UnknownLanguage, and ValueError for no language, more than there are keys, or one language twice.
    """

    languages: tuple[str, ...]
    first: str | None = None
    any_language: bool = False

    def __post_init__(self) -> None:
        codes = tuple(find(code).code for code in self.languages)
        _check(codes, most=len(KEYS) - self.any_language)
        object.__setattr__(self, "languages", codes)
        object.__setattr__(self, "first", self._on_offer(self.first))
        if self.any_language:
            learn_every()

    @property
    def choices(self) -> dict[str, str]:
        """What each key chooses, key 1 first: a language's code, or AUTO."""
        return dict(zip(KEYS, (*self.languages, AUTO) if self.any_language else self.languages, strict=False))

    @property
    def needed(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.choices) > 1

    @property
    def default(self) -> str:
        """What those get who choose nothing: last time's choice, or else the first language."""
        return self.first or self.languages[0]

    @property
    def opening_language(self) -> str:
        """The language that the menu begins in and the recogniser listens for."""
        return self.languages[0] if self.default == AUTO else self.default

    def script(self, attempt: int, then: str, again: str) -> Script:
        """What a caller hears at `attempt` (1 to 3); the answer goes to the step `then`, silence to the step `again`.

        The greeting is among the prompts of the Gather, so that a key pressed during it counts. ValueError where
        `attempt` is none or nothing is to be chosen.
        """
        if not self.needed:
            raise ValueError("one language needs no menu")
        if not 1 <= attempt <= ATTEMPTS:
            raise ValueError(f"a menu is offered {ATTEMPTS} times; there is no attempt {attempt}")
        gather = Gather(
            prompts=self._prompts(attempt),
            then=then,
            speech=True,
            hints=self._hints(),
            language=load(self.opening_language).gather_locale,
        )
        return gather, Redirect(again)

    def choose(self, keys: str, words: str) -> str | None:
        """The language an answer asks for, by key or else by voice; None where it names none or more than one.

        With `any_language` it may be AUTO (by its key), or a language that has no key (by its name).
        """
        if keys:
            return self.choices.get(keys)
        return self._by_name(words) or self.choices.get(_only_digit(words))

    def settle(self, attempt: int, keys: str, words: str) -> str | None:
        """The language to go on in after the answer to `attempt`; None: offer the menu again."""
        return self.choose(keys, words) or (self.default if attempt >= ATTEMPTS else None)

    def _on_offer(self, code: str | None) -> str | None:
        """`code` by the name it has among the choices; None where it has none."""
        if code is None or code == AUTO:
            return code if self.any_language else None
        try:
            known = find(code).code
        except UnknownLanguage:
            return None
        return known if known in self.languages else None

    def _prompts(self, attempt: int) -> tuple[Say, ...]:
        words = load(self.opening_language)
        opening = words.greeting if attempt == 1 else words.reprompt
        last_time_first = sorted(self.choices.items(), key=lambda choice: choice[1] != self.first)
        options = (option for key, code in last_time_first for option in self._options(key, code))
        return words.say(opening), *options

    def _options(self, key: str, code: str) -> tuple[Say, ...]:
        """The line for one key, in its own language; for AUTO in the opening's language and in English."""
        if code != AUTO:
            return (load(code).option(key),)
        return tuple(dict.fromkeys(load(code).key_for_any(key) for code in (self.opening_language, FALLBACK)))

    def _hints(self) -> tuple[str, ...]:
        """What the recogniser may expect, in the language it listens for: Twilio takes up to 500 of 100 characters."""
        heard_in = load(self.opening_language)
        names = [name for code in self.languages for name in names_of(code, (heard_in.language,))]
        others = heard_in.names.values() if self.any_language else ()
        return tuple(dict.fromkeys(name for name in (*names, *others) if "(" not in name))

    def _by_name(self, words: str) -> str | None:
        return matches_any(words, self.languages) if self.any_language else matches_spoken(words, self.languages)


def _check(codes: tuple[str, ...], most: int) -> None:
    if not codes:
        raise ValueError("a menu offers at least one language")
    if len(codes) > most:
        besides = "" if most == len(KEYS) else ", besides the key for any other"
        raise ValueError(f"a menu offers at most {most} languages, one for each key{besides}; these are {len(codes)}")
    if doubles := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValueError(f"a menu offers each language once; more than once: {', '.join(doubles)}")


def _only_digit(words: str) -> str:
    """The one digit in `words` ("option 2"), or nothing where there are none or several."""
    digits = [c for c in fold(words) if c.isdecimal()]
    return str(unicodedata.decimal(digits[0])) if len(digits) == 1 else ""
