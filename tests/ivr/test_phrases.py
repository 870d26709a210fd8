import re
import string
import unicodedata

import pytest

from telephony.ivr.keys import COMMANDS
from telephony.ivr.prompt_file import PHRASES
from telephony.ivr.prompts import Prompts, available, load

ANNOUNCED = sorted(available())

PLACEHOLDERS = {
    "menu_option": ["key"],
    "whisper": ["language"],
    "menu_auto": ["key"],
    "queue_place": ["place"],
    "queue_wait": ["minutes"],
    "dialing": ["language"],
    "outgoing_notice": ["language"],
    "human_whisper": ["language", "other"],
    "language_set": ["language"],
}
"""The phrases that are filled in before they are said."""

KEYS_NAMED = {
    "whisper": "1",
    "consent": "12",
    "agent_states": "123",
    "dialing": "1",
    "human_whisper": "1",
    "keys": "".join(digit for digit in COMMANDS if digit.isdecimal()),
}
"""The digits in a phrase, in the order in which they are said: each is a key to press."""

FOREIGN_MARKS = {
    "ar": ",;?",
    "hi": ".",
    "ja": ",.:;?",
    "zh-Hans": ",.:;?",
    "zh-Hant": ",.:;?",
}
"""Marks of other scripts, for which the language has its own."""

LONGEST = 300
"""Characters in a phrase: some 25 seconds, more than anybody listens to."""

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


def sentences_of(prompts: Prompts) -> set[str]:
    return {sentence.strip() for phrase in phrases_of(prompts).values() for sentence in phrase.split(".")} - {""}


@pytest.mark.parametrize("code", ANNOUNCED)
def test_every_phrase_is_there_with_exactly_its_placeholders(code: str) -> None:
    assert {name: placeholders(phrase) for name, phrase in phrases_of(load(code)).items()} == {
        name: PLACEHOLDERS.get(name, []) for name in PHRASES
    }


@pytest.mark.parametrize("code", ANNOUNCED)
def test_phrases_and_names_are_written_in_the_script_of_their_language(code: str) -> None:
    prompts = load(code)
    written = "".join([*phrases_of(prompts).values(), *prompts.names.values()])
    written = re.sub(r"\{\w+\}", "", written)
    letters = {character for character in written if character.isalpha()}
    wrong = {letter for letter in letters if not unicodedata.name(letter).startswith(SCRIPTS.get(code, ("LATIN",)))}
    assert wrong - {"ー"} == set()


@pytest.mark.parametrize("phrase", ["greeting", "notice", "whisper", "nobody_available", "menu_option"])
def test_no_phrase_was_left_in_another_language(phrase: str) -> None:
    said = [getattr(load(code), phrase) for code in ANNOUNCED]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("code", [code for code in ANNOUNCED if code != "en"])
def test_no_sentence_was_left_in_english(code: str) -> None:
    assert sentences_of(load(code)) & sentences_of(load("en")) == set()


@pytest.mark.parametrize("code", ANNOUNCED)
def test_no_phrase_is_longer_than_anybody_listens(code: str) -> None:
    assert {name: len(phrase) for name, phrase in phrases_of(load(code)).items() if len(phrase) > LONGEST} == {}


@pytest.mark.parametrize("code", ANNOUNCED)
def test_every_phrase_is_whole_sentences_with_single_spaces_between_words(code: str) -> None:
    phrases = phrases_of(load(code))
    assert [name for name, phrase in phrases.items() if phrase[-1] not in ".。।"] == []
    assert [name for name, phrase in phrases.items() if "  " in phrase or phrase != phrase.strip()] == []


@pytest.mark.parametrize(("code", "marks"), FOREIGN_MARKS.items())
def test_phrases_are_punctuated_as_their_language_is(code: str, marks: str) -> None:
    assert [name for name, phrase in phrases_of(load(code)).items() if set(phrase) & set(marks)] == []


def test_a_french_colon_stands_after_a_space_that_does_not_break() -> None:
    before = {before for phrase in phrases_of(load("fr")).values() for before in re.findall(r"(.)[:;!?]", phrase)}
    assert before == {"\N{NO-BREAK SPACE}"}


@pytest.mark.parametrize("code", ANNOUNCED)
def test_a_phrase_names_the_keys_to_press_and_no_other_digits(code: str) -> None:
    digits = {name: "".join(re.findall(r"\d", phrase)) for name, phrase in phrases_of(load(code)).items()}
    assert {name: found for name, found in digits.items() if found} == KEYS_NAMED
