"""Conferences over real webhooks: three phones, each with its own frequency, and how they come out again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from telephony.simulator.carrier.call import Call
from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.request import Request
from telephony.simulator.manners import Manners
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import AgentPhone, Answers, Who
from tests.simulator.exchanges import carrier_for, texts
from tests.simulator.scenes import CALLER, agent, caller, line, loud_seconds, press, scenario, share, tone
from tests.simulator.small_service import Asked, Service, Twiml

NUMBERS = (CALLER, "+12025550122", "+12025550133")
HERTZ = (400, 900, 1500)
QUIET = '<Dial action="/over"><Conference beep="false">r7f3</Conference></Dial>'
KEEPER = '<Dial action="/over"><Conference beep="false" endConferenceOnExit="true">r7f3</Conference></Dial>'


def phones(seconds: float, **scene: object) -> list[Phone]:
    """Three phones that speak, each on its own frequency, from the start of the talk."""
    made = [caller(scenario(lines=(line("c1", Who.CALLER, 0.0),), **scene), {"c1": tone(HERTZ[0], seconds)})]
    for number, hertz in zip(NUMBERS[1:], HERTZ[1:], strict=True):
        agents = (AgentPhone(number, 0.0, Answers.ACCEPTS),)
        one = scenario(lines=(line("a1", Who.AGENT, 0.0),), agents=agents, **scene)
        made.append(agent(one, {"a1": tone(hertz, seconds)}))
    return made


@dataclass
class House:
    """A service that sends everybody into one conference, and the carrier's journal."""

    service: Service
    carrier: Carrier
    journal: list[dict[str, object]]

    async def joined(self, *who: Phone) -> list[Call]:
        """Their calls, when all are in the conference; what they say comes a little later."""
        calls = [self.carrier.switch.incoming(phone) for phone in who]
        await until(lambda: len(self.of("conference joined")) == len(who))
        for phone in who:
            phone.talk_began(calls[0].placed + 0.3)
        return calls

    async def end(self, *calls: Call) -> None:
        for call in calls:
            call.end()
            await self.carrier.switch.ended(call)

    def of(self, event: str) -> list[dict[str, object]]:
        return [entry for entry in self.journal if entry["event"] == event]


@asynccontextmanager
async def house(first: str = QUIET, others: str = QUIET) -> AsyncIterator[House]:
    """`first` is what the first phone is told, `others` what the others are."""

    def voice(asked: Asked) -> str:
        return first if asked.form["From"] == CALLER else others

    twiml: dict[str, Twiml] = {"/voice": voice, "/over": "<Say>Out.</Say>"}
    journal: list[dict[str, object]] = []
    async with Service(twiml) as service, carrier_for(service, listener=journal.append) as carrier:
        yield House(service, carrier, journal)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


async def test_three_phones_hear_each_other_and_not_themselves() -> None:
    parties = phones(0.6)
    async with house() as here:
        calls = await here.joined(*parties)
        began = calls[0].placed
        await until(lambda: all(loud_seconds(one.recording_heard(began, began + 9)) > 0.5 for one in parties))
        await here.end(*calls)
    for place, phone in enumerate(parties):
        sound = phone.recording_heard(began + 0.35, began + 9)
        for other, hertz in enumerate(HERTZ):
            assert (share(sound, hertz) > 0.3) == (other != place)


async def test_who_waits_alone_hears_that_it_waits_and_may_hang_up() -> None:
    phone = caller(scenario())
    phone.manners = Manners(leaves_after_answer=0.6)
    async with house() as here:
        record = await here.carrier.incoming(phone)
    heard = phone.recording_heard(record.placed, record.ended)
    assert loud_seconds(heard) == pytest.approx(0.4, abs=0.1)
    assert share(heard, 500) > 0.9
    assert here.service.of("/over") == []


async def test_who_is_left_behind_by_the_keeper_is_asked_what_to_do_next() -> None:
    first, second, _ = phones(0.1)
    async with house(first=KEEPER) as here:
        keeper, guest = await here.joined(first, second)
        await here.end(keeper)
        await here.carrier.switch.ended(guest)
    (asked,) = here.service.of("/over")
    assert asked.form["CallSid"] == guest.facts.sid
    assert (asked.form["DialCallStatus"], asked.form["DialBridged"]) == ("answered", "true")
    assert not {"DialCallSid", "DialCallDuration"} & set(asked.form)
    assert texts(guest.record()) == ["Out."]


async def test_the_others_go_on_when_a_guest_leaves() -> None:
    async with house() as here:
        first, second, third = await here.joined(*phones(0.1))
        await here.end(third)
        assert [entry["over"] for entry in here.of("conference left")] == [False]
        assert [call.record().standing for call in (first, second)] == ["in-progress", "in-progress"]
        assert here.service.of("/over") == []


async def test_a_leg_is_sent_out_of_a_conference_by_request() -> None:
    first, second, _ = phones(0.1)
    async with house(first=KEEPER) as here:
        keeper, guest = await here.joined(first, second)
        keeper.redirect(Request(f"{here.service.url}/over"))
        for call in (keeper, guest):
            await here.carrier.switch.ended(call)
    assert [texts(call.record()) for call in (keeper, guest)] == [["Out."], ["Out."]]
    told = {asked.form["CallSid"]: "DialCallStatus" in asked.form for asked in here.service.of("/over")}
    assert told == {keeper.facts.sid: False, guest.facts.sid: True}


async def test_the_star_leads_out_where_the_document_says_so() -> None:
    starred = QUIET.replace("<Dial", '<Dial hangupOnStar="true"')
    first = caller(scenario(keys=(press(Who.CALLER, "*", at=0.1),)))
    async with house(first=starred) as here:
        leaves, _ = await here.joined(first, phones(0.1)[1])
        await here.carrier.switch.ended(leaves)
        assert texts(leaves.record()) == ["Out."]
        assert [asked.form["CallSid"] for asked in here.service.of("/over")] == [leaves.facts.sid]
