"""Media streams over real websockets: who hears what, marks, keys, and how a stream begins and ends."""

import asyncio
from itertools import pairwise

import pytest

from telephony.simulator.carrier.standing import Standing
from telephony.simulator.scenario import End, Who
from tests.simulator.exchanges import call, carrier_for, genuine, texts
from tests.simulator.media_streams import SECOND_TONE, STREAM, converse, frames, service_with, talking, talking_until
from tests.simulator.scenes import ACCOUNT, TOKEN, caller, line, loud_seconds, press, scenario, share, tone
from tests.simulator.small_service import Wire, echo, listen

pytestmark = pytest.mark.usefixtures("every_stream_is_ringback")


async def test_a_stream_begins_with_connected_and_start_and_goes_on_with_sound() -> None:
    wire, record = await converse(lambda wire: wire.until("media", 3))
    assert [message["event"] for message in wire.messages] == ["connected", "start", "media", "media", "media"]
    start = wire.of("start")[0]["start"]
    assert start["callSid"] == record.sid
    assert start["accountSid"] == ACCOUNT
    assert start["customParameters"] == {"leg": "caller"}
    assert [message["sequenceNumber"] for message in wire.messages[1:]] == ["1", "2", "3", "4"]
    assert wire.sound == bytes([0xFF, 0x7F] * 240)


async def test_the_handshake_is_signed() -> None:
    service = service_with(listen)
    service.refuse_streams = True
    await call(service)
    assert genuine(service.handshakes[0])
    assert "Cookie" not in service.handshakes[0].headers


async def test_what_is_said_arrives_and_what_is_sent_back_is_heard() -> None:
    async def speak(wire: Wire) -> None:
        for _ in range(40):
            await wire.media(SECOND_TONE)
        await frames(wire, 40)

    phone = talking(lines=(line("c1", Who.CALLER, 0.0),))
    wire, record = await converse(speak, phone)
    assert share(wire.sound, 600) > 0.9
    heard = phone.recording_heard(record.placed, record.ended)
    assert share(heard, 900) > 0.9
    assert abs(loud_seconds(heard) - 0.8) < 0.15
    assert abs(loud_seconds(phone.recording_said(record.placed, record.ended)) - 0.4) < 0.05


async def test_frames_keep_their_pace() -> None:
    _, record = await converse(lambda wire: wire.until("media", 25))
    (stream,) = record.streams
    steps = [later - earlier for earlier, later in pairwise(stream.sent_at)]
    assert len(stream.sent_at) >= 25
    assert 0.45 < sum(steps[:24]) < 2
    assert sorted(steps)[len(steps) // 2] == pytest.approx(0.02, abs=0.01)


async def test_marks_come_back_when_the_sound_before_them_has_been_played() -> None:
    async def mark(wire: Wire) -> None:
        await wire.mark("idle")
        await wire.until("mark")
        await wire.media(SECOND_TONE * 10)
        await wire.mark("played")
        await wire.until("mark", 2)

    wire, record = await converse(mark)
    idle, played = (place for place, message in enumerate(wire.messages) if message["event"] == "mark")
    assert [wire.messages[place]["mark"]["name"] for place in (idle, played)] == ["idle", "played"]
    assert played - idle > 9
    assert record.streams[0].marks == 2


async def test_clear_stops_the_sound_and_sends_the_marks_back() -> None:
    async def clear(wire: Wire) -> None:
        await wire.media(SECOND_TONE * 500)
        await wire.mark("never played")
        await frames(wire, 10)
        await wire.clear()
        await wire.until("mark")
        await frames(wire, 10)

    phone = caller(scenario())
    wire, record = await converse(clear, phone)
    assert [message["mark"]["name"] for message in wire.of("mark")] == ["never played"]
    assert 0.1 < loud_seconds(phone.recording_heard(record.placed, record.ended)) < 2
    assert record.streams[0].underruns == ()


async def test_sound_that_breaks_off_is_counted_with_its_time() -> None:
    async def stutter(wire: Wire) -> None:
        for _ in range(2):
            await wire.media(SECOND_TONE * 5)
            await frames(wire, 10)

    _, record = await converse(stutter)
    assert len(record.streams[0].underruns) == 2
    assert record.placed < record.streams[0].underruns[0] < record.ended


async def test_a_key_is_one_message() -> None:
    wire, _ = await converse(lambda wire: wire.until("dtmf", 2), talking(keys=(press(Who.CALLER, "5#", at=0.0),)))
    assert [message["dtmf"] for message in wire.of("dtmf")] == [
        {"track": "inbound_track", "digit": "5"},
        {"track": "inbound_track", "digit": "#"},
    ]


async def test_when_the_service_closes_the_script_goes_on_without_a_stop() -> None:
    wire, record = await converse(lambda wire: wire.until("media"))
    assert texts(record) == ["After."]
    assert wire.of("stop") == []


async def test_an_action_is_asked_when_the_service_closes() -> None:
    twiml = STREAM.replace("<Connect>", '<Connect action="/after">')
    service = service_with(lambda wire: wire.until("media"), twiml, after="<Say>What now.</Say>")
    record = await call(service)
    assert texts(record) == ["What now."]
    assert service.of("/after")[0].form["CallSid"] == record.sid


async def test_when_the_caller_hangs_up_the_stream_stops_and_the_call_is_over() -> None:
    wire, record = await converse(listen, talking_until(0.3))
    assert wire.messages[-1]["event"] == "stop"
    assert wire.messages[-1]["stop"] == {"accountSid": ACCOUNT, "callSid": record.sid}
    assert texts(record) == []
    assert record.standing is Standing.COMPLETED


async def test_the_streams_own_callbacks_tell_its_beginning_and_end() -> None:
    twiml = STREAM.replace('url="STREAM"', 'url="STREAM" name="mine" statusCallback="HOST/stream"')
    service = service_with(lambda wire: wire.until("media"), twiml, stream="")
    record = await call(service)
    told = service.of("/stream")
    assert [asked.form["StreamEvent"] for asked in told] == ["stream-started", "stream-stopped"]
    assert {asked.form["StreamName"] for asked in told} == {"mine"}
    assert {asked.form["StreamSid"] for asked in told} == {record.streams[0].sid}
    assert all(genuine(asked) for asked in told)


async def test_several_callers_at_once_have_a_stream_each() -> None:
    service = service_with(echo)
    phones = [
        caller(
            scenario(
                caller_number=f"+120255501{10 + place}",
                lines=(line("c1", Who.CALLER, 0.0),),
                end=End(Who.CALLER, at=0.8),
            ),
            {"c1": tone(500 + 200 * place, 0.6)},
        )
        for place in range(3)
    ]
    async with service, carrier_for(service) as carrier:
        for phone in phones:
            phone.talk_began(asyncio.get_running_loop().time())
        records = await asyncio.gather(*(carrier.incoming(phone) for phone in phones))
    for place, (phone, record) in enumerate(zip(phones, records, strict=True)):
        assert share(phone.recording_heard(record.placed, record.ended), 500 + 200 * place) > 0.9
    assert TOKEN not in repr(records)
