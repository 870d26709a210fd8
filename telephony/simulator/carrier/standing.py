"""How a call stands, and where it comes from, in Twilio's words (twilio.com/docs/voice/api/call-resource). PURE."""

from enum import StrEnum


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_DIAL = "outbound-dial"


class Standing(StrEnum):
    """`CallStatus`; `initiated` occurs in status callbacks alone."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def final(self) -> bool:
        return self in _FINAL


_FINAL = frozenset({Standing.COMPLETED, Standing.BUSY, Standing.FAILED, Standing.NO_ANSWER, Standing.CANCELED})

SIP_CODES = {
    Standing.COMPLETED: 200,
    Standing.BUSY: 486,
    Standing.FAILED: 404,
    Standing.NO_ANSWER: 487,
    Standing.CANCELED: 487,
}
"""`SipResponseCode` of a call that is over (RFC 3261, section 21)."""
