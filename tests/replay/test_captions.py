import asyncio
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from telephony.calls.observer import CallMoved, Caption, LegMoved, Role
from telephony.calls.state import CallState, LegState, Outcome
from telephony.engines.base import Side
from telephony.replay import virtual_time
from telephony.replay.captions import CallCaptions, Captions, Progress, follow

C, A = Role.CALLER, Role.AGENT
HEARD, SPOKEN = Side.HEARD, Side.SPOKEN


class Screen:
    """A console that keeps what is written."""

    def __init__(self, *, terminal: bool = False, width: int = 100, height: int = 30) -> None:
        self.file = io.StringIO()
        self.console = Console(
            file=self.file, force_terminal=terminal, width=width, height=height, color_system=None, legacy_windows=False
        )
        self.captions = Captions("es", "en", self.console)

    @property
    def lines(self) -> list[str]:
        return [" ".join(line.split()) for line in self.file.getvalue().splitlines()]

    def drawn(self) -> list[str]:
        """What is written from now on at the next call; a redrawing writes all of the screen again."""
        text = self.file.getvalue()
        self.file.seek(0)
        self.file.truncate()
        return text.splitlines()


def talk(captions: Captions, begin: float = 100.0) -> None:
    """A caller's line and an agent's answer."""
    captions.reach(Progress.TALKING, begin)
    captions.tell(C, HEARD, "es", "Hola, soy", begin + 1.0)
    captions.tell(C, HEARD, "es", " Lucía.", begin + 2.0)
    captions.tell(C, SPOKEN, "en", "Hello, I am", begin + 3.0)
    captions.tell(C, SPOKEN, "en", " Lucía.", begin + 4.0)
    captions.tell(A, HEARD, "en", "Good morning.", begin + 9.0)
    captions.tell(A, SPOKEN, "es", "Buenos días.", begin + 11.0)


SPOKEN_LINES = [
    "0:00 talking",
    "0:01 caller said Hola, soy Lucía.",
    "0:03 agent heard Hello, I am Lucía.",
    "0:09 agent said Good morning.",
    "0:11 caller heard Buenos días.",
]


def test_where_nothing_can_be_redrawn_each_utterance_is_one_line() -> None:
    screen = Screen()
    with screen.captions as captions:
        talk(captions)
        captions.reach(Progress.OVER, 120.0, "caller hung up")
    assert screen.lines == [*SPOKEN_LINES, "0:20 over caller hung up"]


def test_a_line_is_printed_as_soon_as_nothing_more_is_to_be_expected() -> None:
    screen = Screen()
    with screen.captions as captions:
        talk(captions)
        assert screen.lines == SPOKEN_LINES[:3]
        captions.tick(113.9)
        assert screen.lines == SPOKEN_LINES[:3]
        captions.tick(114.1)
        assert screen.lines == SPOKEN_LINES


def test_what_is_still_growing_at_the_end_is_not_lost() -> None:
    screen = Screen()
    with screen.captions as captions:
        captions.tell(C, HEARD, "es", "Hola", 0.0)
    assert screen.lines == ["0:00 caller said Hola"]


def test_an_utterance_stays_on_one_line_however_long_it_is() -> None:
    screen = Screen(width=40)
    with screen.captions as captions:
        captions.tell(C, HEARD, "es", "una palabra " * 30, 0.0)
    assert screen.lines == ["0:00 caller said " + "una palabra " * 29 + "una palabra"]


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


def test_what_the_carrier_says_is_shown_at_once() -> None:
    screen = Screen()
    with screen.captions as captions:
        captions.reach(Progress.DIALLING, 50.0)
        captions.announce(C, "Para español, marque el 2.", 53.0)
        assert screen.lines == ["0:00 dialling", "0:03 to the caller: Para español, marque el 2."]


def test_what_the_carrier_says_after_the_talk_stands_after_it() -> None:
    screen = Screen()
    with screen.captions as captions:
        talk(captions)
        captions.announce(A, "The caller has hung up.", 112.0)
    assert screen.lines == [*SPOKEN_LINES, "0:12 to the agent: The caller has hung up."]


def test_the_clock_starts_with_the_first_thing_told() -> None:
    screen = Screen()
    with screen.captions as captions:
        captions.tick(40.0)
        captions.reach(Progress.DIALLING, 50.0)
        captions.tick(51.0)
        captions.reach(Progress.MENU, 52.0)
    assert screen.lines == ["0:00 dialling", "0:02 menu"]


def test_progress_is_told_once_and_not_after_the_end() -> None:
    screen = Screen()
    with screen.captions as captions:
        for progress in (Progress.MENU, Progress.MENU, Progress.RINGING, Progress.OVER, Progress.TALKING):
            captions.reach(progress, 0.0)
    assert screen.lines == ["0:00 menu", "0:00 ringing", "0:00 over"]


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


def test_a_call_of_this_process_is_shown_by_an_observer() -> None:
    screen = Screen()
    times = iter([5.0, 6.0, 9.0, 10.0, 20.0])
    with screen.captions as captions:
        observer = CallCaptions(captions, lambda: next(times))
        observer.tell(CallMoved("id", CallState.RINGING))
        observer.tell(LegMoved("id", "agent-1", A, "en", LegState.RINGING))
        observer.tell(CallMoved("id", CallState.TALKING))
        observer.tell(Caption("id", C, HEARD, "es", "Hola"))
        observer.tell(CallMoved("id", CallState.CLOSING, Outcome.AGENT_HUNG_UP))
        observer.tell(Caption("id", C, SPOKEN, "en", "Hello"))
        observer.tell(CallMoved("id", CallState.ENDED, Outcome.AGENT_HUNG_UP))
    assert screen.lines == [
        "0:00 ringing",
        "0:01 talking",
        "0:04 caller said Hola",
        "0:05 agent heard Hello",
        "0:15 over agent hung up",
    ]


def words(speaker: str, side: str, text: str, at: float) -> dict[str, Any]:
    """A line of a transcript as the recorder writes it."""
    return {"at": 1.7e9 + at, "monotonic": at, "speaker": speaker, "side": side, "language": "xx", "text": text}


TRANSCRIPT = [
    {"at": 1.7e9 + 40, "monotonic": 40.0, "event": "talking"},
    words("caller", "heard", "Hola,", 41.0),
    words("caller", "heard", " soy Lucía.", 42.0),
    words("caller", "spoken", "Hello, I am Lucía.", 43.0),
    {"at": 1.7e9 + 60, "monotonic": 60.0, "event": "ended", "outcome": "caller-hung-up"},
]
FOLLOWED = [
    "0:00 talking",
    "0:01 caller said Hola, soy Lucía.",
    "0:03 agent heard Hello, I am Lucía.",
    "0:20 over caller hung up",
]


def write(path: Path, *entries: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)


def followed(path: Path, then: Callable[[], None], now: Callable[[], float]) -> list[str]:
    """What a follower shows that was told to stop 5 s later; `then` happens after 2 s."""
    screen = Screen()

    async def run() -> None:
        stop = asyncio.Event()
        following = asyncio.create_task(follow(path, screen.captions, stop, now), name="captions")
        await asyncio.sleep(2.0)
        then()
        await asyncio.sleep(3.0)
        stop.set()
        await following

    with screen.captions:
        virtual_time.run(run())
    return screen.lines


def test_a_transcript_is_followed_as_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "transcript.jsonl"
    write(path, *TRANSCRIPT[:2])
    assert followed(path, lambda: write(path, *TRANSCRIPT[2:]), lambda: 41.0) == FOLLOWED


def test_a_transcript_may_begin_later_than_its_follower(tmp_path: Path) -> None:
    path = tmp_path / "transcript.jsonl"
    assert followed(path, lambda: write(path, *TRANSCRIPT), lambda: 40.0) == FOLLOWED


def test_the_last_words_are_shown_even_when_they_come_with_the_end(tmp_path: Path) -> None:
    path, screen = tmp_path / "transcript.jsonl", Screen()
    write(path, *TRANSCRIPT)

    async def run() -> None:
        stop = asyncio.Event()
        stop.set()
        await follow(path, screen.captions, stop, lambda: 60.0)

    with screen.captions:
        virtual_time.run(run())
    assert screen.lines == FOLLOWED


def test_turns_end_by_the_clock_while_nobody_speaks(tmp_path: Path) -> None:
    path, screen = tmp_path / "transcript.jsonl", Screen()
    write(path, *TRANSCRIPT[:4])

    async def run() -> list[str]:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        following = asyncio.create_task(follow(path, screen.captions, stop, lambda: 43 + loop.time()), name="captions")
        await asyncio.sleep(3.5)
        shown = screen.lines
        stop.set()
        await following
        return shown

    with screen.captions:
        assert virtual_time.run(run()) == FOLLOWED[:3]


def test_a_carriers_journal_tells_of_the_time_before_the_talk(tmp_path: Path) -> None:
    path = tmp_path / "carrier.jsonl"
    journal = [
        {"at": 10.0, "event": "call placed", "who": "caller", "call": "CA1", "direction": "inbound"},
        {"at": 11.0, "event": "said", "who": "caller", "text": "Welcome.", "language": "en-US", "voice": "x"},
        {"at": 12.0, "event": "gather", "who": "caller", "call": "CA1", "question": 1},
        {"at": 15.0, "event": "call placed", "who": "agent", "call": "CA2", "direction": "outbound-api"},
        {"at": 17.0, "event": "gather", "who": "agent", "call": "CA2", "question": 1},
        {"at": 18.0, "event": "talk began", "who": "agent", "call": "CA2"},
        {"at": 18.5, "event": "frames", "who": "agent", "call": "CA2"},
        {"at": 19.0, "event": "said", "who": None, "text": "to nobody"},
    ]
    assert followed(path, lambda: write(path, *journal), lambda: 10.0) == [
        "0:00 dialling",
        "0:01 to the caller: Welcome.",
        "0:02 menu",
        "0:05 ringing",
        "0:08 talking",
    ]


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"event": "talking"},
        {"at": 1.0},
        {"at": "soon", "event": "talking"},
        {"at": None, "event": "talking"},
        {"at": 41.5, "side": "heard", "speaker": "nobody", "language": "es", "text": "x"},
        {"at": 41.5, "side": "heard", "speaker": "caller"},
        {"at": 41.5, "side": "heard", "speaker": "caller", "language": "es", "text": 7},
        {"at": 41.5, "event": "said", "who": "caller", "text": None},
    ],
)
def test_lines_that_are_not_understood_are_passed_over(tmp_path: Path, strange: dict[str, Any]) -> None:
    path = tmp_path / "transcript.jsonl"
    write(path, *TRANSCRIPT[:2], strange, *TRANSCRIPT[2:])
    assert followed(path, lambda: None, lambda: 40.0) == FOLLOWED
