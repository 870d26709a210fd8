"""What this carrier does wrong on purpose, so that a service can be shown to bear it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faults:
    """Without arguments: none."""

    forged_streams: bool = False
    """Handshakes of media streams are signed with another token."""

    drop_streams_after: float | None = None
    """Seconds after which a media stream's connection breaks, without `stop` and without a close frame."""

    bunch: int = 1
    """Media messages sent together: 5 means that every 100 ms five arrive at once."""

    numbers_as_numbers: bool = False
    """Sequence numbers, chunks and timestamps are JSON numbers instead of strings."""

    action_skipped: bool = False
    """A Connect goes on with the next verb although it has an action: what Twilio does where the stream never came
    about, or its server died, is not documented, and a service should live with either."""

    swapped_statuses: bool = False
    """Of every two status callbacks of a call the later one is sent first."""


NONE = Faults()
