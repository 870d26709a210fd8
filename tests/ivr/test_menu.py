import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.carriers.verbs import Gather, Redirect, Say
from telephony.ivr.languages import ALL, UnknownLanguage
from telephony.ivr.menu import ATTEMPTS, AUTO, Menu
from telephony.ivr.prompts import available, load
from telephony.ivr.spoken import EVERY

MENU = Menu(("en", "es", "zh-Hans"))
RETURNING = Menu(("en", "es", "zh-Hans"), first="es")
ANY = Menu(("de", "es"), any_language=True)


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


def test_a_returning_caller_is_offered_last_time_s_language_first_and_all_keep_their_keys() -> None:
    assert gather_of(RETURNING).prompts == (
        load("es").say(load("es").greeting),
        load("es").option("2"),
        load("en").option("1"),
        load("zh-Hans").option("3"),
    )
    assert [RETURNING.choose(key, "") for key in "123"] == ["en", "es", "zh-Hans"]


def test_a_returning_caller_is_asked_again_and_listened_to_in_last_time_s_language() -> None:
    assert gather_of(RETURNING, attempt=2).prompts[0] == load("es").say(load("es").reprompt)
    assert gather_of(RETURNING).language == "es-US"


def test_a_returning_caller_who_chooses_nothing_goes_on_in_last_time_s_language() -> None:
    assert RETURNING.default == "es"
    assert RETURNING.settle(3, "", "") == "es"
    assert RETURNING.settle(3, "1", "") == "en"


def test_last_time_s_language_is_known_by_another_code_too() -> None:
    assert Menu(("en", "zh-CN"), first="cmn").default == "zh-Hans"


@pytest.mark.parametrize("first", ["fr", "gr", AUTO, "", "en", None])
def test_last_time_s_language_makes_no_difference_where_it_is_not_on_offer_or_first_anyhow(first: str | None) -> None:
    menu = Menu(("en", "es", "zh-Hans"), first=first)
    assert gather_of(menu) == gather_of(MENU)
    assert menu.default == "en"


def test_any_other_language_has_the_last_key_told_in_the_first_language_and_in_english() -> None:
    assert gather_of(ANY).prompts[1:] == (
        load("de").option("1"),
        load("es").option("2"),
        load("de").key_for_any("3"),
        load("en").key_for_any("3"),
    )
    assert ANY.choose("3", "") == ANY.choose("", "drei, also 3") == AUTO


@pytest.mark.parametrize("first", ["en", "th"])
def test_any_other_language_is_told_once_where_the_menu_begins_in_english(first: str) -> None:
    prompts = gather_of(Menu((first, "de"), any_language=True)).prompts
    assert prompts[3:] == (load("en").key_for_any("3"),)


def test_without_any_language_there_is_no_such_key() -> None:
    assert MENU.choose("4", "") is None
    assert len(gather_of(MENU).prompts) == 4


def test_any_other_language_makes_one_language_a_choice() -> None:
    menu = Menu(("fr",), any_language=True)
    assert menu.needed
    assert [menu.choose(key, "") for key in "12"] == ["fr", AUTO]


def test_the_key_for_any_other_language_counts_among_the_nine() -> None:
    codes = tuple(language.code for language in ALL[:9])
    assert Menu(codes[:8], any_language=True).choose("9", "") == AUTO
    with pytest.raises(ValueError, match=r"at most 8 languages, .* besides the key for any other; these are 9"):
        Menu(codes, any_language=True)


def test_with_any_other_language_on_offer_each_can_be_asked_for_by_name() -> None:
    assert ANY.choose("", "svenska, tack") == "sv"
    assert ANY.choose("", "Español, por favor") == "es"
    assert ANY.choose("", "Spanish or Swedish") is None
    assert MENU.choose("", "svenska, tack") is None


def test_a_name_of_two_languages_means_the_one_that_has_a_key() -> None:
    assert Menu(("en", "zh-Hant"), any_language=True).choose("", "Chinese") == "zh-Hant"
    assert ANY.choose("", "Chinese") == "zh-Hans"


def test_the_recogniser_then_expects_the_name_of_every_language() -> None:
    hints = gather_of(ANY).hints
    assert set(load("de").names.values()) <= set(hints)
    assert not {"Schwedisch"} & set(gather_of(Menu(("de", "es"))).hints)


def test_the_hints_of_the_longest_menus_for_any_language_are_few_enough_for_twilio() -> None:
    for first in sorted(available()):
        others = [language.code for language in ALL if language.code != first]
        hints = gather_of(Menu((first, *others[:7]), any_language=True)).hints
        assert len(hints) <= 500
        assert all(len(hint) <= 100 and not set(hint) & set(",()") for hint in hints)


def test_a_caller_who_spoke_any_other_language_last_time_is_offered_it_first() -> None:
    menu = Menu(("de", "es"), first=AUTO, any_language=True)
    assert gather_of(menu).prompts == (
        load("de").say(load("de").greeting),
        load("de").key_for_any("3"),
        load("en").key_for_any("3"),
        load("de").option("1"),
        load("es").option("2"),
    )
    assert menu.settle(3, "", "") == AUTO


@given(st.text(), st.text())
def test_no_answer_whatever_raises_where_any_language_is_on_offer(keys: str, words: str) -> None:
    assert ANY.choose(keys, words) in (AUTO, *EVERY, None)
