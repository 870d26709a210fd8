"""One service in a process of its own, a carrier beside it, and one long call between two people who both talk."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from telephony.calls.snapshot import CallSnapshot
from telephony.records.store.store import Store
from telephony.replay.likeness import Sound, level, locate
from telephony.replay.long_talk import long_talk
from telephony.replay.passages import passages
from telephony.replay.serving import Serving
from telephony.simulator import mulaw
from telephony.simulator.carrier.call import Call
from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.faults import NONE, Faults
from telephony.simulator.carrier.play import talk_of
from telephony.simulator.live_api.lines import as_spoken
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import AgentPhone, Answers, Scenario, Who, load

ROOT = Path(__file__).parents[2]
FALLBACK = (ROOT / "infra" / "twilio" / "fallback.xml").read_text("utf-8")
ACCOUNT, TOKEN, KEY, OURS = "AC" + "0123456789abcdef" * 2, "a token of no account", "a key of nobody", "+12025550100"
SECOND_CALLER = "+12025550144"
RATE = 8000
WINDOW = 2400
"""Samples of speech that are looked for in what the other party heard: 300 ms."""

FRAME = 160
AUDIBLE = -45.0
"""dBFS of a frame that is sound."""

TRANSLATED_WITHIN = 8.0
"""Seconds from a line's end in which all of its translation has been heard, where nothing is wrong."""

OVER_WITHIN = 60.0
"""Seconds from the end of a call until nothing of it is left, on such a machine."""

LONGEST = 170.0
"""Seconds that the two could talk, if nobody hung up before."""

TALKS_WITHIN = 60.0
"""Seconds from the first ring to the talk, on a machine that is busy with others."""


def now() -> float:
    """The clock of the carrier's journal."""
    return asyncio.get_running_loop().time()


def short_of_menus(seconds: float, pause: float) -> Scenario:
    """The clinic's two, who talk for so long; no menu, and the agent's phone is answered at once.
    `pause` seconds lie between two lines of one party."""
    clinic = load(ROOT / "fixtures" / "calls" / "clinic-appointment")
    agent = AgentPhone(clinic.agents[0].number, 0.2, Answers.ACCEPTS)
    return replace(long_talk(clinic, seconds, pause=pause), languages=("es",), keys=(), agents=(agent,))


class House:
    """`async with` starts the service and the carrier; `begin()` returns when the two talk."""

    def __init__(
        self, folder: Path, live: dict[str, str], *, faults: Faults = NONE, pause: float = 1.0, **settings: str
    ) -> None:
        folder.mkdir(parents=True)
        self.scenario = short_of_menus(LONGEST, pause)
        self.service = Serving(folder)
        self.data = folder / "data"
        self.journal: list[dict[str, Any]] = []
        self.carrier = Carrier(
            ACCOUNT,
            TOKEN,
            OURS,
            self.service.voice_url,
            status_url=f"{self.service.url}/twilio/status",
            fallback_twiml=FALLBACK,
            listener=self.journal.append,
            say_speed=0.3,
            allow_ws=True,
            faults=faults,
        )
        self.talk = talk_of(self.scenario)
        self.call: Call | None = None
        self.leaves = 0.0
        """When the caller hung up, or the call was over for both."""
        self._settings = {**live, **settings}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.carrier)
            stack.push_async_callback(self.service.kill)
            self.service.settings = self._environment()
            await self.service.serve()
            await self.service.ready()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def begin(self) -> None:
        """The caller rings; returns when both are connected. Raises TimeoutError."""
        self.carrier.switch.exchange.phones.add_talk(self.talk)
        self.call = self.carrier.switch.incoming(self.talk.caller)
        async with asyncio.timeout(TALKS_WITHIN):
            while self.talk.began is None:
                await asyncio.sleep(0.02)

    async def hang_up(self) -> None:
        """The caller has had enough. Returns when every leg is over."""
        assert self.call is not None
        self.leaves = now()
        self.call.end()
        await self.over()

    async def over(self) -> None:
        """Returns when every leg is over. Raises TimeoutError."""
        async with asyncio.timeout(OVER_WITHIN):
            while self.carrier.switch.living():
                await asyncio.sleep(0.1)

    async def ring_as_another(self) -> list[str]:
        """Somebody else rings the number and hears it out: what was said to them."""
        other = Phone(Who.CALLER, replace(self.scenario, caller_number=SECOND_CALLER, lines=()), {})
        record = await self.carrier.incoming(other)
        return [told.text for told in record.told]

    async def record(self) -> list[CallSnapshot]:
        """What the store has of every call."""
        store = await Store.open(None, self.data)
        try:
            return await store.calls.recent(10)
        finally:
            await store.close()

    def _environment(self) -> dict[str, str]:
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_PHONE_NUMBER": OURS,
            "GEMINI_API_KEY": KEY,
            "TELEPHONY_PUBLIC_URL": self.service.url,
            "TELEPHONY_TWILIO_API_URL": self.carrier.url,
            "TELEPHONY_FALLBACK_URL": self.carrier.fallback_url,
            "TELEPHONY_AGENT_LANGUAGE": self.scenario.agent_language,
            "TELEPHONY_AGENTS": ",".join(agent.number for agent in self.scenario.agents),
            "TELEPHONY_LANGUAGES": ",".join(self.scenario.languages),
            "TELEPHONY_DATA_DIR": str(self.data),
            "TELEPHONY_ORIGINAL_VOICE": "-18",
            **self._settings,
        }

    @property
    def origin(self) -> float:
        """When the caller rang."""
        assert self.call is not None
        return self.call.placed

    def tape(self, who: Who, *, heard: bool) -> Sound:
        """What this party said, or heard, from `origin` to the end of the talk."""
        phone = self.talk.caller if who is Who.CALLER else self.talk.agents[0]
        pcmu = (phone.recording_heard if heard else phone.recording_said)(self.origin, self.leaves)
        return mulaw.decode(pcmu).astype(np.float32)

    def hears_again_after(self, who: Who, moment: float) -> float:
        """Seconds from `moment` until `who` heard the other's own voice; infinity for never."""
        said, heard = self.tape(who.other, heard=False), self.tape(who, heard=True)
        for begin in range(round((moment - self.origin) * RATE), said.size - WINDOW, RATE // 20):
            needle = said[begin : begin + WINDOW]
            if level(needle[: WINDOW // 2]) > -35 and level(needle[WINDOW // 2 :]) > -35:
                place, alike = locate(needle, heard, begin, begin + RATE // 2)
                if alike > 0.8:
                    return place / RATE + self.origin - moment
        return float("inf")

    def sound_again_after(self, who: Who, moment: float) -> float:
        """Seconds from `moment` until `who` heard anything; infinity for never."""
        heard = self.tape(who, heard=True)
        for begin in range(round((moment - self.origin) * RATE), heard.size - FRAME, FRAME):
            if level(heard[begin : begin + FRAME]) > AUDIBLE:
                return begin / RATE + self.origin - moment
        return float("inf")

    def lost_and_repeated(self) -> tuple[float, float]:
        """Seconds of the translations of all lines said to their end that were not heard, or twice. The last ones of
        each party do not count: their listener may have hung up."""
        lost = repeated = 0.0
        begun = {entry["line"]: entry["at"] for entry in self.events("line began")}
        ended = [entry["line"] for entry in self.events("line ended") if entry["at"] < self.leaves - TRANSLATED_WITHIN]
        for line in (line for line in self.scenario.lines if line.id in ended):
            translation = as_spoken(line, self.scenario.pace).astype(np.float32)
            first = round((begun[line.id] - self.origin) * RATE)
            last = first + round(TRANSLATED_WITHIN * RATE)
            heard = passages(translation, self.tape(line.who.other, heard=True), first, last)
            lost, repeated = lost + heard.lost(), repeated + heard.repeated
        return lost, repeated

    def pacing(self) -> float:
        """By how many seconds the carrier's frames left after their time, the 99th of a hundred: how busy the machine
        was. Everything here runs on the same one."""
        streams = [stream.sent_at for call in self.carrier.switch.calls.values() for stream in call.streams]
        late = [np.array(sent) - np.arange(len(sent)) * FRAME / RATE for sent in streams if len(sent) > RATE / FRAME]
        return float(np.quantile(np.concatenate([times - times.min() for times in late]), 0.99))

    def events(self, name: str) -> list[dict[str, Any]]:
        return [entry for entry in self.journal if entry["event"] == name]
