from itertools import pairwise

from telephony.simulator.live_api.captions import Caption

TEXT = "one two three four five six seven eight"


def deltas(text: str, seconds: float, shares: list[float], start: float = 0.0) -> list[str]:
    caption = Caption(text, seconds, start)
    return [caption.upto(share, last=share == shares[-1]) for share in shares]


def test_deltas_together_are_the_text() -> None:
    assert "".join(deltas(TEXT, 4.0, [0.25, 0.5, 0.75, 1.0])) == TEXT


def test_only_words_that_are_over_are_given() -> None:
    assert deltas(TEXT, 4.0, [0.25, 0.5, 1.0]) == ["one two", " three four", " five six seven eight"]


def test_a_delta_that_goes_on_begins_with_the_blank_between_the_words() -> None:
    first, *others = deltas(TEXT, 4.0, [0.25, 0.5, 0.75, 1.0])
    assert first[0] != " "
    assert all(delta[0] == " " for delta in others)


def test_deltas_lie_a_second_apart() -> None:
    tenths = [tenth / 40 for tenth in range(1, 41)]
    given = [share * 4.0 for share, delta in zip(tenths, deltas(TEXT, 4.0, tenths), strict=True) if delta]
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(given[:-1]))


def test_the_last_delta_does_not_wait() -> None:
    assert deltas(TEXT, 4.0, [0.8, 0.9]) == ["one two three four five six", " seven"]


def test_a_text_that_begins_in_the_middle_begins_with_a_word() -> None:
    assert deltas(TEXT, 4.0, [0.75, 1.0], start=0.5) == ["five six", " seven eight"]


def test_a_script_without_blanks_is_given_letter_by_letter() -> None:
    assert deltas("おはようございます", 3.0, [1 / 3, 2 / 3, 1.0]) == ["おはよ", "うござ", "います"]
