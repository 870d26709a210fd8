"""A screen that keeps what captions write on it, and a short talk to be captioned."""

import io

from rich.console import Console

from telephony.calls.observer import Role
from telephony.engines.base import Side
from telephony.replay.captions import Captions, Progress

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
