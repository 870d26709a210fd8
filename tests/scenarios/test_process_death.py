"""The process dies (SIGKILL) while calls are up: legs ask the next one, and everybody is back where they were."""

import asyncio

import pytest

from telephony.calls.order import Order
from telephony.calls.profile import house_profile
from telephony.calls.state import CallState, LegState, Outcome
from telephony.carriers.base import IncomingCall
from telephony.ivr.prompts import load
from telephony.replay.memory_carrier import LINE
from telephony.replay.memory_stream import now
from tests.scenarios.person import Person
from tests.scenarios.test_human import Trio
from tests.scenarios.town import Town, agent, caller, lived, phone

SPANISH, ENGLISH = load("es"), load("en")


def test_in_the_talk_both_are_back_and_hear_each_other_within_three_seconds() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        await person.comes_to_hear(inside.tone, within=4)
        (before,) = town.register.calls
        await town.process_dies()
        up = now()
        await person.comes_to_hear(inside.tone, within=3)
        await inside.comes_to_hear(person.tone, within=3)
        assert now() - up < 3.0
        assert town.call.id == before
        assert len(town.engine.opened) == 4
        assert town.process.roster.states(now(), town.wall())[0].busy

    town = lived(lambda: Town(agent(0), people=(inside,)), scenario)
    assert len(town.register.calls) == 1


def test_it_may_die_again_and_again() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        for _ in range(5):
            await town.process_dies()
            await person.comes_to_hear(inside.tone, within=3)
            await inside.comes_to_hear(person.tone, within=3)

    town = lived(lambda: Town(agent(0), people=(inside,)), scenario)
    assert len(town.register.calls) == 1


def test_in_the_menu_the_caller_chooses_all_the_same() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await asyncio.sleep(0.5)
        await town.process_dies(down=4)
        await inside.comes_to_hear(person.tone, within=40)
        assert town.call.caller_speaks == "es"

    town = lived(lambda: Town(agent(0), people=(inside,)), scenario)
    assert len(town.register.calls) == 1


@pytest.mark.parametrize("known", [LegState.RINGING, LegState.ANSWERED])
@pytest.mark.parametrize("down", [0.2, 1.0, 3.0])
def test_an_agent_whose_acceptance_the_store_never_learnt_is_back_all_the_same(known: LegState, down: float) -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        async with asyncio.timeout(60):
            while not any(leg.state is known for call in town.live for leg in call.parties.legs.values()):
                await asyncio.sleep(0.02)
        town.process.keep = lambda call: None  # type: ignore[method-assign]
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(2)
        await town.process_dies(down)
        await person.comes_to_hear(inside.tone, within=4)
        await inside.comes_to_hear(person.tone, within=4)
        assert town.process.roster.states(now(), town.wall())[0].busy

    town = lived(lambda: Town(agent(0), people=(inside,)), scenario)
    assert len(town.carrier.dialled) == 1
    assert len(town.register.calls) == 1


def test_in_ringing_another_agent_search_begins_and_no_phone_rings_for_nobody() -> None:
    person, inside = caller(), (phone(0, rings=12.0), phone(1, rings=12.0))

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.RINGING)
        await asyncio.sleep(5)
        await town.process_dies()
        await asyncio.sleep(8)
        assert len([leg for leg in town.carrier.living if leg.phone in inside]) == 1
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(3)

    lived(lambda: Town(agent(0), agent(1), people=inside), scenario)


@pytest.mark.parametrize("moment", [0.5, 1.5, 2.5, 3.5])
def test_an_agent_who_was_in_the_whisper_does_not_stay_in_a_call_of_nobody(moment: float) -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await inside.is_told(ENGLISH.whisper_about("es").text)
        await asyncio.sleep(moment)
        await town.process_dies(down=0.2)
        await inside.comes_to_hear(person.tone, within=90)

    lived(lambda: Town(agent(0), people=(inside,)), scenario)


def test_in_the_line_the_caller_waits_on() -> None:
    person, talker, inside = caller(), caller(9), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(talker)
        await town.comes_to(CallState.TALKING)
        town.rings(person)
        await town.comes_to(CallState.WAITING)
        await town.process_dies()
        await town.comes_to(CallState.WAITING)
        talker.hang_up()
        await inside.comes_to_hear(person.tone, within=30)

    lived(lambda: Town(agent(0), people=(inside,)), scenario)


def test_in_the_conference_all_three_go_on_and_the_two_come_back_from_it() -> None:
    trio = Trio()

    async def scenario(town: Town) -> None:
        await trio.meets(town)
        await town.process_dies()
        await trio.hear_each_other()
        await asyncio.sleep(60)
        await trio.hear_each_other()
        assert town.call.state is CallState.CONFERENCE
        trio.human.hang_up()
        await trio.caller.comes_to_hear(trio.agent.tone, within=15)
        await trio.agent.comes_to_hear(trio.caller.tone, within=15)

    lived(trio.town, scenario)


def test_a_call_that_we_placed_goes_on() -> None:
    me, them = Person("+12025550177", 600.0, always="1"), Person("+12025550178", 900.0)

    async def scenario(town: Town) -> None:
        town.process.switchboard.place(Order(them.number, "de", me.number, "en"), town.profiles[0])
        await town.comes_to(CallState.TALKING)
        await town.process_dies()
        await me.comes_to_hear(them.tone, within=3)
        await them.comes_to_hear(me.tone, within=3)
        them.hang_up()
        await me.is_told(ENGLISH.other_hung_up, within=70)

    lived(lambda: Town(people=(me, them)), scenario)


def test_a_phone_that_we_placed_a_call_to_rings_on() -> None:
    me, them = Person("+12025550177", 600.0, always="1"), Person("+12025550178", 900.0, rings=15.0)

    async def scenario(town: Town) -> None:
        town.process.switchboard.place(Order(them.number, "de", me.number, "en"), town.profiles[0])
        await town.comes_to(CallState.RINGING)
        await asyncio.sleep(3)
        await town.process_dies()
        await me.comes_to_hear(440.0, within=5)
        await them.comes_to_hear(me.tone, within=40)

    lived(lambda: Town(people=(me, them)), scenario)


def test_a_call_whose_first_phone_was_ringing_ends_with_a_word() -> None:
    me, them = Person("+12025550177", 600.0, always="1", rings=9.0), Person("+12025550178", 900.0)

    async def scenario(town: Town) -> None:
        town.process.switchboard.place(Order(them.number, "de", me.number, "en"), town.profiles[0])
        await asyncio.sleep(3)
        await town.process_dies()
        await town.is_quiet(within=90)

    town = lived(lambda: Town(people=(me, them)), scenario)
    assert [address for address, _, _ in town.carrier.dialled] == [me.number]


@pytest.mark.parametrize("leaver", ["caller", "agent"])
def test_who_hangs_up_while_nobody_listens_is_missed_within_a_minute(leaver: str) -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(3)
        leaves, stays = (person, inside) if leaver == "caller" else (inside, person)
        leaves.hang_up()
        await town.process_dies(down=0.0)
        await stays.is_told((ENGLISH if leaver == "caller" else SPANISH).other_hung_up, within=60)
        await town.is_quiet()

    town = lived(lambda: Town(agent(0), people=(inside,)), scenario)
    assert town.outcomes[-1] is (Outcome.CALLER_HUNG_UP if leaver == "caller" else Outcome.AGENT_HUNG_UP)


def test_a_call_whose_parties_have_all_left_is_closed_in_the_register() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        person.leaves_in(0.5)
        inside.leaves_in(0.7)
        await town.process_dies(down=5)
        await asyncio.sleep(60)

    town = lived(lambda: Town(agent(0), people=(inside,)), scenario)
    assert [call.outcome for call in town.register.calls.values()] == [Outcome.TECHNICAL_PROBLEM]


def test_a_caller_who_chose_no_language_is_listened_to_again() -> None:
    person, inside = caller(key="3"), phone(0)
    profile = house_profile(("en", "es"), "en", LINE, auto=True)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        assert town.call.speaks == "auto"
        await town.process_dies()
        await inside.comes_to_hear(person.tone, within=5)
        assert town.call.speaks == "auto"

    lived(lambda: Town(agent(0), people=(inside,), profile=profile), scenario)


def test_one_who_rings_again_because_nobody_answered_is_in_one_call_only() -> None:
    """The process dies before it has answered the first question; the carrier asks the next one the same."""
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        leg = town.rings(person)
        await asyncio.sleep(0.5)
        first, call = leg.call, town.register.calls
        await town.process_dies(down=0.0)
        leg.call, leg.name, _ = await town.process.switchboard.incoming(
            IncomingCall(leg.carrier_call, person.number, LINE)
        )
        await inside.comes_to_hear(person.tone, within=40)
        await asyncio.sleep(30)
        assert person.hears(inside.tone, now() - 2)
        assert call[first].ended is not None

    lived(lambda: Town(agent(0), people=(inside,)), scenario)
