"""Settings for tests: a whole environment, one with a change in it, and what is said of that."""

from pathlib import Path

import pytest

from telephony.config import Settings, SettingsError, load_settings

WHOLE = {
    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
    "TWILIO_AUTH_TOKEN": "the-auth-token",
    "TWILIO_PHONE_NUMBER": "+12025550100",
    "GOOGLE_API_KEY": "the-api-key",
    "TELEPHONY_PUBLIC_URL": "https://interpreter.example.com",
    "TELEPHONY_AGENT_LANGUAGE": "en",
    "TELEPHONY_AGENTS": "+12025550122, client:agent_7,sip:agent@pbx.example.com",
    "TELEPHONY_LANGUAGES": "en, es,fr",
}

VARIABLES = sorted(
    str(name)
    for field in Settings.model_fields.values()
    for name in field.validation_alias.choices  # type: ignore[union-attr]
)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no .env of whoever runs the tests."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def environment(monkeypatch: pytest.MonkeyPatch, **changed: str | None) -> None:
    """Sets every variable of WHOLE but for what is changed; None leaves one out."""
    for name, value in {**WHOLE, **changed}.items():
        if value is not None:
            monkeypatch.setenv(name, value)


def complaint(monkeypatch: pytest.MonkeyPatch, **changed: str | None) -> str:
    """What is said of settings with this change."""
    environment(monkeypatch, **changed)
    with pytest.raises(SettingsError) as wrong:
        load_settings()
    return str(wrong.value)
