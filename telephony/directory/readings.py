"""What the texts of the files mean, and how to write them where they mean nothing. PURE.

Each raises ValueError whose text goes on after the value: "is no ...; write it like ...".
"""

import re
from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import Final

from telephony.calls.guards.destinations import E164, Refusal, Refused, check_configured
from telephony.calls.hours import Span, parse_line
from telephony.calls.profile import AUTO
from telephony.ivr.languages import UnknownLanguage, find

LONGEST_NAME: Final = 60
LONGEST_GREETING: Final = 500

_GROUP: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PIN: Final = re.compile(r"[0-9]{4,12}")


def agent_name(text: str) -> str:
    """What an agent is called in records: any short text that is no number."""
    name = text.strip()
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise ValueError(f"should be a text of 1 to {LONGEST_NAME} characters on one line")
    if sum(c.isdecimal() for c in name) >= 7:
        raise ValueError("looks like a phone number, and names stand in records; write a name")
    return name


def label(text: str) -> str:
    """The name of a line or of a group."""
    if not _GROUP.fullmatch(text):
        raise ValueError('should be small letters, digits and hyphens, like "night-shift"')
    return text


def language(text: str) -> str:
    """A language's code as the engine has it."""
    try:
        return find(text).code
    except UnknownLanguage as unknown:
        meant = ", ".join(f"{one.code} ({one.name})" for one in unknown.nearest)
        nearest = f"nearest: {meant}; " if meant else ""
        raise ValueError(f"is no language code; {nearest}all codes: telephony languages") from None


def offered(text: str) -> str:
    """A language's code, or "auto"."""
    return AUTO if text.strip().casefold() == AUTO else language(text)


def own_number(text: str) -> str:
    """A number of ours."""
    if not E164.fullmatch(text):
        raise ValueError("is no number with its country code; write it like +12025550123")
    return text


def address(countries: Collection[str] | None, own: Collection[str]) -> Callable[[str], str]:
    """Where an agent or an interpreter is rung, as the guards allow it."""

    def read(text: str) -> str:
        try:
            return check_configured(text, countries, own)
        except Refused as refused:
            raise ValueError(_remedy(text, refused)) from None

    return read


def _remedy(text: str, refused: Refused) -> str:
    if refused.reason is Refusal.NO_NUMBER:
        return f"is no number, client: or sip: address; write it like {_likeness(text)}"
    return refused.remedy


def _likeness(text: str) -> str:
    """An example of what was meant."""
    if text.startswith("client:"):
        return "client:agent_7 (letters, digits and _ . @ -)"
    return "sip:agent@pbx.example.com" if text.startswith("sip") else "+12025550123"


def pin(text: str) -> str:
    """Digits for a telephone's keys."""
    if not _PIN.fullmatch(text):
        raise ValueError("should be 4 to 12 digits, better 6 or more")
    if len(set(text)) == 1 or text in "01234567890" or text in "09876543210":
        raise ValueError("is one of the first to be guessed; write another")
    return text


def hours(text: str) -> tuple[Span, ...]:
    """One line of opening hours."""
    return parse_line(text)


def greeting(text: str) -> str:
    """What is said first on a line."""
    if not text.strip() or not text.isprintable() or len(text) > LONGEST_GREETING:
        raise ValueError(f"should be a text of 1 to {LONGEST_GREETING} characters on one line")
    return text.strip()


def group_of(groups: Collection[str]) -> Callable[[str], str]:
    """One of the `groups` that the agents are in."""

    def read(text: str) -> str:
        if text in groups:
            return text
        near = get_close_matches(text, sorted(groups), n=1, cutoff=0.6)
        hint = f"nearest: {near[0]}" if near else "add it to the groups of one"
        raise ValueError(f"is a group that no agent is in; {hint}")

    return read


def name_of(names: Collection[str]) -> Callable[[str], str]:
    """One of the `names` of the agents, none of which is repeated."""

    def read(text: str) -> str:
        if text in names:
            return text
        raise ValueError("hold a name that no agent has; write it as in agents.toml")

    return read
