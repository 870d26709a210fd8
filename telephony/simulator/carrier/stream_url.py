"""Which URLs a stream may have (twilio.com/docs/voice/twiml/stream, /docs/api/errors/31920, 31922, 31923). PURE."""

from ipaddress import ip_address
from urllib.parse import urlsplit

HANDSHAKE = 31920
SCHEME = 31922
MALFORMED = 31923


class StreamError(Exception):
    """A stream that does not come about: Twilio's error code and why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def check_url(url: str, *, allow_ws: bool) -> None:
    """Raises StreamError: wss only, or ws to a loopback host where that is allowed; no query string."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise StreamError(MALFORMED, "the URL cannot be read") from None
    if parts.scheme != "wss" and not (parts.scheme == "ws" and allow_ws and _loopback(host or "")):
        raise StreamError(SCHEME, "the URL is not wss")
    if not host:
        raise StreamError(MALFORMED, "the URL has no host")
    if parts.query or "?" in url:
        raise StreamError(HANDSHAKE, "the URL has a query string")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
