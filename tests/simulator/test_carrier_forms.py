from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from telephony.simulator.carrier import forms
from telephony.simulator.carrier.forms import CallFacts
from telephony.simulator.carrier.standing import SIP_CODES, Direction, Standing

FIXTURES = Path(__file__).parents[2] / "fixtures" / "twilio"
HEX = "0123456789abcdef" * 2
CALLER, OURS, AGENT = "+12025550111", "+12025550100", "+12025550122"
INBOUND = CallFacts("AC" + HEX, "CA" + HEX, Direction.INBOUND, CALLER, OURS)
OUTBOUND = CallFacts("AC" + HEX, "CA" + "fedcba9876543210" * 2, Direction.OUTBOUND_API, OURS, AGENT)


def fixture(name: str) -> dict[str, str]:
    text = (FIXTURES / name).read_text(encoding="utf-8").removesuffix("\n")
    return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))


def at(second: int) -> datetime:
    return datetime(2021, 3, 12, 16, 29, second, tzinfo=UTC)


def test_an_incoming_call_has_the_captured_fields_with_those_that_are_empty() -> None:
    fields = forms.voice(INBOUND, Standing.RINGING)
    assert fields == fixture("voice_incoming.form") == fixture("voice_incoming.query")
    assert fields["FromZip"] == ""


def test_a_caller_without_a_number_has_no_place() -> None:
    facts = CallFacts("AC" + HEX, "CA" + HEX, Direction.INBOUND, "anonymous", OURS)
    assert forms.voice(facts, Standing.RINGING) == fixture("voice_incoming_withheld_number.form")


def test_an_answer_to_a_gather_adds_to_the_fields() -> None:
    assert forms.voice(INBOUND, Standing.IN_PROGRESS, {"Digits": "2"}) == fixture("gather_digits.form")


def test_an_answered_outgoing_call_is_outbound_api() -> None:
    assert forms.voice(OUTBOUND, Standing.IN_PROGRESS) == fixture("agent_answered.form")


@pytest.mark.parametrize(
    ("name", "standing", "sequence", "second"),
    [
        ("status_initiated.form", Standing.INITIATED, 0, 49),
        ("status_ringing.form", Standing.RINGING, 1, 50),
        ("status_answered.form", Standing.IN_PROGRESS, 2, 53),
    ],
)
def test_progress_is_numbered_and_dated(name: str, standing: Standing, sequence: int, second: int) -> None:
    assert forms.voice(OUTBOUND, standing, forms.progress(sequence, at(second))) == fixture(name)


@pytest.mark.parametrize(
    ("name", "standing", "sequence", "second"),
    [
        ("status_busy.form", Standing.BUSY, 2, 51),
        ("status_no_answer.form", Standing.NO_ANSWER, 2, 59),
        ("status_failed.form", Standing.FAILED, 1, 50),
        ("status_canceled.form", Standing.CANCELED, 2, 51),
    ],
)
def test_an_unanswered_end_has_its_sip_code(name: str, standing: Standing, sequence: int, second: int) -> None:
    ended = {"CallDuration": "0", "SipResponseCode": str(SIP_CODES[standing])}
    assert forms.voice(OUTBOUND, standing, forms.progress(sequence, at(second), ended)) == fixture(name)


def test_a_streams_timestamp_is_iso_8601() -> None:
    sid, now = "MZ" + HEX, datetime(2021, 3, 12, 16, 29, 49, 123456, tzinfo=UTC)
    assert forms.stream(INBOUND, sid, None, "stream-started", now) == fixture("stream_started.form")
    error = "31920 - Stream - WebSocket - Handshake Error"
    assert forms.stream(INBOUND, sid, None, "stream-error", now, error) == fixture("stream_error.form")
    assert forms.stream(INBOUND, sid, "mine", "stream-started", now)["StreamName"] == "mine"
