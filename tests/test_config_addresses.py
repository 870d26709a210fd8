import pytest

from telephony.carriers.twilio.addresses import Addresses
from telephony.config import is_loopback, load_settings
from tests.settings import complaint, environment, nothing_set

__all__ = ["nothing_set"]


@pytest.mark.parametrize(
    ("given", "public", "streams"),
    [
        ("https://interpreter.example.com", "https://interpreter.example.com", "wss://interpreter.example.com"),
        ("https://interpreter.example.com/", "https://interpreter.example.com", "wss://interpreter.example.com"),
        ("HTTPS://interpreter.example.com", "https://interpreter.example.com", "wss://interpreter.example.com"),
        ("https://a-b.example:8443", "https://a-b.example:8443", "wss://a-b.example:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "ws://127.0.0.1:8080"),
        ("http://localhost", "http://localhost", "ws://localhost"),
        ("http://[::1]:8080", "http://[::1]:8080", "ws://[::1]:8080"),
        ("https://127.0.0.1", "https://127.0.0.1", "wss://127.0.0.1"),
    ],
)
def test_streams_derive_from_the_public_address(
    monkeypatch: pytest.MonkeyPatch, given: str, public: str, streams: str
) -> None:
    environment(monkeypatch, TELEPHONY_PUBLIC_URL=given)
    assert load_settings().public_url == public
    assert Addresses(load_settings().public_url).stream("c1", "caller").startswith(f"{streams}/twilio/")


@pytest.mark.parametrize(
    "url",
    [
        "http://interpreter.example.com",
        "http://127.0.0.1.example.com",
        "http://192.168.0.1",
        "http://localhost.example.com",
        "https://interpreter.example.com/twilio",
        "https://interpreter.example.com?a=1",
        "https://interpreter.example.com#a",
        "https://user@interpreter.example.com",
        "https://interpreter.example.com:port",
        "https://interpreter.example.com:99999",
        "https://interpreter.example.com:0",
        "https://interpreter example.com",
        "https://[::1",
        "https://",
        "https://:8080",
        "wss://interpreter.example.com",
        "//interpreter.example.com",
    ],
)
def test_an_address_that_twilio_could_not_use_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert complaint(monkeypatch, TELEPHONY_PUBLIC_URL=url).startswith("TELEPHONY_PUBLIC_URL holds ")


def test_addresses_of_apis_may_have_a_path_and_end_without_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(
        monkeypatch,
        TELEPHONY_TWILIO_API_URL="http://127.0.0.1:9/",
        GOOGLE_GEMINI_BASE_URL="https://proxy.example/live/",
    )
    assert load_settings().twilio_api_url == "http://127.0.0.1:9"
    assert load_settings().google_gemini_base_url == "https://proxy.example/live"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_a_loopback_host_stays_on_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "example.com", "localhost.example.com", "", None])
def test_any_other_host_does_not(host: str | None) -> None:
    assert not is_loopback(host)
