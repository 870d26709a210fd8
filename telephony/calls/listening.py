"""How one party wants to listen: how loud the other's own voice is underneath, and how fast the interpreter speaks."""

from collections.abc import Callable

from telephony.calls.house import Listeners
from telephony.calls.leg import Leg
from telephony.calls.profile import Profile

UNDER_DB = -18.0
ALOUD_DB = -6.0
TEMPO_STEP = 0.1
SLOWEST, FASTEST = 0.8, 1.2

NEXT_ORIGINAL = {UNDER_DB: None, None: ALOUD_DB, ALOUD_DB: UNDER_DB}
"""Under, off, aloud, and under again."""


def as_configured(listeners: Listeners, profile: Profile) -> Callable[[Leg], None]:
    """Sets a new leg to what the house's settings and its line's profile say."""
    chosen = listeners.original_voice if profile.original_voice is None else profile.original_voice
    under = None if chosen == "off" else chosen

    def tune(leg: Leg) -> None:
        leg.playout.original_under = under
        leg.playout.comfort = listeners.comfort
        if not listeners.echo:
            leg.echo = None

    return tune


class Listening:
    """A view of one leg's playout, in steps of a key."""

    def __init__(self, leg: Leg) -> None:
        self._playout = leg.playout

    def next_original(self) -> None:
        self._playout.original_under = NEXT_ORIGINAL.get(self._playout.original_under, UNDER_DB)

    def change_tempo(self, *, faster: bool) -> None:
        wanted = self._playout.tempo + (TEMPO_STEP if faster else -TEMPO_STEP)
        self._playout.tempo = round(min(max(wanted, SLOWEST), FASTEST), 2)
