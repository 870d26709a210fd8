"""A small interpreter service without an interpreter: two legs, each hears the other as it is."""

import asyncio
import base64

import aiohttp

from telephony.simulator.carrier.carrier import Carrier
from tests.simulator.scenes import ACCOUNT, OURS, TOKEN
from tests.simulator.small_service import Service, Wire

_CONNECT = '<Connect action="/over"><Stream url="STREAM"><Parameter name="leg" value="{leg}"/></Stream></Connect>'
_WHISPER = '<Gather numDigits="1" action="/accept" timeout="5"><Say>Press 1.</Say></Gather>'


class TwoLegs(Service):
    """Rings `agents` one after the other once the caller's stream has started, and ends both legs when one ends."""

    def __init__(self, agents: list[str]) -> None:
        super().__init__(
            {
                "/voice": "<Say>Welcome.</Say>" + _CONNECT.format(leg="caller"),
                "/answer": _WHISPER,
                "/accept": lambda asked: _CONNECT.format(leg="agent") if asked.form["Digits"] == "1" else "<Hangup/>",
                "/over": "<Say>Goodbye.</Say>",
                "/status": "",
            },
            self.leg,
        )
        self.carrier: Carrier | None = None
        self._agents = agents
        self._legs: dict[str, Wire] = {}
        self._over = asyncio.Event()

    async def leg(self, wire: Wire) -> None:
        name = wire.of("start")[0]["start"]["customParameters"]["leg"]
        self._legs[name] = wire
        other = "agent" if name == "caller" else "caller"
        async with asyncio.TaskGroup() as group:
            over = group.create_task(self._over.wait(), name="over")
            if name == "caller":
                group.create_task(self._hunt(), name="hunt")
            passing = group.create_task(self._pass_on(wire, other), name="passing")
            await asyncio.wait({over, passing}, return_when=asyncio.FIRST_COMPLETED)
            self._over.set()
            passing.cancel()

    async def _pass_on(self, wire: Wire, other: str) -> None:
        while message := await wire.receive():
            if message["event"] == "media" and other in self._legs and not self._over.is_set():
                await self._legs[other].media(base64.b64decode(message["media"]["payload"]))

    async def _hunt(self) -> None:
        """Ring each agent; the last one's end without a talk is the end."""
        for number in self._agents:
            if self._over.is_set() or await self._rung(number):
                return
        self._over.set()

    async def _rung(self, number: str) -> bool:
        """Whether this agent is connected in the end."""
        assert self.carrier is not None
        form = {"To": number, "From": OURS, "Url": f"{self.url}/answer", "StatusCallback": f"{self.url}/status"}
        calls = f"{self.carrier.url}/2010-04-01/Accounts/{ACCOUNT}/Calls"
        known = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}
        async with aiohttp.ClientSession(headers=known) as web:
            async with web.post(f"{calls}.json", data=form) as response:
                sid = (await response.json())["sid"]
            while "agent" not in self._legs and not any(asked.form["CallSid"] == sid for asked in self.of("/status")):
                if self._over.is_set():
                    async with web.post(f"{calls}/{sid}.json", data={"Status": "completed"}) as response:
                        return True
                await asyncio.sleep(0.01)
        return "agent" in self._legs
