from pathlib import Path
from xml.etree import ElementTree

from telephony.simulator.carrier.bins import filled
from tests.simulator.exchanges import carrier_for, texts
from tests.simulator.scenes import caller, scenario
from tests.simulator.small_service import Service

FALLBACK = (Path(__file__).parents[2] / "infra" / "twilio" / "fallback.xml").read_text("utf-8")


def test_a_parameter_stands_where_its_name_stood_as_text() -> None:
    assert filled("<Say>{{From}}, {{ Name }}</Say>", {"From": "a & <b>"}) == "<Say>a &amp; &lt;b&gt;, </Say>"


def test_our_fallback_asks_the_address_that_did_not_answer_again() -> None:
    url = "https://interpreter.example.com/twilio/calls/c1/caller/steps/after?again=1&x=2"
    root = ElementTree.fromstring(filled(FALLBACK, {"ErrorUrl": url}).encode())
    assert [verb.tag for verb in root] == ["Say", "Redirect"]
    assert root[-1].text == url


async def test_a_carrier_hosts_a_document_that_answers_while_the_service_does_not() -> None:
    answers = iter([False, False, True])
    service = Service({"/voice": lambda _: "<Say>Welcome.</Say>" if next(answers) else "<Oops/>"})
    async with service, carrier_for(service, fallback_twiml=FALLBACK) as carrier:
        record = await carrier.incoming(caller(scenario()))
    assert texts(record) == ["One moment, please.", "One moment, please.", "Welcome."]
    assert [problem.code for problem in record.problems] == [12200, 12200]
