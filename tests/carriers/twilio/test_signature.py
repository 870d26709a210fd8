import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from telephony.carriers.twilio.signature import SignatureCheck
from tests.carriers.twilio.wire import FIXTURES, TOKEN, form, signed

PUBLIC = "https://interpreter.example.com"
CHECK = SignatureCheck(TOKEN, PUBLIC)
VOICE = "/twilio/voice"
STREAM = "/twilio/calls/c1/caller/stream"
FIELDS = form("gather_speech.form")
VECTORS = json.loads((FIXTURES / "signatures.json").read_text("utf-8"))


def is_signed(fields: object, signature: str | None, path: str = VOICE, check: SignatureCheck = CHECK) -> bool:
    return check.webhook(path, fields, signature)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["case"]))
def test_the_published_vectors_are_taken(vector: dict[str, object]) -> None:
    scheme, rest = str(vector["url"]).split("://")
    host, _, path = rest.partition("/")
    check = SignatureCheck(str(vector["token"]), f"{scheme.replace('ws', 'http')}://{host}")
    signature = str(vector["signature"])
    if scheme == "wss":
        assert check.handshake(f"/{path}", signature)
    else:
        assert check.webhook(f"/{path}", vector["fields"], signature)


def test_twilios_own_example_is_among_them() -> None:
    assert "L/OH5YylLD5NRKLltdqwSvS0BnU=" in {vector["signature"] for vector in VECTORS}


def test_a_signed_form_is_taken() -> None:
    assert is_signed(FIELDS, signed(PUBLIC + VOICE, FIELDS))


@pytest.mark.parametrize("missing", [None, ""])
def test_a_request_without_a_signature_is_refused(missing: str | None) -> None:
    assert not is_signed(FIELDS, missing)
    assert not CHECK.handshake(STREAM, missing)


def test_a_signature_by_another_token_is_refused() -> None:
    assert not is_signed(FIELDS, signed(PUBLIC + VOICE, FIELDS, token="54321"))
    assert not CHECK.handshake(STREAM, signed(f"wss://interpreter.example.com{STREAM}", token="54321"))


@pytest.mark.parametrize(
    "url",
    [
        "http://interpreter.example.com/twilio/voice",
        "wss://interpreter.example.com/twilio/voice",
        "https://other.example.com/twilio/voice",
        "https://interpreter.example.com.evil.example/twilio/voice",
        "https://interpreter.example.com/twilio/status",
        "https://interpreter.example.com/twilio/voice?x=1",
        "https://interpreter.example.com/twilio/voice/",
        "https://interpreter.example.com//twilio/voice",
    ],
)
def test_a_signature_for_another_address_is_refused(url: str) -> None:
    assert not is_signed(FIELDS, signed(url, FIELDS))


def test_the_query_belongs_to_the_address() -> None:
    assert is_signed(FIELDS, signed(f"{PUBLIC}{VOICE}?a=1&b=%20", FIELDS), f"{VOICE}?a=1&b=%20")
    assert not is_signed(FIELDS, signed(f"{PUBLIC}{VOICE}?a=1&b=%20", FIELDS), f"{VOICE}?b=%20&a=1")


@pytest.mark.parametrize(
    "changed",
    [
        {**FIELDS, "Extra": "1"},
        {**FIELDS, "Extra": ""},
        {**FIELDS, "CallStatus": "completed"},
        {**FIELDS, "From": FIELDS["From"] + " "},
        {name: value for name, value in FIELDS.items() if name != "SpeechResult"},
        {name: value for name, value in FIELDS.items() if value},
        {name: value.replace("ñ", "n") for name, value in FIELDS.items()},
        {},
    ],
    ids=["added", "added blank", "another", "blank at the end", "removed", "blanks dropped", "letters folded", "none"],
)
def test_a_form_that_was_changed_is_refused(changed: dict[str, str]) -> None:
    assert not is_signed(changed, signed(PUBLIC + VOICE, FIELDS))


def test_fields_may_come_in_any_order() -> None:
    assert is_signed(dict(reversed(FIELDS.items())), signed(PUBLIC + VOICE, FIELDS))


def test_a_field_that_comes_twice_is_signed_with_both_values() -> None:
    twice = MultiDict([*FIELDS.items(), ("SpeechResult", "no")])
    both = sorted([FIELDS["SpeechResult"], "no"])
    first_joined = {**FIELDS, "SpeechResult": f"{both[0]}SpeechResult{both[1]}"}
    assert is_signed(twice, signed(PUBLIC + VOICE, first_joined))
    assert not is_signed(twice, signed(PUBLIC + VOICE, FIELDS))


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"))))
def test_any_letters_may_be_signed(fields: dict[str, str]) -> None:
    assert is_signed(fields, signed(PUBLIC + VOICE, fields))


@given(st.text())
def test_no_text_passes_for_a_signature(guess: str) -> None:
    assert not is_signed(FIELDS, guess)
    assert not CHECK.handshake(STREAM, guess)


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("asked", ["", "/"])
def test_a_handshake_may_be_signed_with_or_without_a_slash_at_the_end(slash: str, asked: str) -> None:
    assert CHECK.handshake(STREAM + asked, signed(f"wss://interpreter.example.com{STREAM}{slash}"))


@pytest.mark.parametrize(
    "url",
    [
        f"https://interpreter.example.com{STREAM}",
        f"ws://interpreter.example.com{STREAM}",
        f"wss://other.example.com{STREAM}",
        "wss://interpreter.example.com/twilio/calls/c1/agent-1/stream",
        f"wss://interpreter.example.com{STREAM}?leg=caller",
    ],
)
def test_a_handshake_signed_for_another_address_is_refused(url: str) -> None:
    assert not CHECK.handshake(STREAM, signed(url))


@pytest.mark.parametrize(
    ("public", "signed_as"),
    [
        ("http://127.0.0.1:8080", "ws://127.0.0.1:8080"),
        ("http://[::1]:8080", "ws://[::1]:8080"),
        ("https://interpreter.example.com:8443", "wss://interpreter.example.com:8443"),
        ("https://interpreter.example.com:443", "wss://interpreter.example.com"),
    ],
)
def test_the_port_of_the_public_address_belongs_to_the_handshake(public: str, signed_as: str) -> None:
    assert SignatureCheck(TOKEN, public).handshake(STREAM, signed(signed_as + STREAM))
    assert not SignatureCheck(TOKEN, public).handshake(STREAM, signed(public + STREAM))
