"""The language menu: each language offered in its own words and voice, chosen by one key or by saying its name."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from telephony.carriers.verbs import Gather, Redirect, Say, Script
from telephony.ivr.folding import fold
from telephony.ivr.languages import find
from telephony.ivr.prompts import load
from telephony.ivr.spoken import matches_spoken, names_of

KEYS: Final = "123456789"

ATTEMPTS: Final = 3
"""The menu is offered once and repeated twice; then it is the default language."""


@dataclass(frozen=True, slots=True)
class Menu:
    """The languages on offer (codes, or aliases of them), key 1 first; the first is the default.

    Raises UnknownLanguage, and ValueError for no language, more than nine, or one language twice.
    """

    languages: tuple[str, ...]

    def __post_init__(self) -> None:
        codes = tuple(find(code).code for code in self.languages)
        if not codes:
            raise ValueError("a menu offers at least one language")
        if len(codes) > len(KEYS):
            raise ValueError(f"a menu offers at most {len(KEYS)} languages, one for each key; these are {len(codes)}")
        if doubles := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"a menu offers each language once; more than once: {', '.join(doubles)}")
        object.__setattr__(self, "languages", codes)

    @property
    def needed(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.languages) > 1

    @property
    def default(self) -> str:
        """The language of those who choose none."""
        return self.languages[0]

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
            language=load(self.default).gather_locale,
        )
        return gather, Redirect(again)

    def choose(self, keys: str, words: str) -> str | None:
        """The language an answer asks for, by key or else by voice; None where it names none or more than one."""
        if keys:
            return self._by_key(keys)
        return matches_spoken(words, self.languages) or self._by_key(_only_digit(words))

    def settle(self, attempt: int, keys: str, words: str) -> str | None:
        """The language to go on in after the answer to `attempt`; None: offer the menu again."""
        return self.choose(keys, words) or (self.default if attempt >= ATTEMPTS else None)

    def _prompts(self, attempt: int) -> tuple[Say, ...]:
        first = load(self.default)
        opening = first.greeting if attempt == 1 else first.reprompt
        options = (load(code).option(key) for key, code in zip(KEYS, self.languages, strict=False))
        return first.say(opening), *options

    def _hints(self) -> tuple[str, ...]:
        """What the recogniser may expect, in the language it listens for: Twilio takes up to 500 of 100 characters."""
        names = (name for code in self.languages for name in names_of(code, (self.default,)))
        return tuple(dict.fromkeys(name for name in names if "(" not in name))

    def _by_key(self, key: str) -> str | None:
        return dict(zip(KEYS, self.languages, strict=False)).get(key)


def _only_digit(words: str) -> str:
    """The one digit in `words` ("option 2"), or nothing where there are none or several."""
    digits = [c for c in fold(words) if c.isdecimal()]
    return str(unicodedata.decimal(digits[0])) if len(digits) == 1 else ""
