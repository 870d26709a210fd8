"""What a number of ours is to its callers: languages, words, who answers, what is asked and kept, its bounds. PURE."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from telephony.calls.agent import EVERYBODY, Circle

AUTO: Final = "auto"
"""Chosen, in place of a language's code, by who is going to be heard."""

HOUSE: Final = "house"
"""The name of the profile that the settings make, for numbers that no other profile has."""

OriginalVoice = float | Literal["off"] | None


@dataclass(frozen=True, slots=True)
class Profile:
    """One line. `name` is what records and metrics call it; `numbers` are dialled by callers (E.164).

    `languages` are on offer, key 1 first; with `auto` so is any other, found out by listening, and with `auto` alone
    nobody is asked. `agent_language` is that of agents who name none of their own. `greetings` replaces the greeting,
    by language. A machine that interprets is always told; `emergencies_notice` adds that this line is not for those.
    `recording` asks each party for consent first. `human_interpreter` is the address that `*0` dials, and that is
    dialled by itself when interpretation fails for `human_after_s` seconds (None: only when asked for).
    `original_voice` is a level in dB, "off", or None as the house has it; so is None for `max_call_s`. `queue_limit`
    callers wait at most, each `queue_s` seconds before they may leave a message, where `messages` are taken.
    """

    name: str
    languages: tuple[str, ...]
    agent_language: str
    numbers: tuple[str, ...] = field(default=(), repr=False)
    auto: bool = False
    greetings: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)
    circle: Circle = EVERYBODY
    emergencies_notice: bool = False
    recording: bool = False
    human_interpreter: str | None = field(default=None, repr=False)
    human_after_s: float | None = None
    original_voice: OriginalVoice = None
    max_call_s: float | None = None
    queue_limit: int = 10
    queue_s: float = 300.0
    messages: bool = True

    @property
    def asks(self) -> bool:
        """Whether the caller is offered a choice of languages."""
        return len(self.languages) + self.auto > 1

    @property
    def first_language(self) -> str:
        """What the caller is greeted in, and the language of one who chooses none; the agents' where none is named."""
        return self.languages[0] if self.languages else self.agent_language

    def greeting(self, language: str) -> str | None:
        """This line's own greeting in `language`; None: the house's."""
        return self.greetings.get(language)


def house_profile(languages: tuple[str, ...], agent_language: str, number: str = "", *, auto: bool = False) -> Profile:
    """The line that the settings alone describe."""
    return Profile(HOUSE, languages, agent_language, (number,) if number else (), auto)


class Profiles:
    """Which line a call came in on."""

    def __init__(self, house: Profile, profiles: Iterable[Profile] = ()) -> None:
        self.house = house
        self._by_number: dict[str, Profile] = {}
        self._by_name: dict[str, Profile] = {}
        self.replace(profiles)

    def replace(self, profiles: Iterable[Profile]) -> None:
        """Other lines. A call keeps the profile it began with."""
        by_name = {profile.name: profile for profile in profiles}
        self._by_name = {self.house.name: self.house, **by_name}
        self._by_number = {number: profile for profile in by_name.values() for number in profile.numbers}

    def for_number(self, called: str) -> Profile:
        """The line of the number a caller dialled; the house's own where none has it."""
        return self._by_number.get(called, self.house)

    def named(self, name: str) -> Profile:
        """The line of that name, for a call that is found again; the house's own where it is there no more."""
        return self._by_name.get(name, self.house)

    @property
    def all(self) -> tuple[Profile, ...]:
        """Every line, the house's first."""
        return tuple(self._by_name.values())

    @property
    def numbers(self) -> frozenset[str]:
        """Every number of ours: none of them is ever dialled."""
        return frozenset({*self._by_number, *self.house.numbers})
