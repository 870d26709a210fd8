"""What the interpretation asks of one party's leg: to say what it hears from it, and to hear what is meant for it."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Talker(Protocol):
    """One of two who are put through to each other. Sound is PCMU 8 kHz."""

    direct: bool
    """The other's voice is heard at full level; nobody interprets."""

    said: Callable[[bytes, float], None] | None
    """Who listens: is given every frame, and when it came."""

    @property
    def name(self) -> str: ...

    @property
    def over(self) -> asyncio.Event:
        """Set when the party is gone."""
        ...

    @property
    def lag(self) -> float:
        """Seconds that it hears behind what is queued for it."""
        ...

    def play(self, pcmu: bytes) -> None:
        """Queues a translation, or a tone."""
        ...

    def overhear(self, pcmu: bytes) -> None:
        """Takes every frame of the other's own voice; how loud it is heard, if at all, is decided there."""
        ...

    async def finish(self) -> None:
        """Returns when everything queued has been heard, or will not be."""
        ...
