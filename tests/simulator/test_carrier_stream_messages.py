import json
from itertools import pairwise
from pathlib import Path

import pytest

from telephony.simulator import mulaw
from telephony.simulator.carrier.stream_messages import Clear, InvalidMessageError, Mark, Media, Writer, understood
from tests.simulator.scenes import tone

FIXTURES = Path(__file__).parents[2] / "fixtures" / "twilio"
HEX = "0123456789abcdef" * 2
ACCOUNT, CALL, STREAM = "AC" + HEX, "CA" + HEX, "MZ" + HEX
PARAMETERS = {"call": "Zx3kq0mVb1", "leg": "caller", "token": "a1B2c3D4e5F6g7H8"}
TONE = tone(440, 0.02)


def fixture(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8").removesuffix("\n")


def writer(sent_before: int = 0, chunks: int = 0, *, as_numbers: bool = False) -> Writer:
    writer = Writer(ACCOUNT, CALL, STREAM, as_numbers=as_numbers)
    for _ in range(chunks):
        writer.media(TONE)
    for _ in range(sent_before - chunks):
        writer.mark("before")
    return writer


def test_what_is_sent_is_byte_for_byte_what_was_captured() -> None:
    assert writer().connected() == fixture("connected.json")
    assert writer().start({}) == fixture("start.json")
    assert writer().start(PARAMETERS) == fixture("start_with_parameters.json")
    assert writer(1).media(TONE) == fixture("media_inbound.json")
    assert writer(73, 72).media(bytes([0xFF, 0x7F] * 80)) == fixture("media_silence.json")
    assert writer(4).dtmf("1") == fixture("dtmf.json")
    assert writer(2).mark("1:7") == fixture("mark_echo.json")
    assert writer(377).stop() == fixture("stop.json")


def test_numbers_may_be_numbers_on_purpose() -> None:
    assert writer(as_numbers=True).start(PARAMETERS) == fixture("start_numbers_as_numbers.json")
    assert writer(1, as_numbers=True).media(TONE) == fixture("media_numbers_as_numbers.json")


def test_all_messages_share_one_sequence_and_chunks_have_their_own() -> None:
    wire = writer()
    written = [wire.start({}), wire.media(TONE), wire.dtmf("1"), wire.media(TONE), wire.mark("m"), wire.stop()]
    messages = [json.loads(text) for text in written]
    assert [message["sequenceNumber"] for message in messages] == ["1", "2", "3", "4", "5", "6"]
    assert [message["media"]["chunk"] for message in messages if "media" in message] == ["1", "2"]


def test_timestamps_miss_the_20_ms_grid_a_little_and_do_not_drift() -> None:
    wire = writer()
    stamps = [int(json.loads(wire.media(TONE))["media"]["timestamp"]) for _ in range(3001)]
    assert stamps[0] == 155
    assert stamps[-1] == 155 + 60_000
    assert {b - a for a, b in pairwise(stamps)} == {19, 20, 21}


def test_what_a_service_may_send_is_understood() -> None:
    assert understood(fixture("send_media.json"), STREAM) == Media(TONE)
    assert understood(fixture("send_mark.json"), STREAM) == Mark("1:7")
    assert understood(fixture("send_clear.json"), STREAM) == Clear()


def test_sound_may_have_any_size() -> None:
    text = fixture("send_media.json").replace(json.loads(fixture("send_media.json"))["media"]["payload"], "")
    assert understood(text, STREAM) == Media(b"")


@pytest.mark.parametrize(
    "name",
    [
        "send_media_extra_field.json",
        "send_media_bad_base64.json",
        "send_media_without_stream.json",
        "send_media_wrong_stream.json",
        "send_mark_without_name.json",
        "send_unknown_event.json",
        "send_not_json.txt",
        "not_an_object.json",
        "mark_echo.json",
        "without_event.json",
    ],
)
def test_every_other_message_is_a_warning(name: str) -> None:
    with pytest.raises(InvalidMessageError):
        understood(fixture(name), STREAM)


@pytest.mark.parametrize("body", ['"payload"', "null", '{"payload":7}', "[]"])
def test_a_body_of_another_type_is_a_warning(body: str) -> None:
    with pytest.raises(InvalidMessageError):
        understood(f'{{"event":"media","streamSid":"{STREAM}","media":{body}}}', STREAM)


def test_the_fixtures_tone_is_440_hz() -> None:
    media = understood(fixture("send_media.json"), STREAM)
    assert isinstance(media, Media)
    assert abs(int(mulaw.decode(media.audio).max()) - 8000) < 300
