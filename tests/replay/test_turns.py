from telephony.calls.observer import Role
from telephony.engines.base import Side
from telephony.replay.turns import PATIENCE, QUIET, Turns

C, A = Role.CALLER, Role.AGENT
HEARD, SPOKEN = Side.HEARD, Side.SPOKEN


def turns(*deltas: tuple[Role, Side, str, float]) -> Turns:
    growing = Turns()
    for speaker, side, text, at in deltas:
        growing.add(speaker, side, "xx", text, at)
    return growing


def read(growing: Turns) -> list[tuple[Role, str, str]]:
    return [(turn.speaker, turn.original, turn.translation) for turn in growing.finished(None)]


def test_deltas_join_into_what_was_said_and_its_translation() -> None:
    growing = turns(
        (C, HEARD, "Hola,", 0.0), (C, HEARD, " soy Lucía.", 1.0), (C, SPOKEN, "Hello,", 2.0), (C, SPOKEN, " I am", 3.0)
    )
    assert read(growing) == [(C, "Hola, soy Lucía.", "Hello, I am")]


def test_both_parties_may_speak_at_once() -> None:
    growing = turns(
        (C, HEARD, "uno", 0.0), (A, HEARD, "two", 0.5), (C, SPOKEN, "one", 2.0), (A, SPOKEN, "dos", 2.4),
        (C, HEARD, " tres", 1.9), (A, SPOKEN, " cuatro", 3.0),
    )  # fmt: skip
    assert read(growing) == [(C, "uno tres", "one"), (A, "two", "dos cuatro")]


def test_a_translation_that_begins_when_the_next_words_have_begun_belongs_to_the_earlier_ones() -> None:
    growing = turns((C, HEARD, "uno", 0.0), (C, HEARD, "dos", 2.5), (C, SPOKEN, "one", 2.6), (C, SPOKEN, "two", 5.0))
    assert read(growing) == [(C, "uno", "one"), (C, "dos", "two")]


def test_a_translation_that_pauses_where_the_original_did_not_stays_with_it() -> None:
    growing = turns((C, HEARD, "uno dos", 0.0), (C, SPOKEN, "one", 2.0), (C, SPOKEN, "two", 4.5))
    assert read(growing) == [(C, "uno dos", "one two")]


def test_a_translation_that_comes_first_finds_its_original() -> None:
    assert read(turns((C, SPOKEN, "one", 0.0), (C, HEARD, "uno", 0.2))) == [(C, "uno", "one")]


def test_words_that_are_never_translated_do_not_take_the_next_translation() -> None:
    growing = turns((C, HEARD, "hm", 0.0))
    assert [turn.original for turn in growing.finished(PATIENCE + 0.1)] == ["hm"]
    growing.add(C, HEARD, "es", "uno", 8.0)
    growing.add(C, SPOKEN, "en", "one", 10.0)
    assert read(growing) == [(C, "uno", "one")]


def test_a_turn_is_over_when_it_is_translated_and_quiet() -> None:
    growing = turns((C, HEARD, "uno", 0.0), (C, SPOKEN, "one", 2.0))
    assert growing.finished(2.0 + QUIET) == []
    assert len(growing.finished(2.1 + QUIET)) == 1
    assert growing.open == []


def test_turns_are_over_in_the_order_in_which_they_began() -> None:
    growing = turns((C, HEARD, "uno", 0.0), (A, HEARD, "two", 0.5), (A, SPOKEN, "dos", 2.0))
    assert growing.finished(6.0) == []
    assert [turn.speaker for turn in growing.finished(7.1)] == [C, A]


def test_a_turn_knows_when_each_side_of_it_began() -> None:
    (turn,) = turns((C, HEARD, "uno", 1.0), (C, HEARD, " dos", 2.0), (C, SPOKEN, "one", 3.0)).open
    assert (turn.began(), turn.began(HEARD), turn.began(SPOKEN), turn.last) == (1.0, 1.0, 3.0, 3.0)


def test_words_that_come_after_everything_was_taken_begin_anew() -> None:
    growing = turns((C, HEARD, "uno", 0.0), (C, SPOKEN, "one", 1.0))
    assert read(growing) == [(C, "uno", "one")]
    growing.add(C, HEARD, "es", " dos", 1.5)
    assert read(growing) == [(C, "dos", "")]
