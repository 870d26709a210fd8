"""The account's own number and where its calls go (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from telephony.simulator.carrier.plan import StatusCallback
from telephony.simulator.carrier.request import Request

_SETTINGS = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
}


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """URLs are empty where nothing is set."""

    sid: str
    phone_number: str = field(repr=False)
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"

    def updated(self, form: Mapping[str, str]) -> "OwnNumber":
        """With the settings that `form` names, in the REST API's words."""
        return replace(self, **{_SETTINGS[name]: value for name, value in form.items() if name in _SETTINGS})

    @property
    def voice(self) -> Request:
        """What an incoming call asks first."""
        return Request(self.voice_url, self.voice_method)

    @property
    def fallback(self) -> Request | None:
        return Request(self.voice_fallback_url, self.voice_fallback_method) if self.voice_fallback_url else None

    @property
    def reports(self) -> StatusCallback | None:
        """A number's own callback tells of the end of incoming calls alone."""
        return StatusCallback(self.status_callback, self.status_callback_method) if self.status_callback else None
