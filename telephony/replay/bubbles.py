"""What live captions look like: a bubble for each turn, the caller's at the left and the agent's at the right."""

from rich.align import Align
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from telephony.calls.observer import Role
from telephony.replay.parties import printable
from telephony.replay.turns import Turn

HUE = {Role.CALLER: "cyan", Role.AGENT: "yellow"}

NARROW = 64
"""Columns below which bubbles take the whole width."""

SHARE = 0.66
"""Of a wider terminal, so that left and right can be told apart at a glance."""

COLUMN = 13
"""Characters that the first words of a plain line take."""


def bubble(turn: Turn, at: str, width: int) -> RenderableType:
    """What was said, and under it in the speaker's colour how it is put to the other party."""
    hue = HUE[turn.speaker]
    original, translation = printable(turn.original), printable(turn.translation)
    words = [Text(original)] if original else []
    words.append(Text(translation, style=hue) if translation else Text("…", style="dim"))
    panel = Panel(
        Group(*words),
        title=Text(f"{turn.speaker} {at}", style=hue),
        title_align="left",
        border_style=f"dim {hue}",
        width=width if width < NARROW else round(width * SHARE),
    )
    return Align.right(panel) if turn.speaker is Role.AGENT else panel


def announcement(at: str, to: Role, text: str) -> Text:
    """The carrier's own voice."""
    return Text(f"{at:>5}  to the {to}: {printable(text)}", style="dim italic")


def line(at: str, what: str, text: str) -> Text:
    """One line for where nothing can be redrawn."""
    return Text(f"{at:>5}  {what:<{COLUMN}} {printable(text)}".rstrip())


def status(at: str, progress: str, languages: str) -> Text:
    """The last line of the screen."""
    return Text.assemble(("● ", "green"), f"{at}  ", (progress, "bold"), (f"  {languages}", "dim"), no_wrap=True)
