import io
import json
import logging
from base64 import b64encode
from collections.abc import AsyncIterator

import pytest

from telephony import log
from telephony.carriers.base import DialRefused, LegStatus
from telephony.carriers.twilio import call_control
from telephony.carriers.twilio.addresses import Addresses
from telephony.carriers.twilio.call_control import TwilioCallControl
from tests.carriers.twilio.rest import Rest, answering
from tests.carriers.twilio.wire import ACCOUNT, AGENT_LEG, TOKEN
from tests.log_state import log_as_it_was

AGENT, OURS = "+12025550122", "+12025550100"
CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"
WHERE = Addresses("https://interpreter.example.com")


@pytest.fixture
async def rest() -> AsyncIterator[Rest]:
    async with answering() as server:
        yield server


@pytest.fixture
async def control(rest: Rest) -> AsyncIterator[TwilioCallControl]:
    made = TwilioCallControl(ACCOUNT, TOKEN, OURS, WHERE, rest.url)
    yield made
    await made.close()


async def dialled(control: TwilioCallControl, address: str = AGENT) -> str:
    return await control.dial(address, call="c1", leg="agent-1", ring_seconds=25)


async def test_an_agent_is_rung_with_everything_that_has_to_be_said(rest: Rest, control: TwilioCallControl) -> None:
    rest.answer(201, "rest_call_created.json")
    assert await dialled(control) == AGENT_LEG
    (asked,) = rest.asked
    assert (asked.method, asked.path) == ("POST", f"{CALLS}.json")
    assert asked.form == {
        "To": [AGENT],
        "From": [OURS],
        "Url": ["https://interpreter.example.com/twilio/calls/c1/agent-1/steps/answered#rc=3&rp=ct,5xx"],
        "StatusCallback": ["https://interpreter.example.com/twilio/calls/c1/agent-1/status#rc=3&rp=ct,5xx"],
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": ["25"],
        "TimeLimit": ["14400"],
    }


async def test_a_call_may_be_limited_show_another_number_and_look_for_a_machine(
    rest: Rest, control: TwilioCallControl
) -> None:
    rest.answer(201, "rest_call_created.json")
    await control.dial(
        AGENT,
        call="c1",
        leg="agent-1",
        ring_seconds=25,
        machine_detection=True,
        time_limit=1800,
        caller_id="+12025550101",
    )
    form = rest.asked[0].form
    assert (form["From"], form["TimeLimit"], form["MachineDetection"]) == (["+12025550101"], ["1800"], ["Enable"])


async def test_a_leg_we_dialled_has_somewhere_to_ask_where_our_server_does_not_answer(rest: Rest) -> None:
    elsewhere = "https://fallback.example.com/twiml"
    control = TwilioCallControl(ACCOUNT, TOKEN, OURS, WHERE, rest.url, fallback_url=elsewhere)
    rest.answer(201, "rest_call_created.json")
    await dialled(control)
    await control.close()
    assert rest.asked[0].form["FallbackUrl"] == [elsewhere]
    assert rest.asked[0].form["FallbackMethod"] == ["POST"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("queued", LegStatus.QUEUED),
        ("ringing", LegStatus.RINGING),
        ("in-progress", LegStatus.ANSWERED),
        ("completed", LegStatus.COMPLETED),
        ("no-answer", LegStatus.NO_ANSWER),
    ],
)
async def test_how_a_leg_stands_is_asked_of_twilio(
    rest: Rest, control: TwilioCallControl, word: str, status: LegStatus
) -> None:
    rest.answers.append((200, json.dumps({"sid": AGENT_LEG, "status": word})))
    assert await control.standing(AGENT_LEG) is status
    assert (rest.asked[0].method, rest.asked[0].path) == ("GET", f"{CALLS}/{AGENT_LEG}.json")


async def test_a_leg_that_twilio_does_not_know_is_over(rest: Rest, control: TwilioCallControl) -> None:
    rest.answer(404, "rest_not_found_20404.json")
    assert await control.standing(AGENT_LEG) is LegStatus.COMPLETED


@pytest.mark.parametrize(("status", "body"), [(401, '{"code": 20003}'), (500, ""), (200, '{"status": "on-hold"}')])
async def test_what_twilio_does_not_say_of_a_leg_is_not_made_up(
    rest: Rest, control: TwilioCallControl, status: int, body: str
) -> None:
    rest.answers.append((status, body))
    with pytest.raises(DialRefused):
        await control.standing(AGENT_LEG)


async def test_every_request_carries_the_account_and_its_token(rest: Rest, control: TwilioCallControl) -> None:
    rest.answer(201, "rest_call_created.json")
    await dialled(control)
    assert rest.asked[0].authorization == "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


@pytest.mark.parametrize("address", ["client:agent_7", "sip:agent@pbx.example.com"])
async def test_an_agent_may_be_at_any_kind_of_address(rest: Rest, control: TwilioCallControl, address: str) -> None:
    rest.answer(201, "rest_call_created.json")
    await dialled(control, address)
    assert rest.asked[0].form["To"] == [address]


async def test_a_leg_is_sent_to_a_step(rest: Rest, control: TwilioCallControl) -> None:
    rest.answer(200, "rest_call_created.json")
    await control.redirect(AGENT_LEG, call="c1", leg="agent-1", step="after")
    assert rest.asked[0].path == f"{CALLS}/{AGENT_LEG}.json"
    assert rest.asked[0].form == {"Url": [WHERE.step("c1", "agent-1", "after")]}


async def test_a_leg_is_hung_up(rest: Rest, control: TwilioCallControl) -> None:
    rest.answer(200, "rest_call_completed.json")
    await control.hang_up(AGENT_LEG)
    assert rest.asked[0].path == f"{CALLS}/{AGENT_LEG}.json"
    assert rest.asked[0].form == {"Status": ["completed"]}


@pytest.mark.parametrize(
    ("status", "fixture"), [(400, "rest_not_in_progress_21220.json"), (404, "rest_not_found_20404.json")]
)
async def test_a_leg_that_has_ended_already_is_fine(
    rest: Rest, control: TwilioCallControl, status: int, fixture: str
) -> None:
    rest.answer(status, fixture)
    await control.redirect(AGENT_LEG, call="c1", leg="agent-1", step="after")
    await control.hang_up(AGENT_LEG)
    assert len(rest.asked) == 2


@pytest.mark.parametrize(
    ("status", "fixture", "said"),
    [
        (400, "rest_invalid_to_21211.json", "Twilio answered 400 with error 21211"),
        (401, "rest_unauthorized_20003.json", "Twilio answered 401 with error 20003"),
        (404, "rest_not_found_20404.json", "Twilio answered 404 with error 20404"),
        (429, "rest_too_many_requests_20429.json", "Twilio answered 429 with error 20429"),
    ],
)
async def test_a_refused_call_says_why_and_names_no_number(
    rest: Rest, control: TwilioCallControl, status: int, fixture: str, said: str
) -> None:
    rest.answer(status, fixture)
    with pytest.raises(DialRefused) as refused:
        await dialled(control)
    assert refused.value.args[0] == said
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


async def test_a_failed_request_to_hang_up_is_not_taken_for_done(rest: Rest, control: TwilioCallControl) -> None:
    rest.answer(401, "rest_unauthorized_20003.json")
    with pytest.raises(DialRefused, match="20003"):
        await control.hang_up(AGENT_LEG)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_failing_service_is_asked_once_so_that_no_phone_rings_twice(
    rest: Rest, control: TwilioCallControl, status: int
) -> None:
    rest.answers.append((status, "no JSON"))
    with pytest.raises(DialRefused, match=str(status)):
        await dialled(control)
    assert len(rest.asked) == 1


@pytest.mark.parametrize("body", ["<html>a proxy</html>", "[]", "{}", "null", '{"sid": null}', ""])
async def test_an_answer_that_is_no_call_is_a_refusal(rest: Rest, control: TwilioCallControl, body: str) -> None:
    rest.answers.append((201, body))
    with pytest.raises(DialRefused):
        await dialled(control)


async def test_an_api_that_does_not_answer_is_left_in_time(
    rest: Rest, control: TwilioCallControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_control, "REQUEST_WITHIN", 0.05)
    rest.silent = True
    with pytest.raises(DialRefused, match="could not be reached"):
        await dialled(control)
    assert len(rest.asked) == 1


async def test_an_api_that_is_not_there_is_a_refusal(unused_tcp_port: int) -> None:
    control = TwilioCallControl(ACCOUNT, TOKEN, OURS, WHERE, f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(DialRefused, match="could not be reached"):
        await dialled(control)
    await control.close()


async def test_the_sdks_own_variables_do_not_move_the_api(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    control = TwilioCallControl(ACCOUNT, TOKEN, OURS, WHERE, rest.url)
    rest.answer(201, "rest_call_created.json")
    assert await dialled(control) == AGENT_LEG
    await control.close()


async def test_no_number_and_no_token_reaches_the_log_at_any_level(rest: Rest, control: TwilioCallControl) -> None:
    lines = io.StringIO()
    with log_as_it_was():
        log.configure("debug", lines)
        rest.answer(400, "rest_invalid_to_21211.json")
        with pytest.raises(DialRefused):
            await dialled(control)
        logging.getLogger("tests").warning("the log works")
    assert "the log works" in lines.getvalue()
    assert not any(private in lines.getvalue() for private in (AGENT[2:], OURS[2:], f":{TOKEN}"))
