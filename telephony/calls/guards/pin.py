"""Whether somebody who calls from an agent's address is the agent: by PIN, three tries, then a lock that grows. PURE.

A caller's number can be made up, so the PIN is what counts. Wrong ones add up over calls: hanging up before the third
gains no further tries. Whoever locks an agent's PIN keeps that agent from changing his state by telephone only.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from telephony.calls.agent import Agent

TRIES: Final = 3

FIRST_LOCK: Final = 60.0
LONGEST_LOCK: Final = 6 * 3600.0
"""Seconds a PIN is locked: twice as long each time. At the longest, a PIN of four digits is tried 12 times a day."""

FORGIVEN_AFTER: Final = 24 * 3600.0
"""Seconds after the last wrong PIN until nothing of it counts any more."""


class Verdict(StrEnum):
    RIGHT = "right"
    AGAIN = "again"
    """Wrong; ask once more."""

    OVER = "over"
    """Wrong too often: the call ends."""

    LOCKED = "locked"
    """Not looked at, right or wrong: the call ends."""

    NO_PIN = "no-pin"
    """This agent has none, and changes nothing by telephone."""


@dataclass(slots=True)
class Tries:
    """Wrong PINs for one agent since the last right one."""

    wrong: int = 0
    last: float = 0.0
    locked_until: float | None = None


class PinGuard:
    """Remembers agents by name, and at most as many as there are. `over` counts calls that a wrong PIN ended."""

    def __init__(self) -> None:
        self._tries: dict[str, Tries] = {}
        self.over = 0

    def check(self, agent: Agent, pin: str, now: float) -> Verdict:
        """What a PIN entered by somebody who calls from `agent`'s address is worth."""
        if not agent.pin:
            return Verdict.NO_PIN
        tries = self._tries_of(agent.name, now)
        if tries.locked_until is not None and now < tries.locked_until:
            return Verdict.LOCKED
        if agent.pin_is(pin):
            self._tries.pop(agent.name, None)
            return Verdict.RIGHT
        return self._wrong(agent.name, tries, now)

    def locked_s(self, agent: str, now: float) -> float:
        """Seconds until a PIN of this agent is looked at again; 0 where it is now."""
        tries = self._tries.get(agent, Tries())
        return max(0.0, tries.locked_until - now) if tries.locked_until is not None else 0.0

    def _wrong(self, agent: str, tries: Tries, now: float) -> Verdict:
        tries.wrong, tries.last = tries.wrong + 1, now
        self._tries[agent] = tries
        if tries.wrong % TRIES:
            return Verdict.AGAIN
        tries.locked_until = now + min(FIRST_LOCK * 2 ** min(tries.wrong // TRIES - 1, 30), LONGEST_LOCK)
        self.over += 1
        return Verdict.OVER

    def _tries_of(self, agent: str, now: float) -> Tries:
        tries = self._tries.get(agent, Tries())
        return Tries() if tries.wrong and now - tries.last >= FORGIVEN_AFTER else tries
