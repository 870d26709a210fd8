"""The `X-Twilio-Signature` of webhooks and of media stream handshakes.

Source: twilio.com/docs/usage/security, "Validating requests": the URL, then each POST field's name and value in the
order of the names, HMAC-SHA1 with the account's auth token, base64. The user and password of a URL are left out; a port
is left out over https and kept over http. A media stream's handshake is signed over its wss URL as the TwiML has it,
without fields; some servers see it with a slash at its end.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from urllib.parse import urlsplit, urlunsplit

HEADER = "X-Twilio-Signature"


def signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    """The signature of `url` exactly as given, and of the fields of a form."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return b64encode(hmac.digest(token.encode(), signed.encode(), sha1)).decode()


def webhook_url(url: str) -> str:
    """The URL that a webhook's signature is made of."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and parts.port is not None:
        place = place.removesuffix(f":{parts.port}")
    return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one account. `stream_slash` signs a stream's URL with a slash at its end."""

    token: str = field(repr=False)
    stream_slash: bool = False

    def webhook(self, url: str, fields: Mapping[str, str]) -> str:
        """The signature of a request to `url`; `fields` are those of its body, none for GET."""
        return signature(self.token, webhook_url(url), fields)

    def stream(self, url: str) -> str:
        """The signature of a media stream's handshake."""
        slash = self.stream_slash and not url.endswith("/")
        return signature(self.token, url + "/" if slash else url, {})
