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

    `locale` and `voice` are for Say, `gather_locale` for Gather. `menu_option` holds {key} and `whisper` {language};
    `option` and `whisper_about` fill them in. `fallback_note` is empty unless `is_fallback`.
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
    interpreter_unavailable: str
    technical_problem: str
    call_ended: str
    goodbye: str
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
