"""A switchboard whose carrier lets phones ring for ever, and streams on which nobody speaks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telephony.audio.format import PCMU_8K
from telephony.calls.house import House
from telephony.calls.observer import Observers
from telephony.calls.profile import Profiles, house_profile
from telephony.calls.roster import Roster
from telephony.calls.switchboard import Switchboard
from telephony.carriers.base import IncomingCall, LegStatus, MediaEvent, StreamStarted, StreamStopped
from telephony.carriers.verbs import ConnectStream, Script
from telephony.replay.memory_stream import now
from tests.fakes import EchoEngine

AGENTS = ("+12025550122", "+12025550123")
LANGUAGES = ("en", "es", "de")


class SilentControl:
    """Places calls that ring for ever, and keeps what was asked of it."""

    def __init__(self) -> None:
        self.dialled: list[str] = []
        self.redirected: list[tuple[str, str]] = []
        self.ended: list[str] = []

    async def dial(self, address: str, *, call: str, leg: str, **more: object) -> str:
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
