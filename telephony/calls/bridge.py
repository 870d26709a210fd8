"""Two parties put through to each other: an interpreter for each direction, or a plain line where none is needed."""

import asyncio

import structlog

from telephony.calls.clock import Clock
from telephony.calls.interpreter import Interpreter
from telephony.calls.leg import Leg
from telephony.calls.observer import Observers, Role
from telephony.engines.base import Engine, SessionLost, SessionRefused, Trouble

log = structlog.get_logger(__name__)


class Bridge:
    """Owns both directions of one call."""

    def __init__(self, call: str, caller: str, agent: str, engine: Engine, observers: Observers, clock: Clock) -> None:
        """`caller` and `agent` are the languages the two speak."""
        self._interpreters = (
            {
                Role.CALLER: Interpreter(call, Role.CALLER, agent, engine, observers, clock),
                Role.AGENT: Interpreter(call, Role.AGENT, caller, engine, observers, clock),
            }
            if caller != agent
            else {}
        )
        self._call = call
        self._logged: Trouble | None = None

    async def run(self) -> None:
        """Keeps both sessions; returns when one of them cannot be had or is lost, having closed the other."""
        if not self._interpreters:
            await asyncio.get_running_loop().create_future()
        async with asyncio.TaskGroup() as tasks:
            directions = [
                tasks.create_task(self._interpret(interpreter), name=f"interpret the {role}")
                for role, interpreter in self._interpreters.items()
            ]
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
            for direction in directions:
                direction.cancel()

    def connect(self, caller: Leg, agent: Leg) -> None:
        """Puts the two through."""
        if not self._interpreters:
            caller.said = lambda audio, _now: agent.play(audio)
            agent.said = lambda audio, _now: caller.play(audio)
            return
        self._interpreters[Role.CALLER].connect(caller, agent)
        self._interpreters[Role.AGENT].connect(agent, caller)

    async def finish(self, speaker: Role, listener: Leg) -> None:
        """Returns when `listener` has heard the end of what `speaker` said before leaving, or has left too."""
        if interpreter := self._interpreters.get(speaker):
            ending = asyncio.create_task(interpreter.finish(), name=f"finish interpreting the {speaker}")
            leaving = asyncio.create_task(listener.over.wait(), name=f"wait for {listener.name} to leave")
            try:
                await asyncio.wait((ending, leaving), return_when=asyncio.FIRST_COMPLETED)
            finally:
                ending.cancel()
                leaving.cancel()
                await asyncio.wait((ending, leaving))
        await listener.finish()

    async def _interpret(self, interpreter: Interpreter) -> None:
        """Logs why a direction ended; once, where both end for the same reason."""
        try:
            lost: SessionLost | SessionRefused = await interpreter.run()
        except SessionRefused as refused:
            lost = refused
        if lost.trouble is not self._logged:
            self._logged = lost.trouble
            log.warning("interpretation ended", call=self._call, trouble=lost.trouble.value, detail=lost.detail)
