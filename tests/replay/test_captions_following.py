"""Captions of a transcript or a carrier's journal that is followed while it grows."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from telephony.replay import virtual_time
from telephony.replay.captions import follow
from tests.replay.screen import Screen


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
