"""One language's announcements as written in `prompts/<code>.toml`: reading them and refusing what is not complete.

[voice]     locale, name; gather_locale where the recogniser names the language differently from the voice
[phrases]   every phrase of `PHRASES`, with exactly its placeholders
[names]     every language of the list, as written in the middle of a sentence of this language
[spoken]    further words by which speakers of this language call a language (optional)
[fallback]  note and option, said in this language for a language that has no file (en.toml only)
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Final

from telephony.ivr.languages import BY_CODE

PHRASES: Final[Mapping[str, frozenset[str]]] = {
    "greeting": frozenset(),
    "reprompt": frozenset(),
    "menu_option": frozenset({"key"}),
    "notice": frozenset(),
    "whisper": frozenset({"language"}),
    "accepted": frozenset(),
    "other_hung_up": frozenset(),
    "nobody_available": frozenset(),
    "technical_problem": frozenset(),
    "call_ended": frozenset(),
    "goodbye": frozenset(),
    "menu_auto": frozenset({"key"}),
    "not_for_emergencies": frozenset(),
    "consent": frozenset(),
    "consent_given": frozenset(),
    "consent_refused": frozenset(),
    "interpreter_lost": frozenset(),
    "queue_place": frozenset({"place"}),
    "queue_wait": frozenset({"minutes"}),
    "queue_wait_short": frozenset(),
    "leave_message": frozenset(),
    "message_kept": frozenset(),
    "agent_pin": frozenset(),
    "agent_pin_wrong": frozenset(),
    "agent_pin_refused": frozenset(),
    "agent_states": frozenset(),
    "agent_ready": frozenset(),
    "agent_away": frozenset(),
    "agent_wrap_up": frozenset(),
    "dialing": frozenset({"language"}),
    "outgoing_notice": frozenset({"language"}),
    "not_reached": frozenset(),
    "keys": frozenset(),
    "human_coming": frozenset(),
    "human_unavailable": frozenset(),
    "human_whisper": frozenset({"language", "other"}),
    "interpretation_off": frozenset(),
    "interpretation_on": frozenset(),
    "language_set": frozenset({"language"}),
    "line_full": frozenset(),
    "caller_limit": frozenset(),
    "time_limit": frozenset(),
    "time_up": frozenset(),
    "service_ending": frozenset(),
}
FALLBACK_PHRASES: Final[Mapping[str, frozenset[str]]] = {
    "note": frozenset({"language"}),
    "option": frozenset({"language", "key"}),
}
TABLES: Final = frozenset({"voice", "phrases", "names", "spoken", "fallback"})


class BadPrompts(ValueError):
    """A file of announcements is not what it should be; the text names the file, the place and what was expected."""


@dataclass(frozen=True, slots=True)
class PromptFile:
    """The contents of one file, checked."""

    locale: str
    voice: str
    gather_locale: str
    phrases: Mapping[str, str] = field(hash=False)
    names: Mapping[str, str] = field(hash=False)
    spoken: Mapping[str, tuple[str, ...]] = field(hash=False)
    fallback: Mapping[str, str] = field(hash=False)


def parse(source: str, text: str) -> PromptFile:
    """The announcements in `text`; `source` names the file in errors. Raises BadPrompts."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPrompts(f"{source}: {error}") from error
    _expect_only(f"{source}: the file", document, TABLES)
    voice = _texts(source, "voice", _table(source, document, "voice"))
    _expect(source, "voice", voice.keys() | {"gather_locale"}, {"locale", "name", "gather_locale"})
    names = _texts(source, "names", _table(source, document, "names"))
    _expect(source, "names", names.keys(), BY_CODE.keys())
    return PromptFile(
        locale=voice["locale"],
        voice=voice["name"],
        gather_locale=voice.get("gather_locale", voice["locale"]),
        phrases=_phrases(source, document, "phrases", PHRASES),
        names=names,
        spoken=_spoken(source, document),
        fallback=_phrases(source, document, "fallback", FALLBACK_PHRASES) if "fallback" in document else {},
    )


def _phrases(
    source: str, document: Mapping[str, Any], table: str, wanted: Mapping[str, frozenset[str]]
) -> Mapping[str, str]:
    phrases = _texts(source, table, _table(source, document, table))
    _expect(source, table, phrases.keys(), wanted.keys())
    for name, phrase in phrases.items():
        if (found := _placeholders(source, name, phrase)) != sorted(wanted[name]):
            raise BadPrompts(f"{source}: {table}.{name} has the placeholders {found}, expected {sorted(wanted[name])}")
    return phrases


def _placeholders(source: str, name: str, phrase: str) -> list[str]:
    try:
        pieces = list(Formatter().parse(phrase))
    except ValueError as error:
        raise BadPrompts(f"{source}: {name}: {error}") from error
    return sorted(
        f"{placeholder}{'!' + conversion if conversion else ''}{':' + layout if layout else ''}"
        for _, placeholder, layout, conversion in pieces
        if placeholder is not None
    )


def _spoken(source: str, document: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    table = _table(source, document, "spoken") if "spoken" in document else {}
    if unknown := table.keys() - BY_CODE.keys():
        raise BadPrompts(f"{source}: [spoken] has unknown languages: {', '.join(sorted(unknown))}")
    for code, words in table.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise BadPrompts(f"{source}: spoken.{code} should be a list of words")
    return {code: tuple(words) for code, words in table.items()}


def _table(source: str, document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name)
    if not isinstance(table, dict):
        raise BadPrompts(f"{source}: expected a table [{name}]")
    return table


def _texts(source: str, name: str, table: Mapping[str, Any]) -> Mapping[str, str]:
    for key, text in table.items():
        if not isinstance(text, str) or not text.strip():
            raise BadPrompts(f"{source}: {name}.{key} should be a text")
    return table


def _expect(source: str, table: str, found: Any, wanted: Any) -> None:
    if missing := set(wanted) - set(found):
        raise BadPrompts(f"{source}: [{table}] lacks {', '.join(sorted(missing))}")
    _expect_only(f"{source}: [{table}]", found, wanted)


def _expect_only(where: str, found: Any, wanted: Any) -> None:
    if unknown := set(found) - set(wanted):
        raise BadPrompts(f"{where} has unknown entries: {', '.join(sorted(unknown))}")
