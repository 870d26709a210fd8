import re
from pathlib import Path

import pytest
import trustme
from pydantic import ValidationError

from telephony.config import SettingsError, load_settings
from tests.settings import VARIABLES, WHOLE, complaint, environment, nothing_set

__all__ = ["nothing_set"]

ROOT = Path(__file__).parents[1]

OF_COMMANDS = {"TELEPHONY_API_TOKEN", "TELEPHONY_API_URL"}
"""Read by commands that ask a running service, not by the service."""

WRONG = [
    ("TWILIO_ACCOUNT_SID", "AC1", "'AC1'", "AC and 32 hexadecimal digits"),
    ("TWILIO_ACCOUNT_SID", "SK" + 32 * "0", f"'SK{32 * '0'}'", "AC and 32 hexadecimal digits"),
    ("TWILIO_PHONE_NUMBER", "12025550123", "'###########'", "with its country code"),
    ("TWILIO_PHONE_NUMBER", "+1 202 555 0123", "'+# ### ### ####'", "with its country code"),
    ("GOOGLE_GEMINI_BASE_URL", "localhost:1", "'localhost:1'", "an address like"),
    ("SSL_CERT_FILE", "nowhere.pem", "'nowhere.pem'", "a file of trusted certificates"),
    ("SSL_CERT_FILE", "empty.pem", "'empty.pem'", "a file of trusted certificates"),
    ("TELEPHONY_PUBLIC_URL", "interpreter.example.com", "'interpreter.example.com'", "an address like"),
    ("TELEPHONY_TWILIO_API_URL", "ftp://api.example", "'ftp://api.example'", "an address like"),
    ("TELEPHONY_AGENT_LANGUAGE", "english", "'english'", "a language code"),
    ("TELEPHONY_AGENTS", "+12025550122,5550123", "'#######'", "client: or sip: addresses"),
    ("TELEPHONY_AGENTS", "tel:+12025550122", "'tel:+###########'", "client: or sip: addresses"),
    ("TELEPHONY_AGENTS", ",,", "',,'", "client: or sip: addresses"),
    ("TELEPHONY_LANGUAGES", "en,xx", "'en,xx'", "a language code"),
    ("TELEPHONY_LANGUAGES", "en,EN", "'en,EN'", "each language once"),
    ("TELEPHONY_LANGUAGES", ",", "','", "1 to 9 language codes"),
    ("TELEPHONY_LANGUAGES", "en,es,fr,de,it,pl,nl,ja,ko,tr", "'en,es,fr,de,it,pl,nl,ja,ko,tr'", "1 to 9 language"),
    ("TELEPHONY_LANGUAGES", "auto,en", "'auto,en'", "auto only as the last"),
    ("TELEPHONY_COUNTRIES", "US,Germany", "'US,Germany'", "GERMANY is none"),
    ("TELEPHONY_MACHINE_DETECTION", "robots", "'robots'", "on or off"),
    ("TELEPHONY_ORIGINAL_VOICE", "-50", "'-50'", "from -40 to 0 dB"),
    ("TELEPHONY_ORIGINAL_VOICE", "loud", "'loud'", "off, or a level"),
    ("TELEPHONY_COMFORT_SOUND", "soft", "'soft'", "on or off"),
    ("TELEPHONY_ECHO_SUPPRESSION", "soft", "'soft'", "on or off"),
    ("TELEPHONY_DATABASE_URL", "mysql://me:secret@host/x", "a value that is not shown", "postgresql://"),
    ("TELEPHONY_KEEP_DAYS", "0", "'0'", "a number of days"),
    ("TELEPHONY_FALLBACK_URL", "fallback.example", "'fallback.example'", "an address like"),
    ("TELEPHONY_CALLS_AT_ONCE", "0", "'0'", "a number of calls"),
    ("TELEPHONY_CALLS_AN_HOUR", "few", "'few'", "a number of calls"),
    ("TELEPHONY_MINUTES_A_DAY", "-1", "'-1'", "minutes of sessions"),
    ("TELEPHONY_SPEND_A_DAY", "0", "'0'", "an amount"),
    ("TELEPHONY_MINUTE_PRICE", "-1", "'-1'", "the price of a minute"),
    ("TELEPHONY_DRAIN_SECONDS", "-1", "'-1'", "seconds that calls may go on"),
    ("TELEPHONY_ECHO_TARGET_LANGUAGE", "maybe", "'maybe'", "on or off"),
    ("TELEPHONY_LIVE_API_VERSION", "beta", "'beta'", "a version of the Live API"),
    ("TELEPHONY_LIVE_TOKEN_API_VERSION", "alpha", "'alpha'", "a version of the Live API"),
    ("TELEPHONY_LIVE_BROWSER_URL", "nowhere", "'nowhere'", "an address like"),
    ("TELEPHONY_DEMO_URL", "http://demo.example", "'http://demo.example'", "on this machine"),
    ("TELEPHONY_LIVE_CHUNK_MS", "19", "'19'", "20 to 100"),
    ("TELEPHONY_LIVE_CHUNK_MS", "101", "'101'", "20 to 100"),
    ("TELEPHONY_LIVE_CHUNK_MS", "fast", "'fast'", "20 to 100"),
    ("TELEPHONY_TRANSCRIPTS", "perhaps", "'perhaps'", "on or off"),
]


def test_a_whole_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    settings = load_settings()
    assert settings.twilio_account_sid == WHOLE["TWILIO_ACCOUNT_SID"]
    assert settings.twilio_auth_token.get_secret_value() == "the-auth-token"
    assert settings.twilio_phone_number == "+12025550100"
    assert settings.gemini_api_key.get_secret_value() == "the-api-key"
    assert settings.public_url == "https://interpreter.example.com"
    assert settings.agent_language == "en"
    assert settings.agents == ("+12025550122", "client:agent_7", "sip:agent@pbx.example.com")
    assert settings.languages == ("en", "es", "fr")


def test_what_is_not_set_has_the_documented_default(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    settings = load_settings()
    assert settings.google_gemini_base_url is None
    assert settings.ssl_cert_file is None
    assert settings.twilio_api_url == "https://api.twilio.com"
    assert settings.original_voice is None
    assert settings.comfort_sound is False
    assert settings.echo_suppression is True
    assert settings.countries == ()
    assert settings.calls_at_once is None
    assert settings.drain_seconds == 3600
    assert settings.echo_target_language is False
    assert settings.live_model == "gemini-3.5-live-translate-preview"
    assert settings.live_api_version == "v1beta"
    assert settings.live_chunk_ms == 100
    assert settings.data_dir == Path("data")
    assert settings.transcripts is False


@pytest.mark.parametrize("variable", WHOLE)
def test_a_variable_that_is_missing_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    said = complaint(monkeypatch, **{variable: None})
    assert re.fullmatch(rf"{variable} is not set; it should be \S.*", said)


@pytest.mark.parametrize("variable", WHOLE)
def test_an_empty_variable_counts_as_missing(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    assert complaint(monkeypatch, **{variable: ""}).startswith(f"{variable} is not set; it should be ")


@pytest.mark.parametrize(("variable", "value", "shown", "should_be"), WRONG)
def test_a_wrong_value_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, shown: str, should_be: str
) -> None:
    Path("empty.pem").touch()
    said = complaint(monkeypatch, **{variable: value})
    assert said.startswith(f"{variable} holds {shown}; it should be ")
    assert should_be in said
    assert "\n" not in said


def test_every_variable_has_a_wrong_value_above_or_takes_any_text() -> None:
    any_text = {"TWILIO_AUTH_TOKEN", "GOOGLE_API_KEY", "GEMINI_API_KEY", "TELEPHONY_LIVE_MODEL", "TELEPHONY_DATA_DIR"}
    assert {variable for variable, *_ in WRONG} | any_text == set(VARIABLES)


def test_each_wrong_setting_has_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = complaint(monkeypatch, TWILIO_ACCOUNT_SID="x", TELEPHONY_AGENTS=None, TELEPHONY_LIVE_CHUNK_MS="1")
    assert [line.split()[0] for line in lines.splitlines()] == [
        "TWILIO_ACCOUNT_SID",
        "TELEPHONY_AGENTS",
        "TELEPHONY_LIVE_CHUNK_MS",
    ]


def test_a_value_with_line_feeds_in_it_is_shown_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    said = complaint(monkeypatch, TELEPHONY_AGENT_LANGUAGE="e\nn", TELEPHONY_PUBLIC_URL="https://a\n.example")
    assert len(said.splitlines()) == 2


def test_a_wrong_language_code_comes_with_the_nearest_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nearest: en (English)" in complaint(monkeypatch, TELEPHONY_LANGUAGES="es,xx")


@pytest.mark.parametrize("variable", ["TWILIO_AUTH_TOKEN", "GOOGLE_API_KEY", "GEMINI_API_KEY"])
def test_a_wrong_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    environment(monkeypatch, GOOGLE_API_KEY=None)
    with pytest.raises(SettingsError) as wrong:
        load_settings(**{variable: 12345678})  # no text: the one way for these to be wrong
    assert f"{variable} holds a value that is not shown; it should be " in str(wrong.value)
    assert "12345678" not in str(wrong.value)


def test_a_password_in_an_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    said = complaint(monkeypatch, TELEPHONY_PUBLIC_URL="https://user:password@interpreter.example.com")
    assert "password" not in said
    assert "user" not in said


def test_secrets_do_not_show_in_the_settings_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    shown = f"{load_settings()!r} {load_settings()}"
    assert "the-auth-token" not in shown
    assert "the-api-key" not in shown


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().public_url = "https://other.example.com"


def test_blanks_around_a_value_are_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, TWILIO_AUTH_TOKEN=" the-auth-token\n", TWILIO_PHONE_NUMBER="+12025550100 ")
    assert load_settings().twilio_auth_token.get_secret_value() == "the-auth-token"
    assert load_settings().twilio_phone_number == "+12025550100"


def test_settings_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("".join(f"{name}={value}\n" for name, value in WHOLE.items()), "utf-8")
    assert load_settings().languages == ("en", "es", "fr")
    monkeypatch.setenv("TELEPHONY_LANGUAGES", "de")
    assert load_settings().languages == ("de",)


def test_a_file_that_is_no_text_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_bytes(b"TWILIO_AUTH_TOKEN=\xff\xfe\n")
    assert re.fullmatch(r"\.env holds .*; it should be .*", complaint(monkeypatch))


def test_google_api_key_wins_over_gemini_api_key(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, GEMINI_API_KEY="the-other-key")
    assert load_settings().gemini_api_key.get_secret_value() == "the-api-key"


@pytest.mark.parametrize("google", [None, ""])
def test_gemini_api_key_is_enough(monkeypatch: pytest.MonkeyPatch, google: str | None) -> None:
    environment(monkeypatch, GOOGLE_API_KEY=google, GEMINI_API_KEY="the-other-key")
    assert load_settings().gemini_api_key.get_secret_value() == "the-other-key"


def test_certificates_are_read_from_their_file(monkeypatch: pytest.MonkeyPatch) -> None:
    trustme.CA().cert_pem.write_to_path("ca.pem")
    environment(monkeypatch, SSL_CERT_FILE="ca.pem")
    assert load_settings().ssl_cert_file == Path("ca.pem")


@pytest.mark.parametrize(("written", "code"), [("iw", "he"), ("PT-br", "pt-BR"), ("zh-CN", "zh-Hans"), ("en", "en")])
def test_a_language_may_be_written_as_people_write_it(monkeypatch: pytest.MonkeyPatch, written: str, code: str) -> None:
    environment(monkeypatch, TELEPHONY_AGENT_LANGUAGE=written)
    assert load_settings().agent_language == code


@pytest.mark.parametrize(("written", "switched"), [("on", True), ("true", True), ("1", True), ("off", False)])
def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch, written: str, switched: bool) -> None:
    environment(monkeypatch, TELEPHONY_ECHO_TARGET_LANGUAGE=written)
    assert load_settings().echo_target_language is switched


def test_the_example_file_explains_exactly_the_variables_there_are() -> None:
    named = re.findall(r"^#?([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert sorted({*named, "GEMINI_API_KEY"} - OF_COMMANDS) == VARIABLES
    assert "GEMINI_API_KEY" in (ROOT / ".env.example").read_text("utf-8")


def test_the_example_files_defaults_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = re.findall(r"^#([A-Z][A-Z0-9_]*)=(.+)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    environment(monkeypatch)
    untouched = load_settings()
    environment(monkeypatch, **dict(lines))
    assert load_settings() == untouched
    assert lines
