"""Captions line by line, where nothing can be redrawn: the talk, the carrier's words, and how far the call is."""

from telephony.calls.observer import CallMoved, Caption, LegMoved
from telephony.calls.state import CallState, LegState, Outcome
from telephony.replay.captions import CallCaptions, Progress
from tests.replay.screen import HEARD, SPOKEN, A, C, Screen, talk

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
