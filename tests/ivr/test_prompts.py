import pytest

from telephony.carriers.verbs import Say
from telephony.ivr.languages import ALL, BY_CODE, UnknownLanguage
from telephony.ivr.prompt_file import FALLBACK_PHRASES
from telephony.ivr.prompts import available, load

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
"""Neural voices of Amazon Polly and their locales (AWS documentation, "Available voices").

All of them are on Twilio's list (Twilio documentation, "Text-to-Speech").
"""

GOOGLE_VOICES = {
    "Google.cmn-TW-Wavenet-A",
    "Google.id-ID-Wavenet-A",
    "Google.ru-RU-Wavenet-A",
    "Google.uk-UA-Wavenet-A",
    "Google.vi-VN-Wavenet-A",
}
"""Voices of Google that are on Twilio's list (Twilio documentation, "Text-to-Speech")."""

LANGUAGE_OF_LOCALE = {"cmn-CN": "zh-Hans", "cmn-TW": "zh-Hant", "pt-BR": "pt-BR", "pt-PT": "pt-PT"}


def test_the_promised_languages_have_announcements() -> None:
    assert available() >= REQUIRED


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
def test_what_is_said_about_languages_calls_them_by_name(code: str) -> None:
    prompts = load(code)
    spanish, german = prompts.name_of("es"), prompts.name_of("de")
    for said in (prompts.whisper_about, prompts.dialing_for, prompts.outgoing, prompts.language_is):
        assert spanish in said("es").text
        assert german in said("de").text
    between = prompts.human_whisper_about("es", "de").text
    assert between.index(spanish) < between.index(german)


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_every_phrase_can_be_filled_in_for_everybody(code: str) -> None:
    prompts = load(code)
    said = [
        prompts.option("7"),
        prompts.key_for_any("9"),
        prompts.place_in_line(12),
        prompts.wait(15),
        prompts.wait(0),
        prompts.dialing_for("fr"),
        prompts.outgoing("fr"),
        prompts.human_whisper_about("fr", "ja"),
        prompts.language_is("fr"),
    ]
    assert [say.text for say in said if set(say.text) & set("{}")] == []
    assert {(say.language, say.voice) for say in said} == {(prompts.locale, prompts.voice)}


def test_a_place_and_a_wait_are_told_in_numbers() -> None:
    english = load("en")
    assert english.place_in_line(3).text == "All our agents are busy. Your place in line: 3."
    assert english.wait(4).text == "Expected wait in minutes: 4."


@pytest.mark.parametrize("code", ANNOUNCED)
def test_a_wait_of_less_than_a_minute_is_told_without_a_number(code: str) -> None:
    prompts = load(code)
    assert prompts.wait(0) == prompts.say(prompts.queue_wait_short)
    assert "1" in prompts.wait(1).text


def test_an_alias_is_named_as_the_language_it_stands_for() -> None:
    assert load("de").language_is("iw").text == "Sie hören jetzt Hebräisch."
    with pytest.raises(UnknownLanguage):
        load("de").outgoing("gr")


@pytest.mark.parametrize("code", ANNOUNCED)
def test_the_voice_belongs_to_the_locale(code: str) -> None:
    prompts = load(code)
    maker, _, voice = prompts.voice.partition(".")
    if maker == "Google":
        assert prompts.voice in GOOGLE_VOICES
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
