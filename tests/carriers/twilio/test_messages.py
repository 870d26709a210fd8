import json
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.audio.format import PCMU_8K
from telephony.carriers.base import (
    AudioReceived,
    DtmfReceived,
    MarkReached,
    MediaEvent,
    StreamStarted,
    StreamStopped,
)
from telephony.carriers.twilio import messages
from telephony.carriers.twilio.messages import BadFrame, parse
from tests.carriers.twilio.wire import CALLER_LEG, FIXTURES, STREAM, text

TONE = b64decode(json.loads(text("media_inbound.json"))["media"]["payload"])
PARAMETERS = {"call": "Zx3kq0mVb1", "leg": "caller", "token": "a1B2c3D4e5F6g7H8"}
STARTED = StreamStarted(CALLER_LEG, STREAM, PARAMETERS, PCMU_8K)
STARTED_BARE = StreamStarted(CALLER_LEG, STREAM, {}, PCMU_8K)

RECEIVED: dict[str, MediaEvent | None] = {
    "connected.json": None,
    "start.json": STARTED_BARE,
    "start_with_parameters.json": STARTED,
    "start_without_custom_parameters.json": STARTED_BARE,
    "start_both_tracks.json": STARTED_BARE,
    "start_numbers_as_numbers.json": STARTED,
    "start_numbers_as_strings.json": STARTED,
    "media_inbound.json": AudioReceived(TONE, 1, 155),
    "media_numbers_as_numbers.json": AudioReceived(TONE, 1, 155),
    "media_silence.json": AudioReceived(b"\xff\x7f" * 80, 73, 1593),
    "media_empty_payload.json": AudioReceived(b"", 1, 155),
    "media_outbound_track.json": None,
    "dtmf.json": DtmfReceived("1"),
    "mark_echo.json": MarkReached("1:7"),
    "mark_without_sequence_number.json": MarkReached("1:7"),
    "stop.json": StreamStopped(messages.STOPPED, leg_ended=True),
    "stop_without_stop_object.json": StreamStopped(messages.STOPPED, leg_ended=True),
    "unknown_event.json": None,
    "without_event.json": None,
}

BROKEN = {
    "not_json.txt": "not JSON",
    "not_an_object.json": "not a JSON object",
    "start_without_callsid.json": "a malformed start message",
    "start_other_encoding.json": "a malformed start message",
    "media_bad_base64.json": "a malformed media message",
    "media_without_payload.json": "a malformed media message",
    "media_chunk_not_a_number.json": "a malformed media message",
    "dtmf_not_a_key.json": "a malformed dtmf message",
}

EVENTS = st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop", "clear", None, 1])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["media", "payload", "chunk", "timestamp", "track", "start", "callSid", "streamSid", "mediaFormat", "encoding"]
) | st.sampled_from(["sampleRate", "customParameters", "dtmf", "digit", "mark", "name", "stop"])
FRAMES = st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON, max_size=4), max_size=4)


@pytest.mark.parametrize("name", RECEIVED)
def test_a_message_of_twilio_becomes_its_event(name: str) -> None:
    assert parse(text(name)) == RECEIVED[name]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_message_is_refused_with_a_reason_that_does_not_quote_it(name: str) -> None:
    with pytest.raises(BadFrame) as bad:
        parse(text(name))
    assert str(bad.value) == BROKEN[name]


def test_every_message_that_twilio_sends_has_its_expectation_here() -> None:
    kinds = ("connected", "start", "media", "dtmf", "mark", "stop.", "stop_", "unknown_", "without_", "not_")
    sent = {path.name for path in FIXTURES.iterdir() if path.name.startswith(kinds)}
    assert sent == RECEIVED.keys() | BROKEN.keys()


def test_what_is_sent_is_what_twilio_documents_to_the_byte() -> None:
    assert messages.media(STREAM, TONE) == text("send_media.json")
    assert messages.mark(STREAM, "1:7") == text("send_mark.json")
    assert messages.clear(STREAM) == text("send_clear.json")


@pytest.mark.parametrize("key", "0123456789*#ABCD")
def test_every_key_of_a_telephone_is_taken(key: str) -> None:
    assert parse(json.dumps({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": key}})) == DtmfReceived(key)


@pytest.mark.parametrize("digit", ["", "12", "x", "٣", 1, None])
def test_what_is_no_key_of_a_telephone_is_refused(digit: object) -> None:
    with pytest.raises(BadFrame):
        parse(json.dumps({"event": "dtmf", "dtmf": {"digit": digit}}))


@pytest.mark.parametrize(
    "frame",
    [
        '{"event":"media","media":[]}',
        '{"event":"media","media":"text"}',
        '{"event":"media","media":{"payload":7}}',
        '{"event":"media","media":{"payload":"A*A=="}}',
        '{"event":"media","media":{"payload":"_-=="}}',
        '{"event":"media","media":{"payload":"","chunk":Infinity}}',
        '{"event":"media","media":{"payload":"","timestamp":NaN}}',
        '{"event":"media","media":{"payload":"","chunk":1e999}}',
        '{"event":"media","media":{"payload":"\\ud800"}}',
        '{"event":"start","start":"text"}',
        '{"event":"start","start":{"callSid":1,"streamSid":"MZ"}}',
        '{"event":"start","start":{"callSid":"CA","streamSid":"MZ","customParameters":["a"]}}',
        '{"event":"start","start":{"callSid":"CA","streamSid":"MZ","customParameters":{"a":1}}}',
        '{"event":"mark","mark":{}}',
        '{"event":"mark"}',
    ],
)
def test_a_known_message_of_the_wrong_shape_is_refused(frame: str) -> None:
    with pytest.raises(BadFrame, match="a malformed"):
        parse(frame)


def test_json_nested_deeper_than_anything_can_follow_is_refused() -> None:
    with pytest.raises(BadFrame, match="not JSON"):
        parse("[" * 60_000)


def refusal(frame: str) -> str | None:
    """Why a frame is refused; None where it is not."""
    try:
        parse(frame)
    except BadFrame as bad:
        return str(bad)
    return None


@given(st.text())
def test_no_text_raises_anything_but_bad_frame(frame: str) -> None:
    assert refusal(frame) in (None, "not JSON", "not a JSON object")


@given(EVENTS, FRAMES)
def test_no_json_object_raises_anything_but_bad_frame(event: object, rest: dict[str, Any]) -> None:
    assert refusal(json.dumps({"event": event, **rest})) in (None, f"a malformed {event} message")


@given(st.binary(max_size=2000), st.text(min_size=1))
def test_sound_and_names_survive_the_way_to_the_wire(audio: bytes, name: str) -> None:
    assert json.loads(messages.media(name, audio))["streamSid"] == name
    assert b64decode(json.loads(messages.media(name, audio))["media"]["payload"], validate=True) == audio
    assert json.loads(messages.mark(STREAM, name))["mark"] == {"name": name}


def test_nothing_private_shows_in_the_repr_of_an_event() -> None:
    shown = repr([parse(text(name)) for name in ("start_with_parameters.json", "media_inbound.json", "dtmf.json")])
    assert PARAMETERS["token"] not in shown
    assert "'1'" not in shown
    assert str(TONE) not in shown
