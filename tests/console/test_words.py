from telephony.calls.observer import Caption, Role
from telephony.console.words import MOST_AT_ONCE, MOST_BUBBLES, MOST_LETTERS, PAUSE_S, Words
from telephony.engines.base import Side


def caption(text: str, speaker: Role = Role.CALLER, side: Side = Side.HEARD, language: str = "es") -> Caption:
    return Caption("a", speaker, side, language, text)


def texts(words: Words) -> list[str]:
    return [bubble.text for number in words.numbers if (bubble := words.find(number))]


def test_what_is_said_in_one_go_is_one_bubble() -> None:
    words = Words()
    assert [words.take(caption(text), now) for now, text in enumerate(["Buenos", " días", "."])] == [0, 0, 0]
    assert texts(words) == ["Buenos días."]


def test_after_a_pause_or_in_another_language_there_is_another_bubble() -> None:
    words = Words()
    words.take(caption("uno"), 0.0)
    words.take(caption("dos"), PAUSE_S)
    words.take(caption("three", language="en"), PAUSE_S + 0.1)
    assert texts(words) == ["uno", "dos", "three"]


def test_who_speaks_meanwhile_has_a_bubble_of_their_own_and_so_has_the_translation() -> None:
    words = Words()
    numbers = [
        words.take(caption("Buenos"), 0.0),
        words.take(caption("Good", Role.CALLER, Side.SPOKEN, "en"), 0.1),
        words.take(caption("Hello", Role.AGENT, Side.HEARD, "en"), 0.2),
        words.take(caption(" días"), 0.3),
        words.take(caption(" morning", Role.CALLER, Side.SPOKEN, "en"), 0.4),
    ]
    assert numbers == [0, 1, 2, 0, 1]
    assert texts(words) == ["Buenos días", "Good morning", "Hello"]


def test_a_bubble_does_not_grow_for_ever() -> None:
    words = Words()
    words.take(caption("x" * MOST_LETTERS), 0.0)
    assert words.take(caption("y"), 0.1) == 1
    words.take(caption("z" * 10 * MOST_AT_ONCE, language="de"), 0.2)
    assert len(texts(words)[-1]) == MOST_AT_ONCE


def test_old_bubbles_are_forgotten_even_open_ones() -> None:
    words = Words()
    words.take(caption("agent", Role.AGENT), 0.0)
    for nth in range(MOST_BUBBLES):
        words.take(caption(str(nth), language=str(nth)), 0.1)
    assert words.find(0) is None
    assert len(words.numbers) == MOST_BUBBLES
    assert words.take(caption("again", Role.AGENT), 0.2) == MOST_BUBBLES + 1
    assert texts(words)[-1] == "again"


def test_there_is_nothing_to_find_before_anybody_speaks() -> None:
    assert Words().find(0) is None
