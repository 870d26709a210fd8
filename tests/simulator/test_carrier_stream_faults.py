"""Media streams of a carrier with faults: forged, broken off, in bunches, or with numbers that are not strings."""

import pytest

from telephony.simulator.carrier.faults import Faults
from tests.simulator.exchanges import call, genuine, texts
from tests.simulator.media_streams import service_with, talking_until
from tests.simulator.small_service import listen

pytestmark = pytest.mark.usefixtures("every_stream_is_ringback")


async def test_a_forged_handshake_can_be_told() -> None:
    service = service_with(lambda wire: wire.until("media"))
    await call(service, faults=Faults(forged_streams=True))
    assert not genuine(service.handshakes[0])


async def test_a_connection_may_break_without_a_word() -> None:
    service = service_with(listen)
    record = await call(service, faults=Faults(drop_streams_after=0.3))
    assert service.wires[0].of("stop") == []
    assert len(service.wires[0].of("media")) > 2
    assert texts(record) == ["After."]


async def test_sound_may_come_in_bunches() -> None:
    service = service_with(lambda wire: wire.until("media", 20))
    record = await call(service, faults=Faults(bunch=5))
    sent = record.streams[0].sent_at
    assert [sum(at == one for at in sent) for one in sorted(set(sent))][:4] == [5, 5, 5, 5]
    assert [message["media"]["chunk"] for message in service.wires[0].of("media")] == [str(n) for n in range(1, 21)]


async def test_a_bunch_that_is_not_full_is_sent_before_the_stop() -> None:
    service = service_with(listen)
    await call(service, talking_until(0.5), faults=Faults(bunch=7))
    sequence = [int(message["sequenceNumber"]) for message in service.wires[0].messages[1:]]
    assert sequence == list(range(1, len(sequence) + 1))
    assert service.wires[0].messages[-1]["event"] == "stop"


async def test_numbers_may_be_numbers() -> None:
    service = service_with(lambda wire: wire.until("media"))
    await call(service, faults=Faults(numbers_as_numbers=True))
    assert service.wires[0].of("media")[0]["sequenceNumber"] == 2
