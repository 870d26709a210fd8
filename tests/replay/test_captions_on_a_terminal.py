"""Captions on a terminal, drawn again as words are spoken; and no text is obeyed by it."""

import pytest
from rich.cells import cell_len

from telephony.replay.captions import Progress
from tests.replay.screen import HEARD, SPOKEN, A, C, Screen, talk


def test_on_a_terminal_words_appear_as_they_are_spoken() -> None:
    screen = Screen(terminal=True)
    with screen.captions as captions:
        captions.reach(Progress.TALKING, 0.0)
        seen = []
        for text in ("Hola,", " soy", " Lucía."):
            screen.drawn()
            captions.tell(C, HEARD, "es", text, 1.0)
            seen.append("\n".join(screen.drawn()))
    assert ["Hola," in screen for screen in seen] == [True, True, True]
    assert ["soy" in screen for screen in seen] == [False, True, True]
    assert ["Hola, soy Lucía." in screen for screen in seen] == [False, False, True]
    assert all("Spanish ⇄ English" in screen and "talking" in screen for screen in seen)


def test_on_a_terminal_the_caller_stands_at_the_left_and_the_agent_at_the_right() -> None:
    screen = Screen(terminal=True)
    with screen.captions as captions:
        talk(captions)
        screen.drawn()
    final = screen.drawn()
    said = next(line for line in final if "Good morning." in line)
    translated = final[final.index(said) + 1]
    assert "Buenos días." in translated
    assert said.index("│") == translated.index("│") == 100 - 66


def test_on_a_terminal_what_is_over_is_printed_once_and_stays() -> None:
    screen = Screen(terminal=True)
    with screen.captions as captions:
        talk(captions)
        captions.tick(120.0)
        screen.drawn()
        captions.tick(125.0)
        assert not any("Good morning." in line for line in screen.drawn())
    assert not any("Good morning." in line for line in screen.drawn())


def test_the_clock_is_redrawn_once_a_second() -> None:
    screen = Screen(terminal=True)
    with screen.captions as captions:
        captions.reach(Progress.TALKING, 0.0)
        drawn = []
        for tenth in range(1, 31):
            screen.drawn()
            captions.tick(tenth / 10)
            drawn += [line for line in screen.drawn() if "talking" in line]
    assert [line.split("●")[1].split()[0] for line in drawn] == ["0:01", "0:02", "0:03"]


@pytest.mark.parametrize("width", [12, 24, 40, 63, 64, 120])
@pytest.mark.parametrize("text", ["你好，我三周前订了一棵小苹果树" * 4, "مرحبا بك في خط الترجمة " * 4, "x" * 150])
def test_wide_letters_and_narrow_terminals_do_not_break_the_bubbles(width: int, text: str) -> None:
    screen = Screen(terminal=True, width=width)
    with screen.captions as captions:
        captions.tell(A, HEARD, "zh", text, 0.0)
        screen.drawn()
    bubble = [line.rstrip() for line in screen.drawn() if "│" in line]
    assert bubble
    assert {cell_len(line) for line in bubble if line.endswith("│")} == {width}


def test_turns_that_do_not_fit_the_screen_leave_room_for_the_newest() -> None:
    screen = Screen(terminal=True, height=8, width=50)
    with screen.captions as captions:
        captions.tell(C, HEARD, "es", "primero " * 30, 0.0)
        captions.tell(A, HEARD, "en", "second", 0.5)
        screen.drawn()
        captions.tell(A, SPOKEN, "es", "segundo", 1.0)
        newest = "\n".join(screen.drawn())
    assert "segundo" in newest
    assert "primero" not in newest
    assert "primero" in screen.file.getvalue()


def test_no_text_can_command_the_terminal() -> None:
    for terminal in (False, True):
        screen = Screen(terminal=terminal)
        with screen.captions as captions:
            screen.drawn()
            captions.tell(C, HEARD, "es", "\x1b]0;title\x07[bold]words[/]\r", 0.0)
            captions.announce(C, "\x1b]0;title\x07[bold]words[/]\r", 0.0)
        text = screen.file.getvalue()
        assert "\x1b]" not in text
        assert "\x07" not in text
        assert text.count("]0;title [bold]words[/]") >= 2
