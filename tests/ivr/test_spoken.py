import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ivr.languages import ALL, Language
from telephony.ivr.prompts import available, load
from telephony.ivr.spoken import EVERY, SAME_NAME, matches_any, matches_spoken, names_of

NINE = ("en", "es", "fr", "de", "zh-Hans", "ja", "ar", "ru", "vi")
OTHERS = ("ko", "hi", "tr", "pl", "uk", "id", "it", "nl", "he")
SHARED = {"no": "nb", "nb": "no", "pt-BR": "pt-PT", "pt-PT": "pt-BR", "zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}
"""Languages that people call by one name."""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Español, por favor", "es"),
        ("spanish please", "es"),
        ("ESPANOL", "es"),
        ("castellano", "es"),
        ("ich hätte gern Deutsch.", "de"),
        ("日本語をお願いします", "ja"),
        ("普通话", "zh-Hans"),
        ("Chinese", "zh-Hans"),
        ("我想说中文", "zh-Hans"),
        ("بالعربية من فضلك", "ar"),
        ("عربي", "ar"),
        ("по-русски, пожалуйста", "ru"),
        ("tiếng Việt", "vi"),
        ("tieng viet", "vi"),
    ],
)
def test_a_language_is_known_by_its_own_name_or_the_english_one(words: str, code: str) -> None:
    assert matches_spoken(words, NINE) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("한국어로 해주세요", "ko"),
        ("हिंदी", "hi"),
        ("हिन्दी में बात करनी है", "hi"),
        ("Türkçe lütfen", "tr"),
        ("po polsku", "pl"),
        ("українською", "uk"),
        ("bahasa Indonesia", "id"),
        ("in italiano, grazie", "it"),
        ("Nederlands", "nl"),
        ("בעברית בבקשה", "he"),
    ],
)
def test_the_forms_that_speakers_use_of_their_own_language_are_known(words: str, code: str) -> None:
    assert matches_spoken(words, OTHERS) == code


@pytest.mark.parametrize(
    ("words", "code"), [("inglés", "en"), ("anglais", "en"), ("法语", "fr"), ("Tiếng Anh", "en"), ("испанский", "es")]
)
def test_any_offered_language_s_word_for_another_is_known(words: str, code: str) -> None:
    assert matches_spoken(words, NINE) == code


def test_the_words_of_a_language_that_is_not_offered_are_not_known() -> None:
    assert matches_spoken("अंग्रेज़ी", NINE) is None
    assert matches_spoken("French", ("en", "es")) is None


@pytest.mark.parametrize("words", ["", "hello?", "two", "anglaises", "Englishman", "no"])
def test_words_that_name_no_language_match_none(words: str) -> None:
    assert matches_spoken(words, NINE) is None


@pytest.mark.parametrize("words", ["English or Spanish", "no español, inglés", "日本語 français"])
def test_two_languages_named_match_none(words: str) -> None:
    assert matches_spoken(words, NINE) is None


def test_a_longer_name_wins_over_a_shorter_one_in_it() -> None:
    both = ("pt-BR", "pt-PT", "es")
    assert matches_spoken("Brazilian Portuguese", both) == "pt-BR"
    assert matches_spoken("european portuguese, please", both) == "pt-PT"
    assert matches_spoken("portugués", both) is None
    assert matches_spoken("portugués", ("pt-PT", "es")) == "pt-PT"


def test_a_language_s_own_name_wins_over_its_loose_use_for_a_neighbour() -> None:
    both = ("zh-Hans", "zh-Hant")
    assert matches_spoken("國語", both) == "zh-Hant"
    assert matches_spoken("普通话", both) == "zh-Hans"
    assert matches_spoken("中文", both) is None
    assert matches_spoken("國語", ("en", "zh-Hans")) == "zh-Hans"


@pytest.mark.parametrize("spoken_in", sorted(available()))
def test_every_language_is_known_by_its_name_in_every_language_with_announcements(spoken_in: str) -> None:
    names = load(spoken_in).names
    asked_for = [language.code for language in ALL if SHARED.get(language.code) != spoken_in]
    understood = {code: matches_spoken(f"{names[code]}!", {code, spoken_in, "en"}) for code in asked_for}
    assert understood == {code: code for code in asked_for}


@pytest.mark.parametrize("name_kind", ["autonym", "name"])
def test_no_language_s_own_name_is_another_s(name_kind: str) -> None:
    every = tuple(language.code for language in ALL if language.code not in ("nb", "pt-PT", "zh-Hant"))
    for language in ALL:
        if language.code in every:
            assert matches_spoken(getattr(language, name_kind), every) == language.code


@pytest.mark.parametrize("spoken_in", sorted(available()))
def test_among_all_languages_each_is_known_by_its_name_in_every_one_with_announcements(spoken_in: str) -> None:
    prompts = load(spoken_in)
    understood = {code: matches_any(f"{prompts.name_of(code)}!", (code,)) for code in EVERY}
    assert understood == {code: code for code in EVERY}


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.code)
def test_among_all_languages_each_is_known_by_the_names_its_speakers_give_it(language: Language) -> None:
    for name in (language.autonym, language.name, *language.also):
        assert matches_any(name, (language.code,)) == language.code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("I would like to speak Thai", "th"),
        ("je voudrais parler suédois, merci", "sv"),
        ("ภาษาไทย", "th"),
        ("European Portuguese", "pt-PT"),
        ("norsk bokmål", "nb"),
    ],
)
def test_among_all_languages_one_that_is_not_on_offer_is_known(words: str, code: str) -> None:
    assert matches_any(words, ("en", "es")) == code


@pytest.mark.parametrize("words", ["", "hello?", "two", "yes please", "Thai or Swedish", "Chinese and English"])
def test_among_all_languages_none_or_two_named_match_none(words: str) -> None:
    assert matches_any(words, ("en", "es")) is None


@pytest.mark.parametrize(("name", "group"), list(zip(("Chinese", "Portuguese", "Norwegian"), SAME_NAME, strict=True)))
def test_a_name_of_two_languages_means_the_one_on_offer_or_the_one_more_widely_spoken(
    name: str, group: tuple[str, str]
) -> None:
    assert matches_any(name, ("en",)) == group[0]
    assert [matches_any(name, ("en", code)) for code in group] == list(group)
    assert matches_any(name, group) is None


def test_the_names_of_a_language_begin_with_its_own_and_none_comes_twice() -> None:
    names = names_of("es", ("en", "fr"))
    assert names[:2] == ("español", "Spanish")
    assert "espagnol" in names
    assert "Spanisch" not in names
    assert len(set(names)) == len(names)


@given(st.text(), st.sampled_from([NINE, OTHERS, ("en",), ()]))
def test_no_words_whatever_raise(words: str, offered: tuple[str, ...]) -> None:
    assert matches_spoken(words, offered) in (*offered, None)


@given(st.text())
def test_no_words_whatever_raise_among_all_languages(words: str) -> None:
    assert matches_any(words, ("en",)) in (*EVERY, None)
