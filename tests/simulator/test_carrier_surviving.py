"""What becomes of a call while the service that carries it is gone: retries, the fallback, and back into the stream."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from telephony.simulator.carrier.faults import Faults
from telephony.simulator.carrier.standing import Standing
from tests.simulator.exchanges import call, carrier_for, codes, texts
from tests.simulator.scenes import caller, scenario
from tests.simulator.small_service import Asked, Service, Wire

FALLBACK = (Path(__file__).parents[2] / "infra" / "twilio" / "fallback.xml").read_text("utf-8")
CONNECT = '<Connect action="HOST/again#rc=3&amp;rp=ct,5xx"><Stream url="STREAM"/></Connect>'

Journal = list[dict[str, object]]


def of(journal: Journal, event: str) -> list[dict[str, object]]:
    return [entry for entry in journal if entry["event"] == event]


async def two_streams(service: Service) -> None:
    """Wait for a second stream, and until sound has come over it."""
    async with asyncio.timeout(20):
        while len(service.wires) < 2 or not service.wires[1].of("media"):
            await asyncio.sleep(0.01)


async def test_a_call_outlives_the_process_that_carries_it() -> None:
    journal: Journal = []
    service = Service({"/voice": CONNECT, "/again": CONNECT})
    async with service, carrier_for(service, fallback_twiml=FALLBACK, listener=journal.append) as carrier:
        call = carrier.switch.incoming(caller(scenario()))
        while not service.wires or not service.wires[0].of("media"):
            await asyncio.sleep(0.01)
        await service.die()
        while not of(journal, "fallback"):
            await asyncio.sleep(0.01)
        assert call.progress.standing is Standing.IN_PROGRESS
        await service.revive()
        await two_streams(service)
        call.end()
        await carrier.switch.ended(call)
    assert service.wires[0].messages[-1]["event"] == "media"
    first, second = (wire.of("start")[0]["start"] for wire in service.wires)
    assert first["callSid"] == second["callSid"]
    assert first["streamSid"] != second["streamSid"]
    assert [entry["tries"] for entry in of(journal, "webhook failed")[:4]] == [1, 2, 3, 4]
    assert set(texts(call.record())) == {"One moment, please."}


async def test_a_call_whose_service_is_gone_ends_where_there_is_no_fallback() -> None:
    journal: Journal = []
    service = Service({"/voice": CONNECT})
    async with service, carrier_for(service, listener=journal.append) as carrier:
        call = carrier.switch.incoming(caller(scenario()))
        while not service.wires or not service.wires[0].of("media"):
            await asyncio.sleep(0.01)
        await service.die()
        await carrier.switch.ended(call)
        record = call.record()
        await service.revive()
    assert 11205 in codes(record)
    assert texts(record)[-1].startswith("We are sorry")
    assert len(of(journal, "application error")) == 1


async def test_a_socket_that_is_lost_ends_the_stream_and_not_the_call() -> None:
    """No close frame: what stands behind the stream is done, as when the service closes it."""

    async def break_off(wire: Wire) -> None:
        await wire.until("media")
        wire.abort()

    service = Service({"/voice": '<Connect><Stream url="STREAM"/></Connect><Say>After.</Say>'}, break_off)
    record = await call(service)
    assert texts(record) == ["After."]
    assert record.standing is Standing.COMPLETED
    assert len(record.streams) == 1


BOTH_WAYS = '<Connect action="/again"><Stream url="STREAM"/></Connect><Redirect>/again</Redirect>'


@pytest.mark.parametrize("skipped", [False, True], ids=["by the action", "by the next verb"])
@pytest.mark.parametrize("refused", [False, True], ids=["broken off", "refused"])
async def test_a_leg_without_its_stream_asks_again_whichever_way_the_carrier_goes_on(
    skipped: bool, refused: bool
) -> None:
    async def break_off(wire: Wire) -> None:
        wire.abort()

    service = Service({"/voice": BOTH_WAYS, "/again": "<Say>Again.</Say>"}, break_off)
    service.refuse_streams = refused
    record = await call(service, faults=Faults(action_skipped=skipped))
    assert texts(record) == ["Again."]
    assert len(service.of("/again")) == 1


def failing(times: int, status: int) -> Service:
    """A service whose first answers have this status."""
    left = iter([True] * times)

    def answer(asked: Asked) -> web.Response:
        if next(left, False):
            return web.Response(status=status)
        return web.Response(text="<Response><Say>Here.</Say></Response>", content_type="text/xml")

    return Service({"/voice": answer})


async def test_an_answer_of_the_wrong_kind_is_asked_for_again_where_the_address_says_so() -> None:
    service = failing(2, 502)
    async with service, carrier_for(service, voice_url=f"{service.url}/voice#rc=3&rp=5xx") as carrier:
        record = await carrier.incoming(caller(scenario()))
    assert texts(record) == ["Here."]
    assert codes(record) == []
    tokens = [asked.headers["I-Twilio-Idempotency-Token"] for asked in service.of("/voice")]
    assert len(tokens) == 3
    assert len(set(tokens)) == 1


async def test_an_answer_of_the_wrong_kind_is_asked_for_once_where_the_address_says_nothing() -> None:
    service = failing(1, 502)
    record = await call(service)
    assert codes(record) == [11200]
    assert len(service.of("/voice")) == 1
