import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ivr.keys import COMMANDS, SEQUENCE_TIME, Command, Keys

DIGITS = "0123456789*#ABCD"

PRESSES = st.lists(st.tuples(st.sampled_from(DIGITS), st.floats(0, 5)))
"""Keys, each with the seconds since the one before."""


def pressed(keys: Keys, sequence: str, at: float = 0.0, apart: float = 0.5) -> list[Command]:
    """The commands that come of `sequence`, its first key pressed at `at`."""
    answers = [keys.press(digit, at + apart * index) for index, digit in enumerate(sequence)]
    return [command for command in answers if command]


@pytest.mark.parametrize(
    ("sequence", "command"),
    [
        ("*0", Command.HUMAN),
        ("*1", Command.REPEAT),
        ("*2", Command.ORIGINAL),
        ("*3", Command.LANGUAGE),
        ("*4", Command.INTERPRETATION),
        ("*7", Command.SLOWER),
        ("*8", Command.FASTER),
        ("**", Command.LIST),
    ],
)
def test_a_star_and_a_key_are_a_command(sequence: str, command: Command) -> None:
    assert pressed(Keys(), sequence) == [command]


def test_every_command_but_the_unknown_one_has_a_key() -> None:
    assert set(COMMANDS.values()) == set(Command) - {Command.UNKNOWN}


@pytest.mark.parametrize("sequence", ["*5", "*6", "*9", "*#", "*A"])
def test_any_other_key_after_a_star_is_unknown_and_counted(sequence: str) -> None:
    keys = Keys()
    assert pressed(keys, sequence) == [Command.UNKNOWN]
    assert keys.unknown == 1


@pytest.mark.parametrize("sequence", ["", "0", "1234567890", "#", "11#", "*", "7*"])
def test_keys_without_a_star_before_them_do_nothing(sequence: str) -> None:
    keys = Keys()
    assert pressed(keys, sequence) == []
    assert keys.unknown == 0


def test_one_star_opens_one_command() -> None:
    assert pressed(Keys(), "*11") == [Command.REPEAT]
    assert pressed(Keys(), "*1*2") == [Command.REPEAT, Command.ORIGINAL]
    assert pressed(Keys(), "*51") == [Command.UNKNOWN]


def test_two_stars_are_the_list_and_open_nothing() -> None:
    assert pressed(Keys(), "**1") == [Command.LIST]
    assert pressed(Keys(), "***1") == [Command.LIST, Command.REPEAT]


def test_a_star_waits_three_seconds() -> None:
    assert pressed(Keys(), "*7", at=100.0, apart=SEQUENCE_TIME) == [Command.SLOWER]
    assert pressed(Keys(), "*7", at=100.0, apart=SEQUENCE_TIME + 0.1) == []


def test_a_star_after_one_that_was_forgotten_opens_anew() -> None:
    keys = Keys()
    assert keys.press("*", 0.0) is None
    assert keys.press("*", 4.0) is None
    assert keys.press("8", 6.5) is Command.FASTER


def test_a_key_that_came_too_late_is_no_unknown_command() -> None:
    keys = Keys()
    assert pressed(keys, "*5", apart=10.0) == []
    assert keys.unknown == 0


@given(PRESSES)
def test_a_command_is_always_a_star_and_the_key_after_it_in_time(presses: list[tuple[str, float]]) -> None:
    keys, now, last, opened, unknown = Keys(), 0.0, "", 0.0, 0
    for digit, pause in presses:
        now += pause
        command = keys.press(digit, now)
        if command:
            assert last == "*"
            assert now - opened <= SEQUENCE_TIME
            assert command is COMMANDS.get(digit, Command.UNKNOWN)
            unknown += command is Command.UNKNOWN
        last, opened = ("" if command else digit), now
    assert keys.unknown == unknown


@given(PRESSES, st.sampled_from(sorted(COMMANDS)))
def test_whatever_was_pressed_before_a_command_after_a_silence_is_understood(
    presses: list[tuple[str, float]], digit: str
) -> None:
    keys, now = Keys(), 0.0
    for before, pause in presses:
        now += pause
        keys.press(before, now)
    assert pressed(keys, f"*{digit}", at=now + SEQUENCE_TIME + 1) == [COMMANDS[digit]]


@given(st.text())
def test_nothing_whatever_raises(digit: str) -> None:
    keys = Keys()
    assert keys.press(digit, 0.0) is None
    keys.press("*", 5.0)
    assert keys.press(digit, 6.0) is COMMANDS.get(digit, Command.UNKNOWN)
