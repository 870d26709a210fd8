import re
from importlib.resources import files

import pytest

from telephony.ivr.prompt_file import BadPrompts, parse

SPANISH = files("telephony.ivr").joinpath("prompts", "es.toml").read_text(encoding="utf-8")
ENGLISH = files("telephony.ivr").joinpath("prompts", "en.toml").read_text(encoding="utf-8")


def replaced(pattern: str, replacement: str, text: str = SPANISH) -> str:
    changed, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert count == 1
    return changed


def test_the_gather_locale_is_the_voice_s_unless_it_is_given() -> None:
    assert parse("es.toml", SPANISH).gather_locale == parse("es.toml", SPANISH).locale == "es-US"
    changed = replaced(r"^locale = .*$", r'\g<0>\ngather_locale = "es-MX"')
    assert parse("es.toml", changed).gather_locale == "es-MX"


@pytest.mark.parametrize(
    ("pattern", "replacement", "complaint"),
    [
        (r"^greeting = .*\n", "", "[phrases] lacks greeting"),
        (r"^greeting = ", "greting = ", "[phrases] lacks greeting"),
        (r"^goodbye = .*$", r'\g<0>\nfarewell = "Adiós"', "[phrases] has unknown entries: farewell"),
        (r"^goodbye = .*$", 'goodbye = " "', "phrases.goodbye should be a text"),
        (r"^goodbye = .*$", "goodbye = 3", "phrases.goodbye should be a text"),
        (r"el {key}", "el {llave}", "menu_option has the placeholders ['llave'], expected ['key']"),
        (r"el {key}", "el 2", "menu_option has the placeholders [], expected ['key']"),
        (r"el {key}", "el {key} {key}", "menu_option has the placeholders ['key', 'key'], expected ['key']"),
        (r"el {key}", "el {key:>9}", "menu_option has the placeholders ['key:>9'], expected ['key']"),
        (r"el {key}", "el {key!r}", "menu_option has the placeholders ['key!r'], expected ['key']"),
        (r"el {key}", "el {key", "menu_option: expected '}'"),
        (r"^Adiós|Adiós\.", "{language}", "has the placeholders ['language'], expected []"),
        (r"^af = .*\n", "", "[names] lacks af"),
        (r"^af = ", "xx = ", "[names] lacks af"),
        (r"^af = .*$", r'\g<0>\nxx = "xx"', "[names] has unknown entries: xx"),
        (r"^locale = .*\n", "", "[voice] lacks locale"),
        (r"^\[voice\]", "[voices]", "the file has unknown entries: voices"),
        (r"^\[phrases\]", "[phrases]\n[phrases]", "es.toml: Cannot declare"),
        (r"^nl = \[.*$", "nl = 'holandés'", "spoken.nl should be a list of words"),
        (r"^nl = \[", "xx = [", "[spoken] has unknown languages: xx"),
    ],
)
def test_a_file_in_disorder_is_refused_with_the_place(pattern: str, replacement: str, complaint: str) -> None:
    with pytest.raises(BadPrompts, match=re.escape(complaint)) as caught:
        parse("es.toml", replaced(pattern, replacement))
    assert str(caught.value).startswith("es.toml: ")


def test_a_missing_table_is_named() -> None:
    with pytest.raises(BadPrompts, match=re.escape("es.toml: expected a table [voice]")):
        parse("es.toml", replaced(r"(?s)^\[voice\].*?(?=^\[phrases\])", ""))


def test_the_phrases_for_languages_without_a_file_are_checked_too() -> None:
    with pytest.raises(BadPrompts, match=re.escape("option has the placeholders ['language']")):
        parse("en.toml", replaced(r"{language}, press {key}", "{language}, press it", ENGLISH))


def test_the_words_of_a_language_without_further_words_are_none() -> None:
    assert parse("es.toml", replaced(r"(?s)^\[spoken\].*?(?=^# From)", "")).spoken == {}
