"""Which language each of two parties speaks, by the language codes of what was heard from them. PURE

A code comes with a piece of transcript about once a second, in many forms (`en-US`, `iw`, `es-419`), and is now and
then wrong: for a name, a foreign word, an accent (ai.google.dev, live-translate, limitations). So pieces are weighed by
their letters, and the languages of a party are put to the vote: a piece speaks for its own language and against any
other, and a language is believed once its votes are enough (a weighted majority vote, Boyer and Moore).

What counts as the same language is what two people understand each other in: one base language. Region and script
make no difference: pt-BR and pt-PT, es-419 and es, zh-Hans and zh-Hant (both are written for spoken Mandarin; Cantonese
is yue), nb and no.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from telephony.calls.observer import Role
from telephony.ivr.languages import UnknownLanguage, find

PARTIES: Final = (Role.CALLER, Role.AGENT)

AUTO: Final = "auto"
"""A language that is not chosen: what is heard decides."""

FIRST = (12, 2)
"""Letters, and pieces, by which a language is believed of which nothing else was known, or which was chosen: 2 s."""

SWITCH = (45, 3)
"""The same for another language than the one believed so far: about 4 s of speech, 6 with the pauses in it."""

STALE = 30.0
"""Seconds after which votes that changed nothing are forgotten."""

ALIKE_FOR = 15.0
AGREED = 24
"""Both speak one language for good: for so many seconds, and so many letters from each of the two, with nothing but
that between. Until then somebody goes on listening, since who reads a letter aloud may go back to another language."""

DENSE: Final = 3
"""Letters of an alphabet that take as long to say as one syllable sign or ideograph."""

BASE: Final = {"nb": "no", "nn": "no", "cmn": "zh"}


def known(code: str) -> str | None:
    """The code that an engine is asked for; None for a language that cannot be interpreted into, or for none at all."""
    return _known(code) if code else None


def same(one: str | None, other: str | None) -> bool:
    """Whether those who speak the two codes understand each other. Nothing is the same as None or AUTO."""
    return one is not None and other is not None and one != AUTO and other != AUTO and _base(one) == _base(other)


class Tongue:
    """One party's language. Codes are those of `known`."""

    def __init__(self, chosen: str) -> None:
        self.chosen = chosen
        """A code, or AUTO."""
        self.believed = None if chosen == AUTO else chosen
        """What is spoken, by the choice until something else was heard."""
        self._candidate: str | None = None
        self._letters = 0
        self._pieces = 0
        self._voted_at = 0.0

    @property
    def wanted(self) -> str | None:
        """What the party is interpreted to: the choice, or what is heard where there was none; None: not known yet.

        A choice stands whatever is heard: who asks for Spanish and reads an English letter aloud still wants Spanish.
        """
        return self.believed if self.chosen == AUTO else self.chosen

    def heard(self, code: str, letters: int, now: float) -> bool:
        """One piece of transcript; whether another language is believed from now on."""
        if now - self._voted_at > STALE:
            self._forget()
        self._vote(code, letters, now)
        enough, pieces = FIRST if self.believed is None or same(self._candidate, self.chosen) else SWITCH
        if self._candidate is None or self._letters < enough or self._pieces < pieces:
            return False
        self.believed = self._candidate
        self._forget()
        return True

    def _vote(self, code: str, letters: int, now: float) -> None:
        if same(code, self._candidate):
            self._letters, self._pieces, self._voted_at = self._letters + letters, self._pieces + 1, now
            return
        self._letters -= letters
        if self._letters <= 0:
            over, settled = -self._letters, same(code, self.believed)
            self._forget()
            if over and not settled:
                self._candidate, self._letters, self._pieces, self._voted_at = code, over, 1, now

    def _forget(self) -> None:
        self._candidate, self._letters, self._pieces = None, 0, 0


class Tongues:
    """Both parties' languages."""

    def __init__(self, chosen: Mapping[Role, str]) -> None:
        self._tongues = {role: Tongue(chosen[role]) for role in PARTIES}
        self._alike_since: float | None = None
        self._agreed: dict[Role, int] = {}

    def __getitem__(self, role: Role) -> Tongue:
        return self._tongues[role]

    @property
    def chosen_alike(self) -> bool:
        """Whether both chose one language."""
        return same(*(tongue.chosen for tongue in self._tongues.values()))

    @property
    def alike(self) -> bool:
        """Whether both are believed to speak one language, by choice or by what was heard."""
        return same(*(tongue.believed for tongue in self._tongues.values()))

    def choose(self, role: Role, language: str) -> None:
        """A party chose another language, or AUTO; what was heard from it is forgotten."""
        self._tongues[role] = Tongue(language)
        self._alike_since = None

    def forget(self) -> None:
        """Starts again from what was chosen."""
        for role, tongue in self._tongues.items():
            self.choose(role, tongue.chosen)

    def heard(self, role: Role, language: str, text: str, now: float) -> bool:
        """A piece of what `role` said; whether the party is believed to speak another language from now on."""
        code, letters = known(language), letters_in(text)
        if code is None or not letters:
            return False
        changed = self._tongues[role].heard(code, letters, now)
        self._compare(role, code, letters, now)
        return changed

    def same_language(self, now: float) -> bool:
        """Whether both have spoken one language for long enough that nobody need listen any more."""
        since = self._alike_since
        agreed = all(self._agreed.get(role, 0) >= AGREED for role in PARTIES)
        return since is not None and now - since >= ALIKE_FOR and agreed

    def _compare(self, role: Role, code: str, letters: int, now: float) -> None:
        if not self.alike or not same(code, self._tongues[role].believed):
            self._alike_since = None
            return
        if self._alike_since is None:
            self._alike_since, self._agreed = now, {}
        self._agreed[role] = self._agreed.get(role, 0) + letters


def letters_in(text: str) -> int:
    """How much speech a text is, in letters of an alphabet; some 12 to 14 of them are said in a second."""
    return sum(_weights(text))


def _weights(text: str) -> Iterable[int]:
    return (
        DENSE if "\u2e80" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3" else 1 for sign in text if sign.isalpha()
    )


@lru_cache(maxsize=512)
def _known(code: str) -> str | None:
    try:
        return find(code).code
    except UnknownLanguage:
        return None


@lru_cache(maxsize=512)
def _base(code: str) -> str:
    base = (known(code) or code).replace("_", "-").split("-")[0].lower()
    return BASE.get(base, base)
