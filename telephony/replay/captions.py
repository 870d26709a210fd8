"""Live captions of a call, in both languages as they are spoken: a chat on a terminal, plain lines anywhere else."""

import asyncio
import contextlib
import math
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from telephony.calls.observer import CallMoved, CallNews, Caption, Role
from telephony.calls.state import CallState
from telephony.engines.base import Side
from telephony.replay.bubbles import announcement, bubble, line, status
from telephony.replay.parties import clock, language_name
from telephony.replay.tail import Tail
from telephony.replay.turns import Turn, Turns

T = TypeVar("T")

POLL = 0.1
"""Seconds between two looks into a file that grows."""


class Progress(StrEnum):
    """How far the call is."""

    DIALLING = "dialling"
    MENU = "menu"
    RINGING = "ringing"
    TALKING = "talking"
    OVER = "over"


REACHED = {
    CallState.CHOOSING: Progress.MENU,
    CallState.RINGING: Progress.RINGING,
    CallState.TALKING: Progress.TALKING,
    CallState.ENDED: Progress.OVER,
}


class Captions:
    """Shows what it is told; use it with `with`. Times are seconds of one clock; the first one told is 0:00 on screen.

    On a terminal, turns that may still grow are redrawn at the bottom, and what is over scrolls away above them.
    """

    def __init__(self, caller_language: str, agent_language: str, console: Console) -> None:
        self._languages = f"{language_name(caller_language)} ⇄ {language_name(agent_language)}"
        self._console = console
        self._turns = Turns()
        self._progress: Progress | None = None
        self._origin: float | None = None
        self._now = -math.inf
        self._shown = ""
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._keep_all()
        if self._live:
            self._live.update(Text(""), refresh=True)
            self._live.stop()
            self._live = None

    def tell(self, speaker: Role, side: Side, language: str, text: str, at: float) -> None:
        """A few more words: as `heard` from the speaker, or as `spoken` to the other party in `language`."""
        self._come_to(at)
        self._turns.add(speaker, side, language, text, self._now)
        self._redraw(at_once=True)

    def announce(self, to: Role, text: str, at: float) -> None:
        """The carrier's own voice tells a party something: before the talk, or after it."""
        self._come_to(at)
        self._keep_all()
        self._console.print(announcement(self._since(at), to, text), soft_wrap=not self._live)

    def reach(self, progress: Progress, at: float, detail: str = "") -> None:
        """The call has come this far; told again, or after the end, it changes nothing."""
        self._come_to(at)
        if self._progress in (progress, Progress.OVER):
            return
        self._progress = progress
        if progress is Progress.OVER:
            self._keep_all()
        if not self._live:
            self._print_line(at, progress, detail)
        self._redraw(at_once=True)

    def tick(self, at: float) -> None:
        """Time goes by: turns end, the clock moves. Before anything has been told there is no clock."""
        if self._origin is not None:
            self._come_to(at)
            self._redraw(at_once=False)

    def _come_to(self, at: float) -> None:
        """Times of two sources may overtake each other by a little; the latest counts."""
        self._origin = at if self._origin is None else self._origin
        self._now = max(self._now, at)
        for turn in self._turns.finished(self._now):
            self._keep(turn)

    def _keep_all(self) -> None:
        for turn in self._turns.finished(None):
            self._keep(turn)

    def _keep(self, turn: Turn) -> None:
        """Prints a turn for good."""
        if self._live:
            self._console.print(self._bubble(turn))
            return
        listener = Role.AGENT if turn.speaker is Role.CALLER else Role.CALLER
        if turn.original:
            self._print_line(turn.began(Side.HEARD), f"{turn.speaker} said", turn.original)
        if turn.translation:
            self._print_line(turn.began(Side.SPOKEN), f"{listener} heard", turn.translation)

    def _print_line(self, at: float, what: str, text: str) -> None:
        self._console.print(line(self._since(at), what, text), soft_wrap=True)

    def _redraw(self, *, at_once: bool) -> None:
        if self._live and (at_once or self._shown != self._since(self._now)):
            self._shown = self._since(self._now)
            self._live.update(self._screen(), refresh=True)

    def _screen(self) -> RenderableType:
        foot = status(self._shown, self._progress or Progress.DIALLING, self._languages)
        return Group(*self._fitting(self._console.height - 2), foot)

    def _fitting(self, rows: int) -> list[RenderableType]:
        """The newest open turns, as many as there are rows for; the others show when they are over."""
        shown: list[RenderableType] = []
        for turn in reversed(self._turns.open):
            drawn = self._bubble(turn)
            rows -= len(self._console.render_lines(drawn))
            if shown and rows < 0:
                break
            shown.insert(0, drawn)
        return shown

    def _bubble(self, turn: Turn) -> RenderableType:
        return bubble(turn, self._since(turn.began()), self._console.width)

    def _since(self, at: float) -> str:
        return clock(at - (self._origin or 0.0))


class CallCaptions:
    """A `CallObserver` that shows a call of this process; `now` gives the time."""

    def __init__(self, captions: Captions, now: Callable[[], float]) -> None:
        self._captions = captions
        self._now = now

    def tell(self, news: CallNews) -> None:
        match news:
            case Caption():
                self._captions.tell(news.speaker, news.side, news.language, news.text, self._now())
            case CallMoved() if news.state in REACHED:
                self._captions.reach(REACHED[news.state], self._now(), (news.outcome or "").replace("-", " "))


async def follow(
    path: Path, captions: Captions, stop: asyncio.Event, now: Callable[[], float] = time.monotonic
) -> None:
    """Shows a call of another process from what it writes: a `transcript.jsonl`, or a simulated carrier's journal.

    Both may be followed at once. Returns when `stop` is set and the file has been read to its end. `now` is the clock
    of the times in the file.
    """
    tail = Tail(path)
    while True:
        last = stop.is_set()
        for entry in tail.read():
            with contextlib.suppress(KeyError, ValueError):
                _take(entry, captions)
        captions.tick(now())
        if last:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL):
                await stop.wait()


def _take(entry: dict[str, Any], captions: Captions) -> None:
    """One line of either file. Raises KeyError or ValueError for what is neither's."""
    at = _of(float, entry, "monotonic" if "monotonic" in entry else "at")
    if "side" in entry:
        speaker, side = Role(entry["speaker"]), Side(entry["side"])
        captions.tell(speaker, side, _of(str, entry, "language"), _of(str, entry, "text"), at)
        return
    match entry["event"]:
        case "call placed":
            captions.reach(Progress.DIALLING if entry["direction"] == "inbound" else Progress.RINGING, at)
        case "gather" if entry["who"] == Role.CALLER:
            captions.reach(Progress.MENU, at)
        case "said":
            captions.announce(Role(entry["who"]), _of(str, entry, "text"), at)
        case "talking" | "talk began":
            captions.reach(Progress.TALKING, at)
        case "ended":
            captions.reach(Progress.OVER, at, str(entry["outcome"] or "").replace("-", " "))


def _of(kind: type[T], entry: dict[str, Any], key: str) -> T:
    """The value of `key`, which must be of this kind."""
    if not isinstance(value := entry[key], kind):
        raise ValueError(f"{key} is no {kind.__name__}")
    return value
