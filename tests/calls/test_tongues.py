"""What a party is believed to speak, piece by piece of a transcript: soon at first, and not for one foreign word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.observer import Role
from telephony.calls.tongues import AUTO, Tongues, known, letters_in, same

CALLER, AGENT = Role.CALLER, Role.AGENT
SECOND = "twelve chars to"
"""What is said in a second: twelve letters."""


def tongues(caller: str = AUTO, agent: str = "en") -> Tongues:
    return Tongues({CALLER: caller, AGENT: agent})


def speak(to: Tongues, role: Role, language: str, since: float, seconds: int, text: str = SECOND) -> float | None:
    """A piece of transcript every second; when, counted from `since`, the party was believed to speak otherwise."""
    changes = [second + 1.0 for second in range(seconds) if to.heard(role, language, text, since + second + 1)]
    return changes[0] if changes else None


@pytest.mark.parametrize("code", ["es", "es-419", "es-ES", "spa"])
def test_a_language_is_known_after_two_seconds_of_it(code: str) -> None:
    heard = tongues()
    assert heard[CALLER].wanted is None
    assert speak(heard, CALLER, code, 0, 5) == 2
    assert heard[CALLER].wanted == "es"


def test_one_piece_is_no_evidence_however_long() -> None:
    heard = tongues()
    assert not heard.heard(CALLER, "es", SECOND * 10, 1.0)
    assert heard[CALLER].wanted is None


def test_pieces_that_disagree_leave_it_open() -> None:
    heard = tongues()
    for second, code in enumerate(("es", "fr") * 10):
        heard.heard(CALLER, code, SECOND, second)
    assert heard[CALLER].wanted is None


@pytest.mark.parametrize(
    ("code", "text"), [("", SECOND), ("la", SECOND), ("und", SECOND), ("x" * 300, SECOND), ("es", " 1 ?")]
)
def test_pieces_without_a_language_of_ours_or_without_letters_say_nothing(code: str, text: str) -> None:
    heard = tongues()
    assert speak(heard, CALLER, code, 0, 20, text) is None
    assert heard[CALLER].wanted is None


def test_a_party_that_switches_for_good_is_followed_within_six_seconds() -> None:
    heard = tongues()
    speak(heard, CALLER, "es", 0, 60)
    took = speak(heard, CALLER, "fr", 60, 10)
    assert took is not None
    assert 4 <= took <= 6
    assert heard[CALLER].wanted == "fr"


def test_and_when_it_pauses_at_every_word_all_the_same() -> None:
    heard = tongues()
    speak(heard, CALLER, "es", 0, 60)
    changes = [at for at in range(60, 120, 3) if heard.heard(CALLER, "fr", SECOND, at)]
    assert changes[0] <= 60 + 3 * 4


@pytest.mark.parametrize("foreign", ["Mademoiselle Charpentier-Delacroix", "ok", "thank you very much indeed"])
def test_a_foreign_word_now_and_then_changes_nothing(foreign: str) -> None:
    heard = tongues()
    speak(heard, CALLER, "es", 0, 20)
    for minute in range(60):
        assert not heard.heard(CALLER, "fr", foreign, 60.0 * minute)
        assert speak(heard, CALLER, "es", 60.0 * minute, 4) is None


def test_a_foreign_word_a_minute_does_not_add_up_where_nothing_else_has_a_code() -> None:
    heard = tongues()
    speak(heard, CALLER, "es", 0, 20)
    assert not any(heard.heard(CALLER, "fr", "Mademoiselle Charpentier", 60.0 * minute) for minute in range(1, 60))


def test_three_pieces_at_once_are_not_a_second_language_unless_they_are_long() -> None:
    heard = tongues()
    speak(heard, CALLER, "es", 0, 5)
    assert not any(heard.heard(CALLER, "fr", "oui merci", 6.0) for _ in range(3))


def test_what_was_chosen_is_what_is_wanted_whatever_is_heard() -> None:
    heard = tongues(caller="es")
    assert speak(heard, CALLER, "fr", 0, 10) is not None
    assert (heard[CALLER].believed, heard[CALLER].wanted) == ("fr", "es")


def test_who_goes_back_to_the_language_that_was_chosen_is_believed_sooner() -> None:
    heard = tongues(caller="es")
    speak(heard, CALLER, "en", 0, 10)
    assert heard.alike
    assert speak(heard, CALLER, "es", 10, 10) == 2
    assert not heard.alike


@pytest.mark.parametrize(
    ("one", "other"), [("pt-BR", "pt-PT"), ("zh-Hans", "zh-Hant"), ("iw", "he"), ("nb", "no"), ("en-US", "en")]
)
def test_region_and_script_make_no_other_language(one: str, other: str) -> None:
    assert same(one, other)
    heard = tongues()
    speak(heard, CALLER, one, 0, 5)
    assert speak(heard, CALLER, other, 5, 30) is None
    assert heard[CALLER].wanted == known(one)


@pytest.mark.parametrize(
    ("one", "other"), [("es", "pt-BR"), ("yue", "zh-Hans"), ("hr", "sr"), ("auto", "auto"), (None, None)]
)
def test_neighbours_are_two_languages_and_nothing_is_like_what_is_not_known(one: str | None, other: str | None) -> None:
    assert not same(one, other)


def test_two_who_speak_the_same_for_long_enough_need_nobody() -> None:
    heard = tongues(caller="es", agent="en")
    speak(heard, CALLER, "en", 0, 6)
    assert heard.alike
    turns = [(CALLER, 6), (AGENT, 12), (CALLER, 18), (AGENT, 24)]
    rests = []
    for role, since in turns:
        speak(heard, role, "en-GB", since, 6)
        rests.append(heard.same_language(since + 6))
    assert rests == [False, False, True, True]


def test_one_who_reads_a_long_letter_aloud_is_still_listened_to() -> None:
    heard = tongues(caller="es", agent="en")
    speak(heard, CALLER, "en", 0, 120)
    assert heard.alike
    assert not heard.same_language(120)


def test_one_foreign_piece_between_begins_the_waiting_again() -> None:
    heard = tongues(caller="es", agent="en")
    for role, since in ((CALLER, 0), (AGENT, 6), (CALLER, 12)):
        speak(heard, role, "en", since, 6)
    heard.heard(CALLER, "es", "sí", 18.5)
    assert not heard.same_language(19)


def test_two_who_chose_the_same_are_alike_before_anything_is_heard() -> None:
    assert tongues("pt-BR", "pt-PT").chosen_alike
    assert not tongues(AUTO, AUTO).chosen_alike
    assert not tongues(AUTO, AUTO).alike


def test_choosing_again_forgets_what_was_heard() -> None:
    heard = tongues()
    speak(heard, CALLER, "es", 0, 5)
    heard.choose(CALLER, "fr")
    assert (heard[CALLER].believed, heard[CALLER].wanted) == ("fr", "fr")
    heard.choose(CALLER, AUTO)
    assert heard[CALLER].wanted is None


@pytest.mark.parametrize(
    ("text", "letters"),
    [("Hola, ¿qué tal?", 10), ("预约在明天", 15), ("ありがとう", 15), ("안녕하세요", 15), ("1 234", 0), ("", 0)],
)
def test_scripts_that_say_more_in_a_sign_weigh_more(text: str, letters: int) -> None:
    assert letters_in(text) == letters


pieces = st.lists(
    st.tuples(st.sampled_from(["es", "en", "fr", "", "la"]), st.text(max_size=30), st.floats(0, 20)), max_size=40
)


@given(pieces)
def test_nothing_is_believed_that_was_not_heard(heard_pieces: list[tuple[str, str, float]]) -> None:
    heard, now = tongues(), 0.0
    for code, text, gap in heard_pieces:
        now += gap
        heard.heard(CALLER, code, text, now)
    believed = heard[CALLER].believed
    letters = sum(letters_in(text) for code, text, _ in heard_pieces if code and code == believed)
    assert believed is None or letters >= 12
