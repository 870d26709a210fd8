"""The sound of a session, counted for its usageMetadata."""

from telephony.simulator.live_api.lines import HEARD_RATE
from telephony.simulator.live_api.speaking import MESSAGE_S

_EVERY_S = 1.0
"""Seconds of sound said between two counts. How often the real service counts is not documented."""


class Usage:
    """Seconds heard and said since the last count."""

    def __init__(self) -> None:
        self._heard_s = 0.0
        self._said_s = 0.0

    def heard(self, size: int) -> None:
        """So many bytes of sound came."""
        self._heard_s += size / 2 / HEARD_RATE

    def said(self) -> tuple[float, float] | None:
        """One more message was sent. Gives seconds heard and said whenever it is time to count."""
        self._said_s += MESSAGE_S
        if self._said_s < _EVERY_S:
            return None
        counted = self._heard_s, self._said_s
        self._heard_s = self._said_s = 0.0
        return counted
