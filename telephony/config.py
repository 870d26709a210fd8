"""Settings, from the environment or a `.env` file: read once, frozen, and wrong ones named in one line.

The names are a public contract; `.env.example` explains each.
"""

import re
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, FilePath, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from telephony.ivr.languages import UnknownLanguage, find

MOST_LANGUAGES = 9
"""One key, 1 to 9, chooses a language."""


class SettingsError(Exception):
    """Settings that cannot be used. `str()` has one line for each: the variable, what it holds, what it should be."""


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _listed(value: Any) -> Any:
    """'a, b' -> ('a', 'b'); anything that is not text passes as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _language(value: str) -> str:
    try:
        return find(value).code
    except UnknownLanguage as unknown:
        raise ValueError(f"a language code: {unknown}") from None


def _offered(value: Any) -> tuple[str, ...]:
    codes = tuple(_language(code) for code in _listed(value))
    if not 1 <= len(codes) <= MOST_LANGUAGES:
        raise ValueError(f"1 to {MOST_LANGUAGES} language codes, comma-separated: one key chooses one")
    if len(set(codes)) < len(codes):
        raise ValueError("each language once")
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


def _public_url(value: str) -> str:
    parts = _web_address(value, bare=True)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("an https address: Twilio opens media streams over TLS only (http is for a loopback host)")
    return f"{parts.scheme}://{parts.netloc}"


def _api_url(value: str) -> str:
    return _web_address(value, bare=False).geturl().rstrip("/")


def _original_voice(value: str) -> str:
    if value != "off":
        raise ValueError("off: the speaker's own voice is not mixed under the translation yet")
    return value


def _certificates(path: Path) -> Path:
    try:
        ssl.create_default_context(cafile=path)
    except OSError as unusable:
        raise ValueError("a file of trusted certificates in PEM") from unusable
    return path


PHONE_NUMBER = r"^\+[1-9]\d{6,14}$"
ADDRESS = r"^(\+[1-9]\d{6,14}|client:[\w.@-]{1,120}|sips?:\S{3,250})$"

LanguageCode = Annotated[str, AfterValidator(_language)]
Address = Annotated[str, Field(pattern=ADDRESS)]


def _setting(name: str, should_be: str, default: Any = ..., *more_names: str) -> Any:
    """A field read from the variable `name` (or one of `more_names`); `should_be` completes "should be ..."."""
    return Field(default, validation_alias=AliasChoices(name, *more_names), description=should_be)


class Settings(BaseSettings):
    """Everything the service is told. Frozen; secrets do not show in its repr."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True, str_strip_whitespace=True
    )

    twilio_account_sid: Annotated[str, Field(pattern=r"^AC[0-9a-fA-F]{32}$")] = _setting(
        "TWILIO_ACCOUNT_SID", "the account's SID: AC and 32 hexadecimal digits"
    )
    twilio_auth_token: Annotated[SecretStr, Field(min_length=1)] = _setting(
        "TWILIO_AUTH_TOKEN", "the account's primary auth token"
    )
    twilio_phone_number: Annotated[str, Field(pattern=PHONE_NUMBER)] = _setting(
        "TWILIO_PHONE_NUMBER", "your Twilio number with its country code, as +12025550123"
    )
    gemini_api_key: Annotated[SecretStr, Field(min_length=1)] = _setting(
        "GOOGLE_API_KEY", "a Gemini API key, in GOOGLE_API_KEY or GEMINI_API_KEY", ..., "GEMINI_API_KEY"
    )
    google_gemini_base_url: Annotated[str, AfterValidator(_api_url)] | None = _setting(
        "GOOGLE_GEMINI_BASE_URL", "an https address, or nothing for Google's own", None
    )
    ssl_cert_file: Annotated[FilePath, AfterValidator(_certificates)] | None = _setting(
        "SSL_CERT_FILE", "a file of trusted certificates, or nothing for the usual ones", None
    )
    public_url: Annotated[str, AfterValidator(_public_url)] = _setting(
        "TELEPHONY_PUBLIC_URL", "the https address under which Twilio reaches this service"
    )
    twilio_api_url: Annotated[str, AfterValidator(_api_url)] = _setting(
        "TELEPHONY_TWILIO_API_URL", "the base of Twilio's REST API", "https://api.twilio.com"
    )
    agent_language: LanguageCode = _setting("TELEPHONY_AGENT_LANGUAGE", "the code of the language your agents speak")
    agents: Annotated[tuple[Address, ...], NoDecode, BeforeValidator(_listed), Field(min_length=1)] = _setting(
        "TELEPHONY_AGENTS", "comma-separated numbers (+12025550123), client: or sip: addresses, tried in order"
    )
    languages: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_offered)] = _setting(
        "TELEPHONY_LANGUAGES", "comma-separated language codes, key 1 first; one code means no menu"
    )
    original_voice: Annotated[str, AfterValidator(_original_voice)] = _setting("TELEPHONY_ORIGINAL_VOICE", "off", "off")
    echo_target_language: bool = _setting("TELEPHONY_ECHO_TARGET_LANGUAGE", "on or off", False)
    live_model: Annotated[str, Field(min_length=1)] = _setting(
        "TELEPHONY_LIVE_MODEL", "a Live Translate model", "gemini-3.5-live-translate-preview"
    )
    live_api_version: Annotated[str, Field(pattern=r"^v\d+((alpha|beta)\d*)?$")] = _setting(
        "TELEPHONY_LIVE_API_VERSION", "a version of the Live API, such as v1beta", "v1beta"
    )
    live_chunk_ms: Annotated[int, Field(ge=20, le=100)] = _setting(
        "TELEPHONY_LIVE_CHUNK_MS", "milliseconds of sound a message, 20 to 100", 100
    )
    data_dir: Path = _setting("TELEPHONY_DATA_DIR", "a folder this service may write to", Path("data"))
    transcripts: bool = _setting(
        "TELEPHONY_TRANSCRIPTS", "on or off: keep what was said as text in the data folder", False
    )


SECRET = {"twilio_auth_token", "gemini_api_key"}
NUMBERS = {"twilio_phone_number", "agents"}


def load_settings(**given: Any) -> Settings:
    """Reads the settings; `given` (by variable name) wins over the environment. Raises SettingsError."""
    try:
        return Settings(**given)
    except ValidationError as wrong:
        raise SettingsError("\n".join(dict.fromkeys(_explain(error) for error in wrong.errors()))) from None
    except UnicodeDecodeError:
        raise SettingsError(
            ".env holds something else than UTF-8 text; it should be lines like those of .env.example"
        ) from None


def _explain(error: Any) -> str:
    """One line: the variable, what it holds, what it should be. Secrets and numbers are not repeated."""
    place = str(error["loc"][0])
    name, field = next((n, f) for n, f in Settings.model_fields.items() if place in (n, *_variables(f)))
    variable = _variables(field)[0] if place == name else place
    if error["type"] == "missing":
        return f"{variable} is not set; it should be {field.description}"
    reason = str(error["ctx"]["error"] if error["type"] == "value_error" else field.description)
    return f"{variable} holds {_shown(name, error)}; it should be {' '.join(reason.split())}"


def _variables(field: Any) -> tuple[str, ...]:
    return tuple(str(choice) for choice in field.validation_alias.choices)


def _shown(name: str, error: Any) -> str:
    if name in SECRET:
        return "a value that is not shown"
    value = re.sub(r"//[^/]*@", "//#@", str(error["input"]))
    return repr(re.sub(r"\d", "#", value) if name in NUMBERS else value)
