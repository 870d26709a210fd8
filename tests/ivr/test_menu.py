import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.carriers.verbs import Gather, Redirect, Say
from telephony.ivr.languages import ALL, UnknownLanguage
from telephony.ivr.menu import ATTEMPTS, Menu
from telephony.ivr.prompts import load

MENU = Menu(("en", "es", "zh-Hans"))


def gather_of(menu: Menu, attempt: int = 1) -> Gather:
    gather, _ = menu.script(attempt, then="language", again="menu-2")
    assert isinstance(gather, Gather)
    return gather


def test_each_language_is_offered_in_its_own_words_and_voice_key_1_first() -> None:
    assert gather_of(MENU).prompts[1:] == (
        Say("For English, press 1.", language="en-US", voice="Polly.Joanna-Neural"),
        Say("Para español, marque el 2.", language="es-US", voice="Polly.Lupe-Neural"),
        Say("普通话服务，请按 3。", language="cmn-CN", voice="Polly.Zhiyu-Neural"),
    )


def test_the_first_attempt_opens_with_the_greeting_of_the_first_language() -> None:
    assert gather_of(Menu(("es", "en"))).prompts[0] == load("es").say(load("es").greeting)


@pytest.mark.parametrize("attempt", [2, 3])
def test_later_attempts_ask_again_without_the_greeting(attempt: int) -> None:
    prompts = gather_of(MENU, attempt).prompts
    assert prompts[0] == load("en").say(load("en").reprompt)
    assert prompts[1:] == gather_of(MENU, 1).prompts[1:]


@pytest.mark.parametrize("attempt", range(1, ATTEMPTS + 1))
def test_an_answer_goes_one_way_and_silence_the_other(attempt: int) -> None:
    gather, redirect = MENU.script(attempt, then="language", again="menu-2")
    assert isinstance(gather, Gather)
    assert gather.then == "language"
    assert redirect == Redirect("menu-2")


def test_the_recogniser_listens_in_the_first_language_for_every_name_on_offer() -> None:
    gather = gather_of(Menu(("zh-Hans", "es", "th")))
    assert gather.speech
    assert gather.language == "cmn-Hans-CN"
    assert {"español", "Spanish", "西班牙语", "ไทย", "Thai", "泰语", "中文"} <= set(gather.hints)


def test_the_hints_of_the_longest_menus_are_few_and_short_enough_for_twilio() -> None:
    for start in range(0, len(ALL), 9):
        codes = tuple(language.code for language in ALL[start : start + 9])
        for first in ("en", *load("en").spoken):
            others = [code for code in codes if code != first]
            hints = gather_of(Menu((first, *others[:8]))).hints
            assert len(hints) <= 500
            assert all(len(hint) <= 100 and not set(hint) & set(",()") for hint in hints)


def test_a_language_without_announcements_is_offered_in_english_by_its_name() -> None:
    assert gather_of(Menu(("es", "th"))).prompts[2] == load("en").say("For Thai, press 2.")


def test_a_fourth_attempt_is_none() -> None:
    for attempt in (0, ATTEMPTS + 1):
        with pytest.raises(ValueError, match=f"no attempt {attempt}"):
            MENU.script(attempt, then="language", again="menu-2")


def test_one_language_needs_no_menu() -> None:
    single = Menu(("fr",))
    assert not single.needed
    assert single.default == "fr"
    with pytest.raises(ValueError, match="needs no menu"):
        single.script(1, then="language", again="menu-2")


def test_two_languages_need_one() -> None:
    assert Menu(("fr", "en")).needed


def test_nine_languages_fit_and_ten_do_not() -> None:
    codes = tuple(language.code for language in ALL[:10])
    assert Menu(codes[:9]).choose("9", "") == codes[8]
    with pytest.raises(ValueError, match="at most 9 languages, one for each key; these are 10"):
        Menu(codes)


def test_a_language_offered_twice_is_refused_also_by_another_code() -> None:
    with pytest.raises(ValueError, match="more than once: he"):
        Menu(("he", "en", "iw"))


def test_no_language_is_no_menu() -> None:
    with pytest.raises(ValueError, match="at least one language"):
        Menu(())


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownLanguage, match="el \\(Greek\\)"):
        Menu(("en", "gr"))


def test_aliases_become_the_codes_of_the_engine() -> None:
    assert Menu(("en-US", "zh-CN")).languages == ("en", "zh-Hans")


@pytest.mark.parametrize(("keys", "code"), [("1", "en"), ("2", "es"), ("3", "zh-Hans")])
def test_a_key_chooses_its_language(keys: str, code: str) -> None:
    assert MENU.choose(keys, "") == code


@pytest.mark.parametrize("keys", ["0", "4", "9", "*", "#", "22", "12", "²", "٢", " "])
def test_an_unknown_key_chooses_nothing(keys: str) -> None:
    assert MENU.choose(keys, "") is None


def test_a_key_counts_more_than_words() -> None:
    assert MENU.choose("2", "English") == "es"
    assert MENU.choose("7", "English") is None


@pytest.mark.parametrize(
    ("words", "code"), [("Español, por favor", "es"), ("mandarin", "zh-Hans"), ("2", "es"), ("option 3.", "zh-Hans")]
)
def test_a_name_or_a_spoken_digit_chooses_its_language(words: str, code: str) -> None:
    assert MENU.choose("", words) == code


@pytest.mark.parametrize("words", ["", "hello", "French", "7", "2 or 3", "22", "English or Spanish"])
def test_words_that_choose_no_language_choose_nothing(words: str) -> None:
    assert MENU.choose("", words) is None


def test_after_the_last_attempt_it_is_the_first_language() -> None:
    assert [MENU.settle(attempt, "", "") for attempt in (1, 2, 3)] == [None, None, "en"]
    assert MENU.settle(1, "2", "") == MENU.settle(3, "2", "") == "es"


@given(st.text(), st.text())
def test_no_answer_whatever_raises(keys: str, words: str) -> None:
    assert MENU.choose(keys, words) in (*MENU.languages, None)
    assert MENU.choose("", words) in (*MENU.languages, None)
