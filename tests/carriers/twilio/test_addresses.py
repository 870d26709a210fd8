import pytest

from telephony.carriers.twilio.addresses import RETRIES, Addresses

WHERE = Addresses("https://interpreter.example.com")


def test_every_address_lies_under_the_public_one() -> None:
    assert WHERE.voice == "https://interpreter.example.com/twilio/voice"
    assert WHERE.line_status == "https://interpreter.example.com/twilio/status"
    after = "https://interpreter.example.com/twilio/calls/c1/caller/steps/after"
    assert WHERE.step("c1", "caller", "after") == f"{after}{RETRIES}"
    assert WHERE.step("c1", "caller", "after", again=2) == f"{after}?again=2{RETRIES}"
    assert WHERE.voice_again(1) == f"https://interpreter.example.com/twilio/voice?again=1{RETRIES}"
    status = "https://interpreter.example.com/twilio/calls/c1/agent-1/status"
    assert WHERE.status("c1", "agent-1") == f"{status}{RETRIES}"


def test_twilio_is_asked_to_try_again_in_words_it_knows() -> None:
    """Fragment, `key=value` pairs, rc from 0 to 5, rp of 4xx, 5xx, ct, rt, all."""
    assert RETRIES == "#rc=3&rp=ct,5xx"


@pytest.mark.parametrize(
    ("public", "stream"),
    [
        ("https://interpreter.example.com", "wss://interpreter.example.com/twilio/calls/c1/caller/stream"),
        ("https://interpreter.example.com:8443", "wss://interpreter.example.com:8443/twilio/calls/c1/caller/stream"),
        ("http://127.0.0.1:8080", "ws://127.0.0.1:8080/twilio/calls/c1/caller/stream"),
        ("http://https.localhost", "ws://https.localhost/twilio/calls/c1/caller/stream"),
    ],
)
def test_streams_are_wss_where_the_public_address_is_https(public: str, stream: str) -> None:
    assert Addresses(public).stream("c1", "caller") == stream


def test_a_stream_has_no_query_which_twilio_refuses() -> None:
    assert "?" not in WHERE.stream("c1", "caller")
