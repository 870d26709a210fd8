"""Twilio's fixtures, and requests signed by Twilio's own validator: the referee of what we accept."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

FIXTURES = Path(__file__).parents[3] / "fixtures" / "twilio"

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
CALLER_LEG = "CA0123456789abcdef0123456789abcdef"
AGENT_LEG = "CAfedcba9876543210fedcba9876543210"
STREAM = "MZ0123456789abcdef0123456789abcdef"
TOKEN = "12345"

SIGNATURE = "X-Twilio-Signature"


def text(name: str) -> str:
    """A message as it stands on the wire: the file without the line feed that ends it."""
    return (FIXTURES / name).read_text("utf-8").removesuffix("\n")


def form(name: str) -> dict[str, str]:
    """The fields of a webhook, empty ones included."""
    return dict(parse_qsl(text(name), keep_blank_values=True, strict_parsing=True))


def signed(url: str, fields: Mapping[str, str] | None = None, token: str = TOKEN) -> str:
    """The signature Twilio sends with a request to `url`."""
    return str(RequestValidator(token).compute_signature(url, dict(fields or {})))
