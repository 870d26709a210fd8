import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientConnectionError, ClientWebSocketResponse, WSMsgType, web

from telephony.audio.format import PCMU_8K
from telephony.carriers.base import AudioReceived, DtmfReceived, MarkReached, StreamClosed, StreamStarted, StreamStopped
from telephony.carriers.twilio import media_stream, messages
from tests.carriers.twilio.service import Service
from tests.carriers.twilio.wire import CALLER_LEG, STREAM, text

Spoil = Callable[[ClientWebSocketResponse], Awaitable[None]]
START = text("start_with_parameters.json")
MEDIA = text("media_inbound.json")


async def joined(service: Service, *frames: str) -> ClientWebSocketResponse:
    """A stream that has begun and sent `frames`."""
    socket = await service.join()
    for frame in (text("connected.json"), START, *frames):
        await socket.send_str(frame)
    return socket


async def closing(socket: ClientWebSocketResponse) -> tuple[int, str]:
    """Close code and reason, once everything before it has been read."""
    async with asyncio.timeout(5):
        while (message := await socket.receive()).type is not WSMsgType.CLOSE:
            assert message.type in (WSMsgType.TEXT, WSMsgType.PING), message
    await socket.close()
    return int(message.data), str(message.extra)


async def reach(service: Service, socket: ClientWebSocketResponse) -> media_stream.TwilioMediaStream:
    """The service's end of a stream."""
    await socket.send_str(MEDIA)
    stream = await service.calls.stream_of_next()
    assert isinstance(stream, media_stream.TwilioMediaStream)
    return stream


async def test_a_handshake_whose_socket_is_gone_when_it_is_answered_is_no_error(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    accept = media_stream.accept

    async def too_late(request: web.Request) -> web.WebSocketResponse:
        assert request.transport is not None
        request.transport.close()
        return await accept(request)

    monkeypatch.setattr(media_stream, "accept", too_late)
    with pytest.raises(ClientConnectionError):
        await service.join()
    assert caplog.messages == []
    monkeypatch.undo()
    await (await joined(service, MEDIA)).close()


async def test_what_a_leg_sends_reaches_the_call_in_order(service: Service) -> None:
    socket = await joined(service, MEDIA, text("dtmf.json"), text("unknown_event.json"), text("mark_echo.json"))
    first = await service.calls.next()
    assert isinstance(first, AudioReceived)
    assert (len(first.audio), first.chunk, first.timestamp_ms) == (160, 1, 155)
    assert await service.calls.next() == DtmfReceived("1")
    assert await service.calls.next() == MarkReached("1:7")
    await socket.close()


async def test_a_stream_knows_how_it_was_started(service: Service) -> None:
    socket = await joined(service)
    stream = await reach(service, socket)
    parameters = {"call": "Zx3kq0mVb1", "leg": "caller", "token": "a1B2c3D4e5F6g7H8"}
    assert stream.started == StreamStarted(CALLER_LEG, STREAM, parameters, PCMU_8K)
    await socket.close()


async def test_what_is_sent_to_a_leg_is_what_twilio_documents(service: Service) -> None:
    socket = await joined(service)
    stream = await reach(service, socket)
    event = messages.parse(MEDIA)
    assert isinstance(event, AudioReceived)
    await stream.send_audio(event.audio)
    await stream.send_mark("1:7")
    await stream.clear()
    sent = [await socket.receive_str() for _ in range(3)]
    assert sent == [text("send_media.json"), text("send_mark.json"), text("send_clear.json")]
    await socket.close()


async def test_a_stop_message_says_that_the_leg_is_over(service: Service) -> None:
    socket = await joined(service, text("stop.json"))
    assert (await closing(socket))[0] == 1000
    assert await service.calls.next() == StreamStopped(messages.STOPPED, leg_ended=True)


async def test_a_socket_that_closes_without_a_stop_leaves_the_leg_with_its_script(service: Service) -> None:
    socket = await joined(service, MEDIA)
    await service.calls.next()
    await socket.close()
    assert await service.calls.next() == StreamStopped(media_stream.WIRE_BROKE, leg_ended=False)


async def test_a_connection_that_breaks_ends_the_stream(service: Service) -> None:
    socket = await joined(service, MEDIA)
    await service.calls.next()
    connection = socket._response.connection
    assert connection is not None
    assert connection.transport is not None
    connection.transport.abort()
    assert await service.calls.next() == StreamStopped(media_stream.WIRE_BROKE, leg_ended=False)


async def test_a_stream_that_we_close_ends_with_our_reason_and_the_leg_goes_on(service: Service) -> None:
    socket = await joined(service)
    stream = await reach(service, socket)
    closed = asyncio.create_task(stream.close("the call is over"), name="close")
    assert await closing(socket) == (1000, "the call is over")
    await closed
    assert await service.calls.next() == StreamStopped(media_stream.CLOSED_BY_US, leg_ended=False)
    await stream.close("again")


async def test_what_is_sent_to_a_leg_that_is_gone_says_so(service: Service) -> None:
    socket = await joined(service)
    stream = await reach(service, socket)
    await socket.close()
    await service.calls.next()
    for send in (stream.send_audio(b"\xff" * 160), stream.send_mark("1:7"), stream.clear()):
        with pytest.raises(StreamClosed):
            await send


@pytest.mark.parametrize(
    ("spoil", "code", "reason"),
    [
        (lambda socket: socket.send_bytes(b"\x00" * 160), 1007, "a binary frame"),
        (lambda socket: socket.send_str(text("not_json.txt")), 1007, "not JSON"),
        (lambda socket: socket.send_str(text("not_an_object.json")), 1007, "not a JSON object"),
        (lambda socket: socket.send_str(text("media_bad_base64.json")), 1007, "a malformed media message"),
    ],
    ids=["binary", "not JSON", "no object", "no base64"],
)
async def test_a_frame_that_breaks_the_protocol_ends_its_stream_alone(
    service: Service, spoil: Spoil, code: int, reason: str
) -> None:
    neighbour = await joined(service)
    beside = await reach(service, neighbour)
    socket = await joined(service)
    mine = await reach(service, socket)
    await spoil(socket)
    assert await closing(socket) == (code, reason)
    assert await service.calls.next() == StreamStopped(reason, leg_ended=False)
    assert await reach(service, neighbour) is beside
    assert beside is not mine
    await neighbour.close()


def padded(size: int) -> str:
    """A frame of exactly `size` bytes that says nothing to us."""
    return json.dumps({"event": "x", "pad": "x" * (size - 25)})


async def test_a_frame_above_64_kib_ends_its_stream_alone(service: Service) -> None:
    neighbour = await joined(service)
    beside = await reach(service, neighbour)
    socket = await joined(service)
    await reach(service, socket)
    await socket.send_str(padded(64 * 1024 + 1))
    assert (await closing(socket))[0] == 1009
    stopped = await service.calls.next()
    assert isinstance(stopped, StreamStopped)
    assert "above 64 KiB" in stopped.reason
    assert await reach(service, neighbour) is beside
    await neighbour.close()


async def test_a_frame_of_64_kib_passes(service: Service) -> None:
    frame = padded(64 * 1024)
    assert len(frame) == 64 * 1024
    socket = await joined(service, frame, text("dtmf.json"))
    assert await service.calls.next() == DtmfReceived("1")
    await socket.close()


async def test_compression_is_not_taken_so_that_no_frame_grows_after_it_is_measured(service: Service) -> None:
    socket = await service.join(compress=15)
    assert socket.compress == 0
    await socket.close()


async def test_a_stream_that_does_not_start_in_time_is_closed(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_stream, "START_WITHIN", 0.05)
    socket = await service.join()
    await socket.send_str(text("connected.json"))
    assert await closing(socket) == (1008, "no start message in time")
    assert service.calls.heard.empty()


@pytest.mark.parametrize("fixture", ["media_inbound.json", "dtmf.json", "mark_echo.json", "stop.json"])
async def test_nothing_may_come_before_the_start(service: Service, fixture: str) -> None:
    socket = await service.join()
    await socket.send_str(text(fixture))
    assert await closing(socket) == (1007, "the stream did not begin with a start message")


@pytest.mark.parametrize("fixture", ["start_without_callsid.json", "start_other_encoding.json", "not_json.txt"])
async def test_a_start_that_cannot_be_used_is_refused(service: Service, fixture: str) -> None:
    socket = await service.join()
    await socket.send_str(text(fixture))
    code, reason = await closing(socket)
    assert code == 1007
    assert reason in ("a malformed start message", "not JSON")


async def test_a_start_with_a_token_that_is_not_ours_ends_its_stream(service: Service) -> None:
    socket = await service.join()
    await socket.send_str(text("start.json"))
    assert await closing(socket) == (1008, "unknown call")
    assert service.calls.heard.empty()


async def test_a_wire_on_which_nothing_comes_counts_as_dead(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_stream, "SILENT_WIRE", 0.05)
    socket = await joined(service, MEDIA)
    assert isinstance(await service.calls.next(), AudioReceived)
    assert await closing(socket) == (1001, "the wire went silent")
    assert await service.calls.next() == StreamStopped("the wire went silent", leg_ended=False)


async def test_a_peer_that_does_not_answer_our_close_is_left_behind(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_stream, "CLOSE_WITHIN", 0.05)
    socket = await joined(service)
    stream = await reach(service, socket)
    async with asyncio.timeout(2):
        await stream.close("the call is over")
    assert await service.calls.next() == StreamStopped(media_stream.CLOSED_BY_US, leg_ended=False)
    await socket.close()
