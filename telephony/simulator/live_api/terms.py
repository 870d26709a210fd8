"""What holds for every session of one simulated Live API."""

from collections.abc import Collection
from dataclasses import dataclass, field

from telephony.simulator.live_api.refusal import ABORTED, Refusal
from telephony.simulator.live_api.setup import TRANSLATE_MODEL, live_languages


@dataclass(frozen=True, slots=True)
class Terms:
    """The service's rules."""

    languages: Collection[str] = field(default_factory=live_languages)
    models: Collection[str] = (TRANSLATE_MODEL,)

    setup_within: float = 30.0
    """Seconds in which the first frame has to come."""

    life: float = 600.0
    """Seconds that a connection lasts: "around 10 minutes" (ai.google.dev, live-session, "Session duration")."""

    notice: float = 50.0
    """Seconds before that end at which goAway is sent; also its timeLeft."""

    end: Refusal = ABORTED
    """How the connection is closed at that end."""
