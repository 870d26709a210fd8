"""The REST API, asked by Twilio's own package wherever that package can ask."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.faults import Faults
from telephony.simulator.scenario import Answers, End, Who
from tests.simulator.asking import answering, ask, client, create, over
from tests.simulator.exchanges import carrier_for, genuine
from tests.simulator.scenes import ACCOUNT, AGENT, CALLER, OURS, SECOND, TOKEN, caller, press, scenario
from tests.simulator.small_service import Service

WHISPER = '<Gather numDigits="1" action="/accept" timeout="5"><Say>Press 1.</Say></Gather>'
ALL = ["initiated", "ringing", "answered", "completed"]


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    twiml = {"/answer": WHISPER, "/accept": "<Say>Thanks.</Say>", "/status": "", "/hold": '<Pause length="60"/>'}
    async with Service(twiml) as service:
        yield service


@pytest.fixture
async def carrier(service: Service) -> AsyncIterator[Carrier]:
    async with carrier_for(service, api_keys={"SK" + "0" * 32: "secret"}) as carrier:
        yield carrier


async def test_a_call_is_created_rung_answered_and_reported(carrier: Carrier, service: Service) -> None:
    carrier.phones.add(answering(Answers.ACCEPTS, keys=(press(Who.AGENT, "1", gather=1),)))
    status = f"{service.url}/status"
    created = await create(carrier, service, status_callback=status, status_callback_event=ALL)
    assert (created.status, created.direction, created.to, created._from) == ("queued", "outbound-api", AGENT, OURS)
    assert await over(carrier, created.sid) == "completed"
    assert service.of("/answer")[0].form["CallStatus"] == "in-progress"
    assert service.of("/answer")[0].form["Direction"] == "outbound-api"
    assert service.of("/accept")[0].form["Digits"] == "1"
    reports = service.of("/status")
    assert [report.form["CallStatus"] for report in reports] == ["initiated", "ringing", "in-progress", "completed"]
    assert [report.form["SequenceNumber"] for report in reports] == ["0", "1", "2", "3"]
    assert reports[3].form["Duration"] == "1"
    assert all(genuine(asked) for asked in service.asked)


@pytest.mark.parametrize(
    ("answers", "status", "code"),
    [(Answers.BUSY, "busy", "486"), (Answers.FAILS, "failed", "404")],
)
async def test_a_phone_may_not_be_had(
    carrier: Carrier, service: Service, answers: Answers, status: str, code: str
) -> None:
    carrier.phones.add(answering(answers))
    created = await create(carrier, service, status_callback=f"{service.url}/status")
    assert await over(carrier, created.sid) == status
    (report,) = service.of("/status")
    assert (report.form["CallStatus"], report.form["SipResponseCode"]) == (status, code)
    assert "Duration" not in report.form
    assert service.of("/answer") == []


async def test_a_dialled_call_falls_back_where_its_document_cannot_be_had(carrier: Carrier, service: Service) -> None:
    service.twiml["/fallback"] = "<Say>One moment.</Say><Redirect>/accept</Redirect>"
    carrier.phones.add(phone := answering(Answers.ACCEPTS))
    created = await create(carrier, service, url=f"{service.url}/gone", fallback_url=f"{service.url}/fallback")
    assert await over(carrier, created.sid) == "completed"
    assert [told.text for told in phone.told_log] == ["One moment.", "Thanks."]
    assert service.of("/fallback")[0].form["ErrorUrl"] == f"{service.url}/gone"


async def test_a_living_call_can_be_fetched_and_is_listed_by_its_status(carrier: Carrier, service: Service) -> None:
    sid = await living(carrier, service)
    assert (await ask(lambda: client(carrier).calls(sid).fetch())).status == "in-progress"
    assert [call.sid for call in await ask(lambda: client(carrier).calls.list(status="in-progress"))] == [sid]
    assert await ask(lambda: client(carrier).calls.list(status="completed")) == []
    await ask(lambda: client(carrier).calls(sid).update(status="completed"))
    await over(carrier, sid)
    assert [call.sid for call in await ask(lambda: client(carrier).calls.list(status="completed"))] == [sid]


async def test_an_account_may_have_several_numbers_each_with_settings_of_its_own(service: Service) -> None:
    other = "+12025550101"
    async with carrier_for(service, more_numbers=[other]) as carrier:
        (found,) = await ask(lambda: client(carrier).incoming_phone_numbers.list(phone_number=other))
        await ask(lambda: client(carrier).incoming_phone_numbers(found.sid).update(voice_url=f"{service.url}/accept"))
        assert len(await ask(lambda: client(carrier).incoming_phone_numbers.list())) == 2
        await carrier.incoming(caller(scenario()), called=other)
        carrier.phones.add(answering(Answers.ACCEPTS))
        created = await create(carrier, service, from_=other, url=f"{service.url}/accept")
        await over(carrier, created.sid)
        fetched = await ask(lambda: client(carrier).calls(created.sid).fetch())
    assert fetched.phone_number_sid == found.sid
    assert [(asked.path, asked.form["From"]) for asked in service.asked] == [("/accept", CALLER), ("/accept", other)]


async def test_a_number_that_nobody_has_fails(carrier: Carrier, service: Service) -> None:
    created = await create(carrier, service, to=SECOND)
    assert await over(carrier, created.sid) == "failed"


async def test_a_document_may_come_with_the_request(carrier: Carrier) -> None:
    phone = answering(Answers.ACCEPTS)
    carrier.phones.add(phone)
    twiml = "<?xml version='1.0' encoding='UTF-8'?><Response><Say>Guten Tag.</Say></Response>"
    created = await ask(lambda: client(carrier).calls.create(to=AGENT, from_=OURS, twiml=twiml))
    assert await over(carrier, created.sid) == "completed"
    assert [told.text for told in phone.told_log] == ["Guten Tag."]


def fixture(name: str) -> dict[str, Any]:
    path = Path(__file__).parents[2] / "fixtures" / "twilio" / name
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


async def test_resources_and_refusals_have_the_shape_on_record(carrier: Carrier, service: Service) -> None:
    created = await create(carrier, service, to=SECOND)
    known = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}
    calls = f"{carrier.url}/2010-04-01/Accounts/{ACCOUNT}/Calls"
    async with aiohttp.ClientSession(headers=known) as web:
        async with web.get(f"{calls}/{created.sid}.json") as response:
            call = await response.json()
        async with web.post(f"{calls}.json", data={"To": "12", "From": OURS, "Url": service.url}) as response:
            refusal = await response.json()
    assert call.keys() == fixture("rest_call_created.json").keys()
    assert call["subresource_uris"].keys() == fixture("rest_call_created.json")["subresource_uris"].keys()
    assert {name for name, value in call.items() if value is None} >= {"price", "answered_by", "parent_call_sid"}
    assert refusal == fixture("rest_invalid_to_21211.json")


async def test_an_ended_call_can_be_fetched_and_no_longer_changed(carrier: Carrier, service: Service) -> None:
    created = await create(carrier, service, to=SECOND)
    await over(carrier, created.sid)
    fetched = await ask(lambda: client(carrier).calls(created.sid).fetch())
    assert (fetched.status, fetched.duration, fetched.price_unit) == ("failed", "0", "USD")
    assert fetched.date_created is not None
    with pytest.raises(TwilioRestException) as refused:
        await ask(lambda: client(carrier).calls(created.sid).update(status="completed"))
    assert (refused.value.status, refused.value.code) == (400, 21220)


async def living(carrier: Carrier, service: Service) -> str:
    """The id of a call whose agent listens to a long silence."""
    carrier.phones.add(answering(Answers.ACCEPTS))
    created = await create(carrier, service, url=f"{service.url}/hold")
    while not service.of("/hold"):
        await asyncio.sleep(0.01)
    return str(created.sid)


async def test_a_living_call_is_hung_up_by_request(carrier: Carrier, service: Service) -> None:
    sid = await living(carrier, service)
    updated = await ask(lambda: client(carrier).calls(sid).update(status="completed"))
    assert updated.sid == sid
    assert await over(carrier, sid) == "completed"


async def test_a_living_call_is_sent_to_another_document(carrier: Carrier, service: Service) -> None:
    sid = await living(carrier, service)
    await ask(lambda: client(carrier).calls(sid).update(url=f"{service.url}/accept"))
    assert await over(carrier, sid) == "completed"
    assert len(service.of("/accept")) == 1


async def test_a_ringing_call_can_be_canceled_and_not_redirected(carrier: Carrier, service: Service) -> None:
    carrier.phones.add(answering(Answers.ACCEPTS, rings=30.0))
    created = await create(carrier, service)
    with pytest.raises(TwilioRestException) as refused:
        await ask(lambda: client(carrier).calls(created.sid).update(url=f"{service.url}/accept"))
    assert refused.value.code == 21220
    await ask(lambda: client(carrier).calls(created.sid).update(status="canceled"))
    assert await over(carrier, created.sid) == "canceled"


async def test_canceled_does_not_end_a_talk(carrier: Carrier, service: Service) -> None:
    sid = await living(carrier, service)
    updated = await ask(lambda: client(carrier).calls(sid).update(status="canceled"))
    assert updated.status == "in-progress"


async def test_calls_are_listed_and_deleted(carrier: Carrier, service: Service) -> None:
    sids = [(await create(carrier, service, to=SECOND)).sid for _ in range(2)]
    for sid in sids:
        await over(carrier, sid)
    assert [call.sid for call in await ask(lambda: client(carrier).calls.list(to=SECOND))] == sids[::-1]
    assert await ask(lambda: client(carrier).calls.list(to=AGENT)) == []
    assert await ask(lambda: client(carrier).calls(sids[0]).delete())
    assert [call.sid for call in await ask(lambda: client(carrier).calls.list())] == sids[1:]


async def test_a_call_that_was_never_placed_is_not_found(carrier: Carrier) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await ask(lambda: client(carrier).calls("CA" + "0" * 32).fetch())
    assert (refused.value.status, refused.value.code) == (404, 20404)


WRONG = {
    "no number at all": ({"to": "12"}, 21211),
    "somebody else's number": ({"from_": SECOND}, 21210),
    "no number to call from": ({"from_": "us"}, 21212),
    "no URL": ({"url": "answer.xml"}, 21205),
    "a host with an underscore": ({"status_callback": "https://a_b.example.com/"}, 21609),
    "an unknown event": ({"status_callback_event": ["answered", "vanished"]}, 21626),
    "detection beside the call": ({"machine_detection": "Enable", "async_amd": "true"}, 20001),
    "the end of a machine's greeting": ({"machine_detection": "DetectMessageEnd"}, 20001),
    "an hour of ringing": ({"timeout": 3600}, 20001),
}


@pytest.mark.parametrize(("form", "code"), WRONG.values(), ids=WRONG.keys())
async def test_a_wrong_request_is_refused(carrier: Carrier, service: Service, form: dict[str, Any], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await create(carrier, service, **form)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert carrier.switch.calls == {}


@pytest.mark.parametrize(("user", "password"), [(ACCOUNT, "wrong"), ("SK" + "1" * 32, "secret"), ("AC", TOKEN)])
async def test_a_stranger_is_refused(carrier: Carrier, user: str, password: str) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await ask(lambda: client(carrier, user, password).api.accounts(ACCOUNT).fetch())
    assert (refused.value.status, refused.value.code) == (401, 20003)


async def test_nothing_is_said_without_a_key(carrier: Carrier) -> None:
    async with aiohttp.ClientSession() as web, web.get(f"{carrier.url}/nowhere") as response:
        assert (response.status, (await response.json())["code"]) == (401, 20003)


async def test_an_api_key_opens_the_account_too(carrier: Carrier) -> None:
    account = await ask(lambda: client(carrier, "SK" + "0" * 32, "secret").api.accounts(ACCOUNT).fetch())
    assert (account.sid, account.status, account.type) == (ACCOUNT, "active", "Full")


async def test_another_account_is_not_found(carrier: Carrier) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await ask(lambda: client(carrier).api.accounts("AC" + "f" * 32).fetch())
    assert refused.value.code == 20404


async def test_the_numbers_webhook_is_shown_and_set(carrier: Carrier, service: Service) -> None:
    (number,) = await ask(lambda: client(carrier).incoming_phone_numbers.list(phone_number=OURS))
    assert (number.phone_number, number.voice_url, number.voice_method) == (OURS, f"{service.url}/voice", "POST")
    assert await ask(lambda: client(carrier).incoming_phone_numbers.list(phone_number=SECOND)) == []
    await ask(lambda: client(carrier).incoming_phone_numbers(number.sid).update(voice_url=f"{service.url}/accept"))
    await carrier.incoming(caller(scenario()))
    assert [asked.path for asked in service.asked] == ["/accept"]


@pytest.mark.filterwarnings("ignore:.*BasicAuth:DeprecationWarning", "ignore:.*'auth' parameter:DeprecationWarning")
async def test_twilios_asynchronous_client_works_too(carrier: Carrier, service: Service) -> None:
    phone = answering(Answers.ACCEPTS, end=End(Who.AGENT))
    carrier.phones.add(phone)
    async with AsyncTwilioHttpClient() as http:
        asynchronous = Client(ACCOUNT, TOKEN, http_client=http)
        asynchronous.api.base_url = carrier.url
        call = await asynchronous.calls.create_async(to=AGENT, from_=OURS, url=f"{service.url}/accept")
        assert await over(carrier, call.sid) == "completed"
        assert (await asynchronous.calls(call.sid).fetch_async()).status == "completed"
    assert [told.text for told in phone.told_log] == ["Thanks."]


async def test_reports_may_come_out_of_order(service: Service) -> None:
    async with carrier_for(service, faults=Faults(swapped_statuses=True)) as carrier:
        carrier.phones.add(answering(Answers.BUSY))
        status = f"{service.url}/status"
        created = await create(carrier, service, status_callback=status, status_callback_event=ALL)
        await over(carrier, created.sid)
    assert [report.form["SequenceNumber"] for report in service.of("/status")] == ["1", "0", "2"]
