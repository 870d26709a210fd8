"""One leg at the carrier in memory: a phone, and what a script has it hear, answer and join."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from telephony.carriers.base import Answer, LegStatus
from telephony.carriers.verbs import Conference, Gather, Say
from telephony.replay.memory_stream import PTIME, MemoryStream, StreamedPhone, now
from telephony.simulator import tones
from telephony.simulator.carrier import verbs as twiml
from telephony.simulator.carrier.collecting import Collecting
from telephony.simulator.carrier.conferences import Conferences, Party
from telephony.simulator.scenario import Who

SPEECH_SECONDS = 0.06
"""A character of announced text."""


class RungPhone(StreamedPhone, Protocol):
    """What a carrier asks of a phone besides its sound."""

    who: Who
    number: str

    def answered(self, now: float) -> None: ...

    def asked(self, gather: int, now: float) -> None: ...

    def told(self, text: str, language: str, voice: str, now: float) -> None: ...

    def words_due(self, now: float) -> str: ...


@dataclass(eq=False)
class MemoryLeg:
    """`call` and `name` are what the service calls it, once it has said so."""

    carrier_call: str
    phone: RungPhone
    call: str = ""
    name: str = ""
    status: LegStatus = LegStatus.INITIATED
    life: "asyncio.Task[None] | None" = None
    following: "asyncio.Task[None] | None" = None
    stream: MemoryStream | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """It has been hung up by request."""

    sent_to: str | None = None
    """The step that a redirect sends this leg to."""

    machine: bool = False
    """No person answered, and somebody wanted to know."""

    lost: asyncio.Event = field(default_factory=asyncio.Event)
    """The carrier does not go on with its script, for now."""

    deaf: bool = False
    """Nor does it follow orders, but for the last."""

    gathers: int = 0
    """Questions put to this phone on this leg."""

    @property
    def lives(self) -> bool:
        return self.life is not None and not self.life.done()

    @property
    def answered(self) -> bool:
        return self.status is LegStatus.ANSWERED

    async def announce(self, prompts: Sequence[Say]) -> None:
        """Speaks to the phone; what it presses meanwhile is for nobody."""
        for prompt in prompts:
            self._begin(prompt)
            await self.pause(len(prompt.text) * SPEECH_SECONDS)

    async def pause(self, seconds: float) -> None:
        ends = now() + seconds
        while now() < ends and not self.phone.hangs_up(now()):
            self.phone.keys_due(now())
            await asyncio.sleep(PTIME)

    async def ask(self, gather: Gather) -> Answer | None:
        """One question; a key breaks off the prompts. None: no answer, or the party has hung up."""
        self.gathers += 1
        self.phone.asked(self.gathers, now())
        waiting, ends = list(gather.prompts), now()
        collecting = Collecting(_gather(gather), now() + _seconds(gather.prompts))
        while not (collecting.over(now()) or self.phone.hangs_up(now())):
            if waiting and now() >= ends and not collecting.interrupted:
                self._begin(waiting[0])
                ends = now() + _seconds((waiting.pop(0),))
            for key in self.phone.keys_due(now()):
                collecting.key(key, now())
            collecting.words(self.phone.words_due(now()), now())
            await asyncio.sleep(PTIME)
        fields = collecting.fields
        return None if fields is None else Answer(fields.get("Digits", ""), fields.get("SpeechResult", ""))

    async def confer(self, verb: Conference, rooms: Conferences) -> None:
        """Is in a room until the room is over or the party hangs up."""
        room = rooms.room(verb.room)
        party = Party(twiml.Conference(verb.room, beep="false", end_conference_on_exit=verb.keeps))
        room.enter(party)
        began = due = now()
        try:
            while not (room.over or self.phone.hangs_up(now())):
                room.speak(party, self.phone.frame(now() - PTIME))
                self.phone.hear(room.hear(party) if room.started else tones.hold(now() - began), now())
                self.phone.keys_due(now())
                due += PTIME
                await asyncio.sleep(max(0.0, due - now()))
        finally:
            room.leave(party)
            rooms.left(verb.room, room)

    async def connect(self, stream: MemoryStream, serve: Callable[[MemoryStream], Coroutine[Any, Any, None]]) -> bool:
        """Carries a media stream; True if the party hung up during it."""
        self.stream = stream
        serving = asyncio.create_task(serve(stream), name=f"stream of {self.name}")
        try:
            hung_up = await stream.run()
            await serving
            return hung_up
        finally:
            self.stream = None
            stream.stopped("the leg is taken elsewhere, or over")
            await asyncio.wait((serving,))

    def _begin(self, prompt: Say) -> None:
        self.phone.told(prompt.text, prompt.language, prompt.voice, now())


def _seconds(prompts: Sequence[Say]) -> float:
    return sum(len(prompt.text) for prompt in prompts) * SPEECH_SECONDS


def _gather(verb: Gather) -> twiml.Gather:
    return twiml.Gather(
        prompts=(),
        action="",
        input=("dtmf", "speech") if verb.speech else ("dtmf",),
        timeout=verb.timeout,
        num_digits=verb.digits,
        finish_on_key=verb.finish,
    )
