"""Settings, from the environment or a `.env` file: read once, frozen, and wrong ones named in one line.

The names are a public contract; `.env.example` explains each.
"""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, FilePath, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from telephony import config_values as values
from telephony.config_values import is_loopback

__all__ = ["Settings", "SettingsError", "is_loopback", "load_settings"]


class SettingsError(Exception):
    """Settings that cannot be used. `str()` has one line for each: the variable, what it holds, what it should be."""


LanguageCode = Annotated[str, AfterValidator(values.language)]
Address = Annotated[str, Field(pattern=values.ADDRESS)]


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
    twilio_phone_number: Annotated[str, Field(pattern=values.PHONE_NUMBER)] = _setting(
        "TWILIO_PHONE_NUMBER", "your Twilio number with its country code, as +12025550123"
    )
    gemini_api_key: Annotated[SecretStr, Field(min_length=1)] = _setting(
        "GOOGLE_API_KEY", "a Gemini API key, in GOOGLE_API_KEY or GEMINI_API_KEY", ..., "GEMINI_API_KEY"
    )
    google_gemini_base_url: Annotated[str, AfterValidator(values.api_url)] | None = _setting(
        "GOOGLE_GEMINI_BASE_URL", "an https address, or nothing for Google's own", None
    )
    ssl_cert_file: Annotated[FilePath, AfterValidator(values.certificates)] | None = _setting(
        "SSL_CERT_FILE", "a file of trusted certificates, or nothing for the usual ones", None
    )
    public_url: Annotated[str, AfterValidator(values.public_url)] = _setting(
        "TELEPHONY_PUBLIC_URL", "the https address under which Twilio reaches this service"
    )
    twilio_api_url: Annotated[str, AfterValidator(values.api_url)] = _setting(
        "TELEPHONY_TWILIO_API_URL", "the base of Twilio's REST API", "https://api.twilio.com"
    )
    agent_language: LanguageCode = _setting("TELEPHONY_AGENT_LANGUAGE", "the code of the language your agents speak")
    agents: Annotated[tuple[Address, ...], NoDecode, BeforeValidator(values.listed), Field(min_length=1)] = _setting(
        "TELEPHONY_AGENTS", "comma-separated numbers (+12025550123), client: or sip: addresses, tried in order"
    )
    languages: Annotated[tuple[str, ...], NoDecode, BeforeValidator(values.offered)] = _setting(
        "TELEPHONY_LANGUAGES",
        "comma-separated language codes, key 1 first; one means no menu; auto may be last",
    )
    countries: Annotated[tuple[str, ...], NoDecode, BeforeValidator(values.countries)] = _setting(
        "TELEPHONY_COUNTRIES", "comma-separated country codes that may be dialled, such as US,DE", ()
    )
    machine_detection: bool = _setting("TELEPHONY_MACHINE_DETECTION", "on or off", False)
    original_voice: Annotated[float | None, BeforeValidator(values.original_voice)] = _setting(
        "TELEPHONY_ORIGINAL_VOICE", "off, or a level in dB such as -18", None
    )
    comfort_sound: bool = _setting("TELEPHONY_COMFORT_SOUND", "on or off", False)
    echo_suppression: bool = _setting("TELEPHONY_ECHO_SUPPRESSION", "on or off", True)
    echo_target_language: bool = _setting("TELEPHONY_ECHO_TARGET_LANGUAGE", "on or off", False)
    live_model: Annotated[str, Field(min_length=1)] = _setting(
        "TELEPHONY_LIVE_MODEL", "a Live Translate model", "gemini-3.5-live-translate-preview"
    )
    live_api_version: Annotated[str, Field(pattern=r"^v\d+((alpha|beta)\d*)?$")] = _setting(
        "TELEPHONY_LIVE_API_VERSION", "a version of the Live API, such as v1beta", "v1beta"
    )
    live_token_api_version: Annotated[str, Field(pattern=r"^v\d+((alpha|beta)\d*)?$")] = _setting(
        "TELEPHONY_LIVE_TOKEN_API_VERSION", "a version of the Live API for ephemeral tokens, such as v1alpha", "v1alpha"
    )
    live_browser_url: Annotated[str, AfterValidator(values.api_url)] | None = _setting(
        "TELEPHONY_LIVE_BROWSER_URL", "where browsers find the Live API, or nothing for where this service does", None
    )
    live_chunk_ms: Annotated[int, Field(ge=20, le=100)] = _setting(
        "TELEPHONY_LIVE_CHUNK_MS", "milliseconds of sound a message, 20 to 100", 100
    )
    data_dir: Path = _setting("TELEPHONY_DATA_DIR", "a folder this service may write to", Path("data"))
    transcripts: bool = _setting(
        "TELEPHONY_TRANSCRIPTS", "on or off: keep what was said as text in the data folder", False
    )

    keep_days: Annotated[int, Field(ge=1)] | None = _setting(
        "TELEPHONY_KEEP_DAYS",
        "a number of days after which what is kept of calls is removed, or nothing",
        None,
    )
    database_url: Annotated[str, AfterValidator(values.database_url)] | None = _setting(
        "TELEPHONY_DATABASE_URL", "an address like postgresql://user:password@host/name, or nothing for SQLite", None
    )
    fallback_url: Annotated[str, AfterValidator(values.api_url)] | None = _setting(
        "TELEPHONY_FALLBACK_URL", "the address of the static TwiML for when this service does not answer", None
    )
    calls_at_once: Annotated[int, Field(ge=1)] | None = _setting(
        "TELEPHONY_CALLS_AT_ONCE", "a number of calls, or nothing for no limit", None
    )
    calls_an_hour: Annotated[int, Field(ge=1)] | None = _setting(
        "TELEPHONY_CALLS_AN_HOUR", "a number of calls of one caller, or nothing for no limit", None
    )
    minutes_a_day: Annotated[float, Field(gt=0)] | None = _setting(
        "TELEPHONY_MINUTES_A_DAY", "minutes of sessions (two a call), or nothing for no limit", None
    )
    spend_a_day: Annotated[float, Field(gt=0)] | None = _setting(
        "TELEPHONY_SPEND_A_DAY", "an amount in the currency of the minute price, or nothing for no limit", None
    )
    minute_price: Annotated[float, Field(ge=0)] | None = _setting(
        "TELEPHONY_MINUTE_PRICE", "the price of a minute of one session, or nothing for the list price", None
    )
    demo_url: Annotated[str, AfterValidator(values.loopback_url)] | None = _setting(
        "TELEPHONY_DEMO_URL", "the http address on this machine that plays a demo's calls, or nothing", None
    )
    drain_seconds: Annotated[float, Field(ge=0)] = _setting(
        "TELEPHONY_DRAIN_SECONDS", "seconds that calls may go on after SIGTERM", 3600.0
    )


SECRET = {"twilio_auth_token", "gemini_api_key", "database_url"}
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
