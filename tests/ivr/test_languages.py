import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ivr.languages import ALL, BY_CODE, Language, UnknownLanguage, find, nearest


def nearest_codes(given: str) -> list[str]:
    return [language.code for language in nearest(given)]


def test_there_are_79_codes_and_none_twice() -> None:
    assert len(ALL) == 79
    assert len(BY_CODE) == 79


def test_only_norwegian_has_two_codes() -> None:
    names = [language.name for language in ALL]
    assert {name for name in names if names.count(name) > 1} == {"Norwegian"}


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.code)
def test_every_language_has_a_name_and_an_own_name(language: Language) -> None:
    assert language.name.strip()
    assert language.autonym.strip()
    assert all(word.strip() for word in language.also)


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.code)
def test_a_language_is_marked_right_to_left_when_its_own_name_is_written_so(language: Language) -> None:
    directions = {unicodedata.bidirectional(character) for character in language.autonym}
    assert language.right_to_left is bool(directions & {"R", "AL"})


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.code)
def test_a_code_is_found_in_any_case_and_with_underscores(language: Language) -> None:
    code = language.code
    assert find(code) is find(code.upper()) is find(code.lower()) is find(f" {code.replace('-', '_')} ") is language


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("iw", "he"),
        ("in", "id"),
        ("jw", "jv"),
        ("tl", "fil"),
        ("mo", "ro"),
        ("tw", "ak"),
        ("sh", "sr"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_SG", "zh-Hans"),
        ("cmn", "zh-Hans"),
        ("cmn-Hans-CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("pt", "pt-BR"),
        ("pt-AO", "pt-PT"),
        ("en-US", "en"),
        ("EN_gb", "en"),
        ("es-419", "es"),
        ("de-CH-1996", "de"),
        ("spa", "es"),
        ("ger", "de"),
        ("arb", "ar"),
        ("ar-EG", "ar"),
        ("prs", "fa"),
        ("nb-NO", "nb"),
        ("no-NO", "no"),
    ],
)
def test_another_code_for_the_same_language_finds_it(alias: str, code: str) -> None:
    assert find(alias).code == code


@pytest.mark.parametrize("neighbour", ["bs", "gsw", "yue", "nn", "yi", "ga", "ht", "und", "mul", "und-GR", "x", ""])
def test_a_neighbouring_or_unnamed_language_is_not_taken_for_another(neighbour: str) -> None:
    with pytest.raises(UnknownLanguage):
        find(neighbour)


@pytest.mark.parametrize(
    ("given_code", "meant"),
    [
        ("gr", "el"),
        ("sp", "es"),
        ("Spanish", "es"),
        ("español", "es"),
        ("jp", "ja"),
        ("cz", "cs"),
        ("dk", "da"),
        ("se", "sv"),
        ("ua", "uk"),
        ("cn", "zh-Hans"),
        ("kr", "ko"),
        ("br", "pt-BR"),
        ("il", "he"),
        ("bs", "hr"),
        ("yue", "zh-Hant"),
        ("Deutsch", "de"),
        ("farsi", "fa"),
        ("mandarin", "zh-Hans"),
        ("portugese", "pt-BR"),
        ("fr_FR_xx_yy_zzz", "fr"),
    ],
)
def test_the_language_that_was_meant_is_suggested_first(given_code: str, meant: str) -> None:
    assert nearest_codes(given_code)[0] == meant


def test_a_name_that_two_languages_share_suggests_both() -> None:
    assert nearest_codes("Mandarin") == ["zh-Hans", "zh-Hant"]


def test_nothing_is_suggested_for_what_resembles_nothing() -> None:
    assert nearest_codes("qqqqqq") == []


def test_the_error_says_what_was_given_what_was_near_and_where_all_codes_are() -> None:
    with pytest.raises(UnknownLanguage) as caught:
        find("gr")
    assert str(caught.value) == (
        '"gr" is not one of the 79 language codes. Nearest: el (Greek). All codes: telephony languages'
    )
    assert caught.value.given == "gr"


def test_the_error_without_a_suggestion_still_says_where_all_codes_are() -> None:
    with pytest.raises(UnknownLanguage, match=r'^"qqqqqq" is not one .* codes\. All codes: telephony languages$'):
        find("qqqqqq")


@given(st.text(max_size=200))
def test_any_text_finds_a_language_or_one_line_saying_that_it_is_none(text: str) -> None:
    outcome: Language | UnknownLanguage
    try:
        outcome = find(text)
    except UnknownLanguage as unknown:
        outcome = unknown
    assert outcome in ALL or (len(str(outcome).splitlines()) == 1 and not set(nearest(text)) - set(ALL))
