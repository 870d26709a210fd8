"""Is this request Twilio's? Checked against the configured public address, never against what a request says of itself.

Source: twilio.com/docs/usage/security. A websocket handshake is signed over the wss address without parameters; whether
with or without a trailing slash differs, so both are taken ("try appending a trailing / character", same page).
"""

from typing import Any

from twilio.request_validator import RequestValidator


class SignatureCheck:
    """Checks `X-Twilio-Signature` for one account and one public address (`https://host`, no path)."""

    def __init__(self, auth_token: str, public_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._web = public_url
        self._sockets = "ws" + public_url.removeprefix("http")

    def webhook(self, path: str, form: Any, signature: str | None) -> bool:
        """`path` is the raw path with its query; `form` holds every field received, doubles and blanks included."""
        return bool(signature) and bool(self._validator.validate(self._web + path, form, signature))

    def handshake(self, path: str, signature: str | None) -> bool:
        """The upgrade request of a media stream."""
        if not signature:
            return False
        bare = (self._sockets + path).rstrip("/")
        return any(self._validator.validate(url, {}, signature) for url in (bare, bare + "/"))
