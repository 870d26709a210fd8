import json
from pathlib import Path
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from telephony.simulator.carrier.sids import CALL, STREAM, is_sid, new_sid
from telephony.simulator.carrier.signing import Signer, signature

FIXTURES = Path(__file__).parents[2] / "fixtures" / "twilio"
VECTORS: list[dict[str, Any]] = json.loads((FIXTURES / "signatures.json").read_text(encoding="utf-8"))
FIELDS = {"CallSid": "CA1", "FromCity": "", "SpeechResult": "español, por favor", "Digits": "2", "Body": "a+b&c=d"}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["case"]))
def test_signatures_are_those_on_record(vector: dict[str, Any]) -> None:
    assert signature(vector["token"], vector["url"], vector["fields"]) == vector["signature"]


@pytest.mark.parametrize(
    "url",
    [
        "https://interpreter.example.com/twilio/voice",
        "https://interpreter.example.com:443/twilio/voice?try=2",
        "https://interpreter.example.com:8443/twilio/voice",
        "http://127.0.0.1:8080/twilio/voice",
    ],
)
def test_twilios_own_validator_accepts_a_webhook(url: str) -> None:
    signed = Signer("token").webhook(url, FIELDS)
    assert RequestValidator("token").validate(url, FIELDS, signed)
    assert not RequestValidator("another").validate(url, FIELDS, signed)
    assert not RequestValidator("token").validate(url, {**FIELDS, "Digits": "3"}, signed)


def test_user_and_password_are_not_signed() -> None:
    signer = Signer("token")
    with_user = signer.webhook("https://user:word@interpreter.example.com:8443/voice#rc=2", FIELDS)
    assert with_user == signer.webhook("https://interpreter.example.com/voice", FIELDS)


def test_https_drops_its_port_and_http_keeps_it() -> None:
    signer = Signer("token")
    assert signer.webhook("https://h:8443/v", {}) == signature("token", "https://h/v", {})
    assert signer.webhook("http://h:8080/v", {}) == signature("token", "http://h:8080/v", {})


def test_twilios_own_validator_accepts_a_streams_handshake() -> None:
    url = "wss://interpreter.example.com/twilio/media/abc"
    assert RequestValidator("token").validate(url, {}, Signer("token").stream(url))


def test_a_stream_may_be_signed_with_a_slash_at_its_end() -> None:
    url = "wss://interpreter.example.com/twilio/media/abc"
    signed = Signer("token", stream_slash=True).stream(url)
    assert RequestValidator("token").validate(url + "/", {}, signed)
    assert not RequestValidator("token").validate(url, {}, signed)


def test_ids_have_their_kind_and_32_hexadecimal_digits() -> None:
    sid = new_sid(CALL)
    assert is_sid(sid, CALL)
    assert not is_sid(sid, STREAM)
    assert not is_sid(sid[:-1], CALL)
    assert not is_sid(sid.upper(), CALL)
    assert new_sid(CALL) != sid


def test_the_token_does_not_show() -> None:
    assert "secret" not in repr(Signer("secret"))
