"""What the line says in each language, and in which voice.

One TOML file a language lies in `prompts/`; a language without one is announced in English and says so. Voices are
those of Twilio's text-to-speech list (`Polly.<Name>-Neural`, `Google.<locale>-Wavenet-<X>`), and so are the locales
(Mandarin is cmn-CN there); the recogniser of `<Gather>` names Mandarin cmn-Hans-CN.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from telephony.carriers.verbs import Say
from telephony.ivr.languages import ALL, BY_CODE, Language, find
from telephony.ivr.prompt_file import PromptFile, parse

FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is said to people who speak `language`; where `is_fallback`, it is said in English.

    `locale` and `voice` are for Say, `gather_locale` for Gather. A phrase with placeholders (they stand in
    `prompt_file.PHRASES`) has a method that fills them in and says it. `fallback_note` is empty unless `is_fallback`.
    """

    language: str
    is_fallback: bool
    fallback_note: str
    locale: str
    voice: str
    gather_locale: str
    greeting: str
    reprompt: str
    menu_option: str
    notice: str
    whisper: str
    accepted: str
    other_hung_up: str
    nobody_available: str
    technical_problem: str
    call_ended: str
    goodbye: str
    menu_auto: str
    not_for_emergencies: str
    consent: str
    consent_given: str
    consent_refused: str
    interpreter_lost: str
    queue_place: str
    queue_wait: str
    queue_wait_short: str
    leave_message: str
    message_kept: str
    agent_pin: str
    agent_pin_wrong: str
    agent_pin_refused: str
    agent_states: str
    agent_ready: str
    agent_away: str
    agent_wrap_up: str
    dialing: str
    outgoing_notice: str
    not_reached: str
    keys: str
    human_coming: str
    human_unavailable: str
    human_whisper: str
    interpretation_off: str
    interpretation_on: str
    language_set: str
    line_full: str
    caller_limit: str
    time_limit: str
    time_up: str
    service_ending: str
    names: Mapping[str, str] = field(hash=False, repr=False)
    spoken: Mapping[str, tuple[str, ...]] = field(hash=False, repr=False)

    def say(self, text: str) -> Say:
        """`text` (one of the phrases) in this voice."""
        return Say(text, language=self.locale, voice=self.voice)

    def option(self, key: str) -> Say:
        """The menu's line for this language: which key chooses it."""
        return self.say(self.menu_option.format(key=key))

    def whisper_about(self, caller_language: str) -> Say:
        """What the agent hears before accepting. Raises UnknownLanguage."""
        return self.say(self.whisper.format(language=self.name_of(caller_language)))

    def key_for_any(self, key: str) -> Say:
        """The menu's line for whoever speaks a language that is not on offer: which key to press before speaking."""
        return self.say(self.menu_auto.format(key=key))

    def place_in_line(self, place: int) -> Say:
        """How many are served before, this call included: 1 is next."""
        return self.say(self.queue_place.format(place=place))

    def wait(self, minutes: int) -> Say:
        """The expected wait in whole minutes; less than one is said as such."""
        return self.say(self.queue_wait.format(minutes=minutes) if minutes > 0 else self.queue_wait_short)

    def dialing_for(self, their_language: str) -> Say:
        """To whoever had a call placed, before the other party is rung. Raises UnknownLanguage."""
        return self.say(self.dialing.format(language=self.name_of(their_language)))

    def outgoing(self, caller_language: str) -> Say:
        """The first words to the party that was called: who calls, and that a machine interprets.

        Raises UnknownLanguage.
        """
        return self.say(self.outgoing_notice.format(language=self.name_of(caller_language)))

    def human_whisper_about(self, language: str, other: str) -> Say:
        """What a human interpreter hears before joining a call between the two languages. Raises UnknownLanguage."""
        return self.say(self.human_whisper.format(language=self.name_of(language), other=self.name_of(other)))

    def language_is(self, code: str) -> Say:
        """Which language this party hears from now on. Raises UnknownLanguage."""
        return self.say(self.language_set.format(language=self.name_of(code)))

    def name_of(self, code: str) -> str:
        """What the language `code` is called in the middle of a sentence. Raises UnknownLanguage."""
        return self.names[code] if code in self.names else self.names[find(code).code]


def available() -> frozenset[str]:
    """The codes of the languages that have announcements of their own."""
    return frozenset(code for code in BY_CODE if _file_of(code).is_file())


@lru_cache(maxsize=len(ALL))
def load(code: str) -> Prompts:
    """The announcements for speakers of `code`. Raises UnknownLanguage, and BadPrompts for a file in disorder."""
    language = find(code)
    if _file_of(language.code).is_file():
        file = _read(language.code)
        return _prompts(language, file, file.phrases)
    english = _read(FALLBACK)
    option = english.fallback["option"].format(language=language.name, key="{key}")
    note = english.fallback["note"].format(language=language.name)
    return _prompts(language, english, {**english.phrases, "menu_option": option}, note)


def _prompts(language: Language, file: PromptFile, phrases: Mapping[str, str], note: str = "") -> Prompts:
    return Prompts(
        language=language.code,
        is_fallback=bool(note),
        fallback_note=note,
        locale=file.locale,
        voice=file.voice,
        gather_locale=file.gather_locale,
        names=file.names,
        spoken=file.spoken,
        **phrases,
    )


@lru_cache(maxsize=len(ALL))
def _read(code: str) -> PromptFile:
    return parse(f"prompts/{code}.toml", _file_of(code).read_text(encoding="utf-8"))


def _file_of(code: str) -> Traversable:
    return files("telephony.ivr").joinpath("prompts", f"{code}.toml")
