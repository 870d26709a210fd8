import string
import unicodedata

import pytest

from telephony.carriers.verbs import Say
from telephony.ivr.languages import ALL, BY_CODE, UnknownLanguage
from telephony.ivr.prompt_file import FALLBACK_PHRASES, PHRASES
from telephony.ivr.prompts import Prompts, available, load

REQUIRED = {
    *("en", "es", "fr", "de", "it", "pt-BR", "zh-Hans", "ja", "ko", "hi", "ar", "ru", "tr", "pl", "nl", "vi"),
    *("id", "uk", "pt-PT", "zh-Hant"),
}
ANNOUNCED = sorted(available())

POLLY_LOCALES = {
    "Joanna": "en-US",
    "Lupe": "es-US",
    "Lea": "fr-FR",
    "Vicki": "de-DE",
    "Bianca": "it-IT",
    "Camila": "pt-BR",
    "Ines": "pt-PT",
    "Zhiyu": "cmn-CN",
    "Kazuha": "ja-JP",
    "Seoyeon": "ko-KR",
    "Kajal": "hi-IN",
    "Hala": "ar-AE",
    "Burcu": "tr-TR",
    "Ola": "pl-PL",
    "Laura": "nl-NL",
}
"""Neural voices of Amazon Polly and their locales (AWS documentation, "Available voices")."""

LANGUAGE_OF_LOCALE = {"cmn-CN": "zh-Hans", "cmn-TW": "zh-Hant", "pt-BR": "pt-BR", "pt-PT": "pt-PT"}

SCRIPTS = {
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "zh-Hans": ("CJK",),
    "zh-Hant": ("CJK",),
    "ko": ("HANGUL",),
    "hi": ("DEVANAGARI",),
    "ar": ("ARABIC",),
    "ru": ("CYRILLIC",),
    "uk": ("CYRILLIC", "MODIFIER LETTER APOSTROPHE"),
}
"""What the letters of a language's announcements are named in Unicode; Latin for the others."""


def phrases_of(prompts: Prompts) -> dict[str, str]:
    return {name: getattr(prompts, name) for name in PHRASES}


def placeholders(phrase: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None)


def test_the_promised_languages_have_announcements() -> None:
    assert available() >= REQUIRED


@pytest.mark.parametrize("code", ANNOUNCED)
def test_every_phrase_is_there_with_exactly_its_placeholders(code: str) -> None:
    assert {name: placeholders(phrase) for name, phrase in phrases_of(load(code)).items()} == {
        name: ["key"] if name == "menu_option" else ["language"] if name == "whisper" else [] for name in PHRASES
    }


@pytest.mark.parametrize("code", ANNOUNCED)
def test_every_language_is_named_and_only_the_two_norwegians_share_a_name(code: str) -> None:
    names = load(code).names
    assert names.keys() == BY_CODE.keys()
    assert names["no"] == names["nb"]
    assert len(set(names.values())) == len(ALL) - 1


@pytest.mark.parametrize("code", ANNOUNCED)
def test_names_can_be_said_aloud_and_given_to_a_recogniser(code: str) -> None:
    prompts = load(code)
    said = [*prompts.names.values(), *(word for words in prompts.spoken.values() for word in words)]
    assert [name for name in said if set(name) & set("(),;/{}")] == []


@pytest.mark.parametrize("code", ANNOUNCED)
def test_phrases_and_names_are_written_in_the_script_of_their_language(code: str) -> None:
    prompts = load(code)
    written = "".join([*phrases_of(prompts).values(), *prompts.names.values()])
    for placeholder in ("{key}", "{language}"):
        written = written.replace(placeholder, "")
    letters = {character for character in written if character.isalpha()}
    wrong = {letter for letter in letters if not unicodedata.name(letter).startswith(SCRIPTS.get(code, ("LATIN",)))}
    assert wrong - {"ー"} == set()


@pytest.mark.parametrize("phrase", ["greeting", "notice", "whisper", "nobody_available", "menu_option"])
def test_no_phrase_was_left_in_another_language(phrase: str) -> None:
    said = [getattr(load(code), phrase) for code in ANNOUNCED]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("code", ANNOUNCED)
def test_the_whisper_ends_with_the_key_that_accepts(code: str) -> None:
    said = load(code).whisper_about("es").text
    assert load(code).names["es"] in said
    assert [character for character in said if character.isdigit()] == ["1"]


@pytest.mark.parametrize("code", ANNOUNCED)
def test_the_voice_belongs_to_the_locale(code: str) -> None:
    prompts = load(code)
    maker, _, voice = prompts.voice.partition(".")
    if maker == "Google":
        assert voice.startswith(f"{prompts.locale}-Wavenet-")
    else:
        assert maker == "Polly"
        assert POLLY_LOCALES[voice.removesuffix("-Neural")] == prompts.locale
        assert voice.endswith("-Neural")


@pytest.mark.parametrize("code", ANNOUNCED)
def test_the_locale_belongs_to_the_language(code: str) -> None:
    prompts = load(code)
    assert LANGUAGE_OF_LOCALE.get(prompts.locale, prompts.locale.split("-")[0]) == code
    assert prompts.gather_locale.split("-")[0] == prompts.locale.split("-")[0]


def test_the_recogniser_names_mandarin_with_its_script() -> None:
    assert load("zh-Hans").gather_locale == "cmn-Hans-CN"
    assert load("zh-Hant").gather_locale == "cmn-Hant-TW"
    assert load("fr").gather_locale == load("fr").locale == "fr-FR"


def test_a_phrase_is_said_in_its_language_and_voice() -> None:
    german = load("de")
    assert german.say(german.goodbye) == Say("Auf Wiederhören.", language="de-DE", voice="Polly.Vicki-Neural")


def test_a_menu_option_names_its_key() -> None:
    assert load("es").option("2").text == "Para español, marque el 2."


def test_a_whisper_names_the_caller_s_language_as_the_agent_calls_it() -> None:
    assert load("es").whisper_about("zh-CN").text.startswith("Llama una persona que habla chino simplificado.")


def test_aliases_load_the_same_announcements() -> None:
    assert load("zh-CN") == load("zh-Hans")
    assert load("zh_CN").language == "zh-Hans"


def test_an_unknown_language_is_refused_to_load_and_to_name() -> None:
    with pytest.raises(UnknownLanguage):
        load("gr")
    with pytest.raises(UnknownLanguage):
        load("en").name_of("gr")


@pytest.mark.parametrize("code", ANNOUNCED)
def test_a_language_with_announcements_needs_no_note(code: str) -> None:
    prompts = load(code)
    assert (prompts.language, prompts.is_fallback, prompts.fallback_note) == (code, False, "")


@pytest.mark.parametrize("code", sorted(BY_CODE.keys() - set(ANNOUNCED)))
def test_a_language_without_announcements_hears_english_and_is_told_so(code: str) -> None:
    prompts, english, name = load(code), load("en"), BY_CODE[code].name
    assert prompts.is_fallback
    assert prompts.language == code
    assert prompts.fallback_note == (f"Announcements are not available in {name}; you will hear them in English.")
    assert (prompts.locale, prompts.voice, prompts.notice) == (english.locale, english.voice, english.notice)
    assert prompts.option("7").text == f"For {name}, press 7."


def test_only_english_speaks_for_others() -> None:
    assert set(FALLBACK_PHRASES) == {"note", "option"}
    assert not load("en").is_fallback
