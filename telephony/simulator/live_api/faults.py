"""What a session of the simulated Live API is made to suffer."""

from dataclasses import dataclass

from telephony.simulator.live_api.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Faults:
    """Nothing, unless said otherwise. A session takes the faults that are set when it is opened."""

    http_status: int | None = None
    """The handshake is answered with this status, as 401, 429 or 503."""

    refusal: Refusal | None = None
    """The setup is answered with this close, `refusal_after` seconds later. A spent quota is seen to take 0.8 s."""

    refusal_after: float = 0.0

    refusal_completes: bool = False
    """The setup is answered with setupComplete first."""

    close: Refusal | None = None
    """A session that runs is closed so, at the first of the two that is set."""

    close_after_s: float | None = None
    close_after_bytes: int | None = None
    """Bytes of sound heard."""
