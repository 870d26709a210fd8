"""How Twilio says a call stands, as we say it (twilio.com/docs/voice/api/call-resource, `status`). PURE."""

from telephony.carriers.base import LegStatus

_WORDS = {"in-progress": LegStatus.ANSWERED, **{status.value: status for status in LegStatus}}


def leg_status(word: str) -> LegStatus | None:
    """What Twilio's word means; None for one that nobody knows."""
    return _WORDS.get(word)
