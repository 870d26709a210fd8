"""numbers.toml: what each number of ours is to its callers. PURE; the format is in infra/examples/numbers.toml."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from telephony.calls.agent import Agent, Circle
from telephony.calls.guards.destinations import E164
from telephony.calls.profile import AUTO, HOUSE, OriginalVoice, Profile
from telephony.directory import readings
from telephony.directory.document import Document
from telephony.directory.faults import hidden, masked
from telephony.directory.table import Table, tables

KEYS: Final = (
    "name",
    "numbers",
    "languages",
    "agent_language",
    "greeting",
    "groups",
    "agents",
    "emergencies_notice",
    "recording",
    "human_interpreter",
    "human_after_s",
    "original_voice",
    "max_call_s",
    "queue_limit",
    "queue_s",
    "messages",
)
MOST_LANGUAGES: Final = 9
"""One key, 1 to 9, chooses a language."""

LONGEST_CALL: Final = 14_400.0
"""Seconds: Twilio ends calls after four hours, unless an account has more (Twilio docs, Programmable Voice limits)."""

SOFTEST, LOUDEST = -40.0, 0.0
"""dB of the original voice under the translation."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a line is read with: the house's languages (and "auto"), whom and where it may dial, its own numbers."""

    languages: tuple[str, ...]
    agent_language: str
    agents: tuple[Agent, ...]
    countries: Collection[str] | None
    own: Collection[str]


def numbers_in(values: dict[str, Any]) -> frozenset[str]:
    """Every number of ours that a file names, whatever else is wrong in it."""
    return frozenset(_texts(values.get("number")))


def _texts(entries: Any) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else ():
        numbers = entry.get("numbers") if isinstance(entry, dict) else None
        for number in numbers if isinstance(numbers, list) else ():
            if isinstance(number, str) and E164.fullmatch(number):
                yield number


def read_profiles(document: Document, around: Around) -> tuple[Profile, ...]:
    """The lines of a file; what is wrong is noted in it."""
    profiles = []
    firsts: dict[str, Table] = {}
    for table in tables(document.values, "number", document.faults, KEYS):
        profile = _profile(table, around)
        _check_own(table, profile, firsts)
        profiles.append(profile)
    return tuple(profiles)


def _profile(table: Table, around: Around) -> Profile:
    languages, auto = _languages(table, around.languages)
    human = table.one("human_interpreter", readings.address(around.countries, around.own), None)
    return Profile(
        name=table.one("name", readings.label, "", like='"clinic"'),
        languages=languages,
        agent_language=table.one("agent_language", readings.language, around.agent_language),
        numbers=table.many("numbers", readings.own_number, like='["+12025550123"]'),
        auto=auto,
        greetings=MappingProxyType(dict(_greetings(table, languages, auto))),
        circle=_circle(table, around.agents),
        emergencies_notice=table.flag("emergencies_notice", False),
        recording=table.flag("recording", False),
        human_interpreter=human,
        human_after_s=_human_after(table),
        original_voice=_original_voice(table),
        max_call_s=table.seconds("max_call_s", None, 60.0, LONGEST_CALL),
        queue_limit=table.whole("queue_limit", 10, 0, 1000),
        queue_s=table.seconds("queue_s", 300.0, 0.0, LONGEST_CALL),
        messages=table.flag("messages", True),
    )


def _languages(table: Table, house: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The languages on offer, and whether any other is."""
    offered = table.many("languages", readings.offered, like='["en", "es"]') or house
    if len(offered) > MOST_LANGUAGES:
        table.wrong("languages", f"languages are {len(offered)}; one key chooses one, so {MOST_LANGUAGES} at most")
    if AUTO in offered[:-1]:
        table.wrong("languages", f'languages hold "{AUTO}" among others; write it as the last, or alone')
    return tuple(code for code in offered if code != AUTO), AUTO in offered


def _greetings(table: Table, languages: tuple[str, ...], auto: bool) -> Iterator[tuple[str, str]]:
    inner = table.inner("greeting", '{ en = "Welcome.", es = "Le damos la bienvenida." }')
    for given in inner:
        try:
            code = readings.language(given)
        except ValueError as wrong:
            inner.wrong(given, f"greeting in {masked(given)}, which {wrong}")
            continue
        if code not in languages and not auto:
            inner.wrong(given, f"greeting in {code} is never said; the languages here are {', '.join(languages)}")
        yield code, inner.one(given, readings.greeting, "", show=hidden, called=f"greeting in {code}")


def _circle(table: Table, agents: tuple[Agent, ...]) -> Circle:
    groups = {group for agent in agents for group in agent.groups}
    names = {agent.name for agent in agents}
    return Circle(
        groups=frozenset(table.many("groups", readings.group_of(groups), like='["night-shift"]')),
        names=frozenset(table.many("agents", readings.name_of(names), show=hidden, like='["Agent Seven"]')),
    )


def _human_after(table: Table) -> float | None:
    after = table.seconds("human_after_s", None, 5.0, 600.0)
    if after is not None and "human_interpreter" not in table:
        table.wrong("human_after_s", 'human_after_s needs somebody to dial; add human_interpreter = "+12025550123"')
    return after


def _original_voice(table: Table) -> OriginalVoice:
    return table.level("original_voice", SOFTEST, LOUDEST)


def _check_own(table: Table, profile: Profile, firsts: dict[str, Table]) -> None:
    """No two lines share a name or a number, and each has a number."""
    if profile.name == HOUSE:
        table.wrong("name", f'name "{HOUSE}" is that of the line the settings make; choose another')
    if profile.name and (first := firsts.setdefault(profile.name, table)) is not table:
        table.wrong("name", f"name stands in line {first.line_of('name')} already; each [[number]] has one of its own")
    if "numbers" not in table:
        table.lacks("numbers", '["+12025550123"]')
    for number in profile.numbers:
        if (first := firsts.setdefault(number, table)) is not table:
            at = first.line_of("numbers")
            table.wrong("numbers", f"numbers hold one that stands in line {at} already; each belongs to one [[number]]")
