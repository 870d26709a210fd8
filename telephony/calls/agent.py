"""One agent: who it is, what they speak, when they are there, and which calls are theirs. PURE."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from telephony.calls.hours import Hours

_WRITTEN_TWO_WAYS: Final = {"nb": "no"}
"""Norwegian has two codes on the Live Translate page of the Gemini API documentation."""


def same_tongue(one: str, other: str) -> bool:
    """Whether who speaks `one` follows `other` without an interpreter: one language, whatever its country or script.

    Codes are those of `ivr.languages`. "auto" is no language.
    """
    return one != "auto" and _tongue(one) == _tongue(other)


def _tongue(code: str) -> str:
    base = code.partition("-")[0]
    return _WRITTEN_TWO_WAYS.get(base, base)


class AgentState(StrEnum):
    """What an agent says of himself. Whether he is busy follows from his being taken for a call."""

    READY = "ready"
    AWAY = "away"
    WRAP_UP = "wrap-up"
    """Writing up the last call. It ends by itself where the agent's `wrap_up_s` says so, else when he is ready."""


@dataclass(frozen=True, slots=True)
class Agent:
    """`address` is a number (E.164), a `client:` or a `sip:` address; `languages` the codes spoken, the own one first.

    The lowest `priority` is rung first. `hours` None: always on duty. Without a `pin`, nobody changes this agent's
    state by telephone. `wrap_up_s` seconds after a talk the agent is not rung.
    """

    name: str
    address: str = field(repr=False)
    languages: tuple[str, ...]
    priority: int = 1
    groups: frozenset[str] = frozenset()
    hours: Hours | None = None
    pin: str = field(default="", repr=False)
    wrap_up_s: float = 0.0

    def speaks(self, language: str | None) -> bool:
        """Whether a caller in `language` needs no interpreter here. None (not known yet): no."""
        return language is not None and any(same_tongue(own, language) for own in self.languages)

    def language_with(self, caller: str | None) -> str:
        """What this agent speaks with a caller: the caller's own language where possible, else the agent's own."""
        return caller if caller is not None and self.speaks(caller) else self.languages[0]

    def on_duty(self, wall: datetime) -> bool:
        return self.hours is None or self.hours.open_at(wall)

    def pin_is(self, pin: str) -> bool:
        """Compared in constant time, by digest; never true for an agent without a PIN."""
        return hmac.compare_digest(_digest(pin), _digest(self.pin)) and bool(self.pin)


def _digest(pin: str) -> bytes:
    return sha256(pin.encode(errors="surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Circle:
    """Whom the calls of a line may reach: agents by name or in a group; with neither, everybody."""

    groups: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def admits(self, agent: Agent) -> bool:
        whole = not self.groups and not self.names
        return whole or agent.name in self.names or bool(self.groups & agent.groups)


EVERYBODY: Final = Circle()


@dataclass(frozen=True, slots=True)
class AgentStatus:
    """How an agent is doing, for who watches; nothing in it tells where they are reached."""

    name: str
    state: AgentState
    busy: bool
    on_duty: bool
