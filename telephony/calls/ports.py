"""What calls ask of the rest of the house, besides a carrier and an engine: where they are kept and looked up. PURE.

Nothing here makes a call wait: what is told is told at once and written by somebody else; what is asked has a limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from telephony.calls.snapshot import CallSnapshot


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """What a caller said to nobody: the sound (PCMU 8 kHz), and the words as heard and as interpreted."""

    call: str
    line: str
    language: str
    into: str
    pcmu: bytes = field(repr=False)
    heard: str = field(repr=False)
    interpreted: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Consent:
    """One party's answer to being recorded. `version` names the text that was asked, in `language`."""

    call: str
    leg: str
    language: str
    version: str
    given: bool


class RegisterSilent(Exception):
    """The register cannot answer just now; what was asked may be asked again."""


class Register(Protocol):
    """Where calls outlive the process that carries them."""

    def keep(self, call: CallSnapshot) -> None:
        """Replaces what is known of a call. Never waits, never fails."""
        ...

    async def find(self, call: str) -> CallSnapshot | None:
        """A call by our id, if it has not ended. Raises RegisterSilent."""
        ...

    async def open_calls(self) -> Sequence[CallSnapshot]:
        """Every call that has not ended, whoever carried it."""
        ...

    def digest(self, number: str) -> str:
        """A keyed digest of a phone number, by which its caller is recognised; "" for what is no number."""
        ...

    async def language_of(self, caller: str) -> str | None:
        """The language this caller (by digest) chose last time."""
        ...

    def speaks(self, caller: str, language: str) -> None:
        """Remembers a caller's language. Never waits."""
        ...

    def message(self, message: MessageLeft) -> None:
        """Keeps a message. Never waits."""
        ...

    def consent(self, consent: Consent) -> None:
        """Keeps an answer. Never waits."""
        ...


class NoRegister:
    """Keeps nothing: calls end with the process."""

    def keep(self, call: CallSnapshot) -> None:
        """Nothing is kept."""

    async def find(self, call: str) -> CallSnapshot | None:
        return None

    async def open_calls(self) -> Sequence[CallSnapshot]:
        return ()

    def digest(self, number: str) -> str:
        return ""

    async def language_of(self, caller: str) -> str | None:
        return None

    def speaks(self, caller: str, language: str) -> None:
        """Nothing is kept."""

    def message(self, message: MessageLeft) -> None:
        """Nothing is kept."""

    def consent(self, consent: Consent) -> None:
        """Nothing is kept."""
