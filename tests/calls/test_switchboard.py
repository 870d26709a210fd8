"""What the switchboard answers: once to each question, only to those who may ask; and which streams may join."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.audio.format import PCMU_8K
from telephony.calls.house import House
from telephony.calls.observer import Observers
from telephony.calls.profile import Profiles, house_profile
from telephony.calls.roster import Roster
from telephony.calls.switchboard import Switchboard
from telephony.carriers.base import (
    LONGEST_LEG,
    Answer,
    IncomingCall,
    LegStatus,
    MediaEvent,
    StreamStarted,
    StreamStopped,
    UnknownCall,
)
from telephony.carriers.verbs import ConnectStream, Gather, Hangup, Script
from telephony.replay.memory_stream import now
from tests.fakes import EchoEngine
from tests.virtual_time import in_virtual_time

AGENTS = ("+12025550122", "+12025550123")
LANGUAGES = ("en", "es", "de")


class SilentControl:
    """Places calls that ring for ever, and keeps what was asked of it."""

    def __init__(self) -> None:
        self.dialled: list[str] = []
        self.redirected: list[tuple[str, str]] = []
        self.ended: list[str] = []

    async def dial(
        self,
        address: str,
        *,
        call: str,
        leg: str,
        ring_seconds: int,
        machine_detection: bool = False,
        time_limit: int = LONGEST_LEG,
        caller_id: str | None = None,
    ) -> str:
        self.dialled.append(address)
        return f"{call}-{leg}"

    async def redirect(self, carrier_call: str, *, call: str, leg: str, step: str) -> None:
        self.redirected.append((leg, step))

    async def hang_up(self, carrier_call: str) -> None:
        self.ended.append(carrier_call)

    async def standing(self, carrier_call: str) -> LegStatus:
        return LegStatus.ANSWERED


class OpenStream:
    """A stream that stays silent until it is closed."""

    def __init__(self, carrier_call: str, token: str) -> None:
        self.started = StreamStarted(carrier_call, "stream", {"token": token}, PCMU_8K)
        self._closed = asyncio.Event()
        self._leg_ended = False

    async def events(self) -> AsyncIterator[MediaEvent]:
        await self._closed.wait()
        yield StreamStopped("closed", self._leg_ended)

    async def send_audio(self, audio: bytes) -> None:
        return

    async def send_mark(self, name: str) -> None:
        return

    async def clear(self) -> None:
        return

    async def close(self, reason: str) -> None:
        self._closed.set()

    def stops(self, *, leg_ended: bool) -> None:
        """The carrier ends it."""
        self._leg_ended = leg_ended
        self._closed.set()


@asynccontextmanager
async def a_line(languages: tuple[str, ...] = LANGUAGES) -> AsyncIterator[tuple[Switchboard, SilentControl]]:
    control = SilentControl()
    profiles = Profiles(house_profile(languages, "en"))
    house = House(profiles, Roster.of_addresses(AGENTS, "en"), control, EchoEngine(), Observers(), now)
    switchboard = Switchboard(house)
    try:
        yield switchboard, control
    finally:
        await switchboard.close()


def ringing(number: int = 1) -> IncomingCall:
    return IncomingCall(f"CA{number:032x}", "+12025550111", "+12025550100")


def ticket_in(script: Script) -> str:
    return next(verb.parameters["token"] for verb in script if isinstance(verb, ConnectStream))


def test_a_call_announced_fifty_times_at_once_is_one_call_with_one_answer() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            answers = await asyncio.gather(*(switchboard.incoming(ringing()) for _ in range(50)))
            assert len({call for call, _, _ in answers}) == 1
            assert len({script for _, _, script in answers}) == 1
            assert len(switchboard.live) == 1

    in_virtual_time(calls)


def test_a_choice_is_made_once_and_a_repeated_request_gets_the_same_ticket() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            call, leg, _ = await switchboard.incoming(ringing())
            first = await switchboard.step(call, leg, "choice-1", ringing().carrier_call, Answer(keys="2"))
            again = await switchboard.step(call, leg, "choice-1", ringing().carrier_call, Answer(keys="3"))
            assert again is first
            assert switchboard.live[0].caller.language == "es"

    in_virtual_time(calls)


def test_wrong_keys_bring_the_menu_again_and_the_third_the_default() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            call, leg, _ = await switchboard.incoming(ringing())
            for attempt in (1, 2):
                script = await switchboard.step(call, leg, f"choice-{attempt}", ringing().carrier_call, Answer("9"))
                assert isinstance(script[0], Gather)
            script = await switchboard.step(call, leg, "choice-3", ringing().carrier_call, Answer("9"))
            assert isinstance(script[-1], ConnectStream)
            assert switchboard.live[0].caller.language == "en"

    in_virtual_time(calls)


def test_one_language_needs_no_menu() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, _):
            _, _, script = await switchboard.incoming(ringing())
            assert isinstance(script[-1], ConnectStream)

    in_virtual_time(calls)


@pytest.mark.parametrize(
    "step", ["", "arrive", "choice", "choice-x", "menu-1", "answered", "accept", "choice-99999999999"]
)
def test_a_step_that_no_script_names_is_refused_or_harmless(step: str) -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, control):
            call, leg, _ = await switchboard.incoming(ringing())
            try:
                await switchboard.step(call, leg, step, ringing().carrier_call, Answer())
            except UnknownCall:
                assert step != "choice-99999999999"
            assert control.dialled == []

    in_virtual_time(calls)


@pytest.mark.parametrize(("call_is", "leg_is", "carrier_is"), list(product("mo", "mo", "mo"))[1:])
def test_a_request_about_a_call_must_name_the_call_the_leg_and_the_carriers_call_that_belong_together(
    call_is: str, leg_is: str, carrier_is: str
) -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            mine, _, _ = await switchboard.incoming(ringing(1))
            other, _, _ = await switchboard.incoming(ringing(2))
            call = mine if call_is == "m" else "0" * 32
            leg = "caller" if leg_is == "m" else "agent-1"
            carrier_call = ringing(1 if carrier_is == "m" else 2).carrier_call
            with pytest.raises(UnknownCall):
                await switchboard.step(call, leg, "choice-1", carrier_call, Answer("2"))
            assert other != mine

    in_virtual_time(calls)


def test_of_all_streams_that_ask_only_the_right_ticket_with_the_right_call_joins_and_only_once() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, _):
            first, leg, script = await switchboard.incoming(ringing(1))
            second, _, other_script = await switchboard.incoming(ringing(2))
            ticket, other_ticket = ticket_in(script), ticket_in(other_script)
            accepted = []
            for token, number, call in product((other_ticket, "", "x" * 43, ticket), (2, 1), (second, first)):
                stream = OpenStream(ringing(number).carrier_call, token)
                joining = asyncio.create_task(switchboard.stream(call, leg, stream), name="join")
                await asyncio.sleep(0.1)
                if joining.done():
                    with pytest.raises(UnknownCall):
                        joining.result()
                else:
                    accepted.append((token, number, call))
                    await stream.close("enough")
                    await joining
            assert accepted == [(other_ticket, 2, second), (ticket, 1, first)]
            with pytest.raises(UnknownCall):
                await switchboard.stream(first, leg, OpenStream(ringing(1).carrier_call, ticket))

    in_virtual_time(calls)


def test_a_stream_that_was_refused_leaves_the_ticket_to_its_owner() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, _):
            call, leg, script = await switchboard.incoming(ringing(1))
            with pytest.raises(UnknownCall):
                await switchboard.stream(call, leg, OpenStream(ringing(7).carrier_call, ticket_in(script)))
            assert switchboard.expects_stream(call, leg)

    in_virtual_time(calls)


def test_reports_about_a_call_that_is_over_are_harmless() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            call, leg, _ = await switchboard.incoming(ringing())
            await switchboard.line_status(ringing().carrier_call, LegStatus.COMPLETED)
            while switchboard.live:
                await asyncio.sleep(0.1)
            for status in LegStatus:
                await switchboard.status(call, leg, ringing().carrier_call, status)
            late = await switchboard.step(call, leg, "choice-2", ringing().carrier_call, Answer("1"))
            assert late[-1] == Hangup()
            assert not switchboard.expects_stream(call, leg)

    in_virtual_time(calls)


def test_a_caller_who_never_chooses_is_told_and_hung_up_in_the_end() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, control):
            await switchboard.incoming(ringing())
            async with asyncio.timeout(210):
                while switchboard.live:
                    await asyncio.sleep(1)
            assert control.redirected == [("caller", "after")]
            assert control.ended == [ringing().carrier_call]

    in_virtual_time(calls)


def test_closing_the_switchboard_ends_every_call_and_lets_every_leg_go() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, control):
            for number in range(5):
                await switchboard.incoming(ringing(number))
            await switchboard.close()
            assert switchboard.live == ()
            assert len(control.ended) == 5

    in_virtual_time(calls)


def test_an_agent_in_the_whisper_has_time_to_hear_that_the_caller_left() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, control):
            call, leg, script = await switchboard.incoming(ringing())
            stream = OpenStream(ringing().carrier_call, ticket_in(script))
            joining = asyncio.create_task(switchboard.stream(call, leg, stream), name="join")
            await asyncio.sleep(1)
            whisper = await switchboard.step(call, "agent-1", "answered", f"{call}-agent-1", Answer())
            assert isinstance(whisper[0], Gather)
            await switchboard.line_status(ringing().carrier_call, LegStatus.COMPLETED)
            await asyncio.sleep(10)
            assert control.redirected == [("agent-1", "after")]
            assert control.ended == []
            await asyncio.sleep(15)
            assert control.ended == [f"{call}-agent-1"]
            await stream.close("the test is over")
            await joining

    in_virtual_time(calls)


def test_a_stream_that_comes_when_the_call_is_being_closed_is_refused() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, _):
            call, leg, script = await switchboard.incoming(ringing())
            closing = asyncio.create_task(switchboard.close(), name="close")
            await asyncio.sleep(1)
            with pytest.raises(UnknownCall):
                await switchboard.stream(call, leg, OpenStream(ringing().carrier_call, ticket_in(script)))
            await closing

    in_virtual_time(calls)


@settings(max_examples=50, deadline=None)
@given(keys=st.text(), words=st.text())
def test_whatever_is_pressed_or_said_no_phone_rings_but_the_configured_one(keys: str, words: str) -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, control):
            call, leg, _ = await switchboard.incoming(IncomingCall("CA1", keys, words))
            await switchboard.step(call, leg, "choice-1", "CA1", Answer(keys, words))
            assert set(control.dialled) <= set(AGENTS)

    in_virtual_time(calls)
