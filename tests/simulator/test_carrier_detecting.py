"""Whether a person or a machine answered, found out before the first document is asked for."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from telephony.simulator.scenario import Answers, Who
from tests.simulator.asking import answering, ask, client, create, over
from tests.simulator.exchanges import carrier_for
from tests.simulator.scenes import press
from tests.simulator.small_service import Service

WHISPER = '<Gather numDigits="1" action="/accept" timeout="5"><Say>Press 1.</Say></Gather>'


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with Service({"/answer": WHISPER, "/accept": "<Say>Thanks.</Say>"}) as service:
        yield service


@pytest.mark.parametrize(("answers", "answered_by"), [(Answers.ACCEPTS, "human"), (Answers.MACHINE, "machine_start")])
async def test_who_answered_is_found_out_where_that_is_asked_for(
    service: Service, answers: Answers, answered_by: str
) -> None:
    service.twiml["/answer"] = "<Redirect>/accept</Redirect>"
    async with carrier_for(service, detection_seconds=0.1) as carrier:
        carrier.phones.add(answering(answers))
        created = await create(carrier, service, machine_detection="Enable")
        await over(carrier, created.sid)
        fetched = await ask(lambda: client(carrier).calls(created.sid).fetch())
    assert fetched.answered_by == answered_by
    assert service.of("/answer")[0].form["AnsweredBy"] == answered_by
    assert "AnsweredBy" not in service.of("/accept")[0].form


async def test_nothing_is_said_of_who_answered_where_nobody_asks(service: Service) -> None:
    async with carrier_for(service) as carrier:
        carrier.phones.add(answering(Answers.MACHINE, keys=(press(Who.AGENT, "1", gather=1),)))
        created = await create(carrier, service)
        while not service.of("/answer"):
            await asyncio.sleep(0.01)
        await ask(lambda: client(carrier).calls(created.sid).update(status="completed"))
    assert "AnsweredBy" not in service.of("/answer")[0].form


async def test_a_call_may_be_ended_or_sent_elsewhere_while_it_is_found_out_who_answered(service: Service) -> None:
    async with carrier_for(service, detection_seconds=30.0) as carrier:
        for change in ({"status": "completed"}, {"url": f"{service.url}/accept"}):
            carrier.phones.add(phone := answering(Answers.ACCEPTS))
            created = await create(carrier, service, machine_detection="Enable")
            while not carrier.phones.in_use(phone) and carrier.switch.calls[created.sid].answered is None:
                await asyncio.sleep(0.01)
            await ask(partial(client(carrier).calls(created.sid).update, **change))
            assert await over(carrier, created.sid) == "completed"
    assert service.of("/answer") == []
    assert len(service.of("/accept")) == 1
