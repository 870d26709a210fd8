"""What the carrier refuses of a media stream or warns of, and where the call goes on after it."""

import pytest

from telephony.simulator.carrier.stream_url import StreamError, check_url
from tests.simulator.exchanges import call, codes, texts
from tests.simulator.media_streams import STREAM, converse, frames, service_with
from tests.simulator.small_service import Wire, listen

pytestmark = pytest.mark.usefixtures("every_stream_is_ringback")


async def test_a_wrong_message_is_one_warning_and_the_stream_goes_on() -> None:
    async def blunder(wire: Wire) -> None:
        await wire.socket.send_str("{")
        await wire.send({"event": "media", "media": {"payload": "", "track": "outbound"}})
        await wire.socket.send_bytes(b"sound")
        await wire.mark("still there")
        await wire.until("mark")

    wire, record = await converse(blunder)
    assert codes(record) == [31951, 31950]
    assert len(wire.of("mark")) == 1


async def test_more_than_ten_minutes_are_one_warning() -> None:
    async def flood(wire: Wire) -> None:
        for _ in range(12):
            await wire.media(b"\xff" * 8000 * 60)
        await frames(wire, 2)

    _, record = await converse(flood)
    assert codes(record) == [31931]


async def test_a_refused_handshake_is_reported_and_the_script_goes_on() -> None:
    twiml = STREAM.replace('url="STREAM"', 'url="STREAM" statusCallback="HOST/stream"')
    service = service_with(listen, twiml, stream="")
    service.refuse_streams = True
    record = await call(service)
    assert codes(record) == [31920]
    assert texts(record) == ["After."]
    (told,) = service.of("/stream")
    assert told.form["StreamEvent"] == "stream-error"
    assert told.form["StreamError"].startswith("31920")


async def test_a_port_that_is_closed_is_reported() -> None:
    record = await call(service_with(listen, STREAM.replace("STREAM", "ws://127.0.0.1:9/media")))
    assert codes(record) == [31902]


async def test_a_stream_without_tls_needs_to_be_allowed() -> None:
    record = await call(service_with(listen), allow_ws=False)
    assert codes(record) == [31922]


async def test_another_track_is_refused() -> None:
    record = await call(service_with(listen, STREAM.replace("url=", 'track="both_tracks" url=')))
    assert codes(record) == [31941]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ws://interpreter.example.com/media", 31922),
        ("https://interpreter.example.com/media", 31922),
        ("/media", 31922),
        ("wss://interpreter.example.com/media?token=1", 31920),
        ("wss:///media", 31923),
        ("wss://interpreter.example.com:port/media", 31923),
    ],
)
def test_urls_that_a_stream_may_not_have(url: str, code: int) -> None:
    with pytest.raises(StreamError) as wrong:
        check_url(url, allow_ws=True)
    assert wrong.value.code == code


@pytest.mark.parametrize("url", ["wss://h.example.com/m", "ws://127.0.0.1:8080/m", "ws://localhost/m", "ws://[::1]/m"])
def test_urls_that_a_stream_may_have(url: str) -> None:
    check_url(url, allow_ws=True)
