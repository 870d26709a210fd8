import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.canary.canaries import Canaries, fixture_phrases

SPELLINGS = (
    "+12025550123",
    "12025550123",
    "2025550123",
    "0012025550123",
    "+1 202 555 0123",
    "+1 (202) 555-0123",
    "202.555.0123",
    "tel:+12025550123",
    "sip:+12025550123@pbx.example.com",
    "%2B12025550123",
    "To=%2b12025550123&From=x",
    "1 2 0 2 5 5 5 0 1 2 3",
    "line\\n2025550123",
)
IDS = ("CA" + "2025550123" + "a" * 22, "5550123", "a2025550123", "12025551234", "x-20255501234", "1.2025550123e9")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_is_found_however_it_is_written(spelling: str) -> None:
    assert Canaries().found_in(f"dialled {spelling}, then nothing") == ["a phone number"]


@pytest.mark.parametrize("other", IDS)
def test_digits_that_are_no_reserved_number_are_none(other: str) -> None:
    assert Canaries().found_in(f"call {other} is over") == []


def test_three_words_of_a_phrase_are_enough_whatever_their_case() -> None:
    canaries = Canaries(["Buenos días, quisiera pedir una cita."])
    assert canaries.found_in("heard: días quisiera PEDIR") == ["what was said"]
    assert canaries.found_in("heard: días pedir quisiera") == []


def test_eight_characters_of_writing_without_blanks_are_enough() -> None:
    canaries = Canaries(["明日の午後三時に予約をお願いします"])
    assert canaries.found_in("heard 午後三時に予約を and more") == ["what was said"]
    assert canaries.found_in("午後三時") == []


def test_the_fixture_calls_have_phrases_and_each_is_found() -> None:
    phrases = fixture_phrases()
    assert len(phrases) > 20
    canaries = Canaries(phrases)
    long_ones = [phrase for phrase in phrases if len(phrase.split()) > 2]
    assert [phrase for phrase in long_ones if "what was said" not in canaries.found_in(f"said {phrase}")] == []


def test_what_is_watched_is_found_by_its_kind() -> None:
    canaries = Canaries()
    canaries.watch("a key", "the-api-key")
    assert canaries.found_in("https://api.example/?key=the-api-key") == ["a key"]
    canaries.watch("a name", "ana")  # too short to be there on purpose only
    assert canaries.found_in("ana") == []


@given(st.from_regex(r"\A[A-Za-z0-9_-]{43}\Z"))
def test_a_token_is_found_inside_of_what_it_is_part_of(token: str) -> None:
    canaries = Canaries()
    canaries.watch_token(token)
    assert "a token" in canaries.found_in(f"Bearer telephony_ab12cd34_{token}, then nothing")
    assert canaries.found_in(f"Bearer telephony_ab12cd34_{token[:-1]}") == []


def test_of_many_tokens_the_newest_are_known() -> None:
    canaries = Canaries()
    for number in range(20_002):
        canaries.watch_token(f"token-{number:020d}")
    assert canaries.found_in(f"token-{1:020d}") == []
    assert canaries.found_in(f"token-{20_001:020d}") == ["a token"]
