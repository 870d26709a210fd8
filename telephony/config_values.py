"""What a setting's text may be, value by value; each function raises ValueError with what it should be."""

import re
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import phonenumbers

from telephony.ivr.languages import UnknownLanguage, find

MOST_LANGUAGES = 9
"""One key, 1 to 9, chooses a language."""

AUTO = "auto"
"""Among the languages on offer: whatever is spoken is found out by listening."""


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def listed(value: Any) -> Any:
    """'a, b' -> ('a', 'b'); anything that is not text passes as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def language(value: str) -> str:
    try:
        return find(value).code
    except UnknownLanguage as unknown:
        raise ValueError(f"a language code: {unknown}") from None


def offered(value: Any) -> tuple[str, ...]:
    """Codes, and perhaps `auto` as the last of them."""
    given = listed(value)
    codes = tuple(AUTO if code.strip().lower() == AUTO else language(code) for code in given)
    if not 1 <= len(codes) <= MOST_LANGUAGES:
        raise ValueError(f"1 to {MOST_LANGUAGES} language codes, comma-separated: one key chooses one")
    if len(set(codes)) < len(codes):
        raise ValueError("each language once")
    if AUTO in codes[:-1]:
        raise ValueError("auto only as the last choice, or alone")
    return codes


def countries(value: Any) -> tuple[str, ...]:
    """ISO 3166 codes."""
    codes = tuple(code.upper() for code in listed(value))
    if wrong := [code for code in codes if code not in phonenumbers.SUPPORTED_REGIONS]:
        raise ValueError(f"comma-separated country codes such as US,DE; {wrong[0]} is none")
    return codes


WEB_ADDRESS = re.compile(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?(/[\w./~%-]*)?", re.ASCII | re.IGNORECASE)


def _web_address(value: str, *, bare: bool) -> SplitResult:
    """The parts of an http(s) address; `bare` refuses a path."""
    if not WEB_ADDRESS.fullmatch(value) or not _has_a_port(value):
        raise ValueError("an address like https://interpreter.example.com")
    parts = urlsplit(value)
    if bare and parts.path not in ("", "/"):
        raise ValueError("an address without a path: the service answers at its root")
    return parts


def _has_a_port(value: str) -> bool:
    """Whether the port of an address is one, or is left out."""
    try:
        return urlsplit(value).port != 0
    except ValueError:
        return False


def public_url(value: str) -> str:
    parts = _web_address(value, bare=True)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("an https address: Twilio opens media streams over TLS only (http is for a loopback host)")
    return f"{parts.scheme}://{parts.netloc}"


def loopback_url(value: str) -> str:
    """An address of this machine, perhaps with a path."""
    parts = _web_address(value, bare=False)
    if not is_loopback(parts.hostname):
        raise ValueError("an address on this machine, like http://127.0.0.1:8081")
    return parts.geturl()


def api_url(value: str) -> str:
    return _web_address(value, bare=False).geturl().rstrip("/")


SOFTEST_DB, LOUDEST_DB = -40.0, 0.0


def original_voice(value: Any) -> float | None:
    """A level in dB, None for off."""
    if value is None or (isinstance(value, str) and value.lower() == "off"):
        return None
    try:
        level = float(value)
    except (TypeError, ValueError):
        level = float("nan")
    if not SOFTEST_DB <= level <= LOUDEST_DB:
        raise ValueError(f"off, or a level from {SOFTEST_DB:.0f} to {LOUDEST_DB:.0f} dB such as -18")
    return level


DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql", "postgresql+asyncpg", "sqlite+aiosqlite")


def database_url(value: str) -> str:
    """The address of a database; never repeated, it may hold a password."""
    if urlsplit(value).scheme not in DATABASE_SCHEMES:
        raise ValueError("an address like postgresql://user:password@host/name, or sqlite:///path")
    return value


def certificates(path: Path) -> Path:
    try:
        ssl.create_default_context(cafile=path)
    except OSError as unusable:
        raise ValueError("a file of trusted certificates in PEM") from unusable
    return path


PHONE_NUMBER = r"^\+[1-9]\d{6,14}$"
ADDRESS = r"^(\+[1-9]\d{6,14}|client:[\w.@-]{1,120}|sips?:\S{3,250})$"
