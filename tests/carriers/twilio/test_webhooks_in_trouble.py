"""Webhooks about calls that are not ours, and questions that cannot be answered: harmless, answered all the same."""

import io
from xml.etree import ElementTree

import pytest
from aiohttp import ClientResponse

from telephony import log
from telephony.carriers.base import Answer
from tests.carriers.twilio.service import CALL, LEG, PUBLIC, Service
from tests.carriers.twilio.wire import CALLER_LEG, form
from tests.log_state import log_as_it_was

VOICE = "/twilio/voice"
STATUS = f"/twilio/calls/{CALL}/{LEG}/status"


def step(name: str) -> str:
    return f"/twilio/calls/{CALL}/{LEG}/steps/{name}"


async def verbs(answer: ClientResponse) -> list[tuple[str, str]]:
    """Name and text of every verb of a document."""
    assert (answer.status, answer.content_type, answer.charset) == (200, "text/xml", "utf-8")
    root = ElementTree.fromstring(await answer.read())
    assert root.tag == "Response"
    return [(verb.tag, verb.text or "") for verb in root]


@pytest.mark.parametrize("path", ["/twilio/calls/c2/caller/steps/after", "/twilio/calls/c1/agent-9/steps/after"])
async def test_a_leg_of_no_call_of_ours_is_hung_up(service: Service, path: str) -> None:
    assert await verbs(await service.post(path, form("connect_action.form"))) == [("Hangup", "")]
    assert service.calls.asked == []


@pytest.mark.parametrize("path", ["/twilio/calls/c2/caller/status", "/twilio/status"])
async def test_a_report_of_no_call_of_ours_is_taken_and_dropped(service: Service, path: str) -> None:
    answer = await service.post(path, form("status_answered.form"))
    assert (answer.status, await answer.read()) == (204, b"")
    assert service.calls.asked == []


async def test_a_leg_we_dialled_is_not_taken_for_a_call_that_comes_in(service: Service) -> None:
    assert await verbs(await service.post(VOICE, form("agent_answered.form"))) == [("Hangup", "")]
    assert service.calls.asked == []


async def test_a_question_that_fails_is_put_again_after_a_second(service: Service) -> None:
    service.calls.trouble = RuntimeError("the store is gone")
    again = f"{PUBLIC}{step('choice-1')}?again=1#rc=3&rp=ct,5xx"
    answer = await service.post(step("choice-1"), form("gather_digits.form"))
    assert await verbs(answer) == [("Pause", ""), ("Redirect", again)]
    answer = await service.post(VOICE, form("voice_incoming.form"))
    assert await verbs(answer) == [("Pause", ""), ("Redirect", f"{PUBLIC}{VOICE}?again=1#rc=3&rp=ct,5xx")]


async def test_a_question_put_again_is_answered_as_the_first_time(service: Service) -> None:
    assert await verbs(await service.post(f"{step('after')}?again=3", form("connect_action.form"))) == [("Hangup", "")]
    assert service.calls.asked == [("step", "after", CALLER_LEG, Answer())]


@pytest.mark.parametrize(("again", "goes_on"), [("4", True), ("5", False), ("99", False), ("-1", False), ("x", False)])
async def test_a_question_is_not_put_for_ever(service: Service, again: str, goes_on: bool) -> None:
    service.calls.trouble = RuntimeError("the store is gone")
    found = await verbs(await service.post(f"{step('after')}?again={again}", form("connect_action.form")))
    assert [verb for verb, _ in found] == (["Pause", "Redirect"] if goes_on else ["Hangup"])


async def test_a_report_that_cannot_be_taken_is_asked_for_again(service: Service) -> None:
    service.calls.trouble = RuntimeError("the store is gone")
    answer = await service.post(STATUS, form("status_answered.form"))
    assert (answer.status, await answer.read()) == (503, b"")


async def test_what_went_wrong_is_logged_by_its_kind_alone(service: Service) -> None:
    service.calls.trouble = RuntimeError("spoken words")
    with log_as_it_was():
        lines = io.StringIO()
        log.configure("debug", lines)
        await service.post(step("after"), form("connect_action.form"))
        await service.post(STATUS, form("status_answered.form"))
    assert lines.getvalue().count("RuntimeError") == 2
    assert "spoken words" not in lines.getvalue()
