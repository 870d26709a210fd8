"""What the API asks of the house: of the calls that run here (`Desk`), and of what is kept (`Archive`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from telephony.calls.agent import AgentState, AgentStatus
from telephony.calls.guards.limits import Bounds
from telephony.calls.snapshot import CallSnapshot
from telephony.records.store.consents import Consent
from telephony.records.store.holds import Hold
from telephony.records.store.messages import Message
from telephony.records.store.usage import DayUsage


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that somebody asks for: `to` is called for `me`, or for whichever agent accepts. Languages are codes."""

    to: str = field(repr=False)
    to_language: str
    from_language: str
    me: str | None = field(default=None, repr=False)
    line: str | None = None


class WrongWish(Exception):
    """A wish that cannot come true as it is written. `str()` goes on after the field's name."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(remedy)
        self.field = field


class NotNow(Exception):
    """A call is there, but not such that this can be done. `str()` says why and what to do."""


class Desk(Protocol):
    """Calls and agents of this process."""

    def live(self) -> Sequence[CallSnapshot]:
        """Every call that runs here."""
        ...

    async def find(self, call: str) -> CallSnapshot | None:
        """A call, running or over, as far as anybody remembers it. Raises StoreUnavailable."""
        ...

    def place(self, wish: Wish) -> CallSnapshot:
        """Begins a call. Raises WrongWish, NotNow for an agent who is busy, TurnedDown where no call is begun now."""
        ...

    def hang_up(self, call: str) -> CallSnapshot | None:
        """Has a call told and ended. None for one that is unknown here; raises NotNow for one that is over."""
        ...

    def call_human(self, call: str) -> CallSnapshot | None:
        """Has a human interpreter called. None for a call that is unknown here; raises NotNow."""
        ...

    def agents(self) -> Sequence[AgentStatus]:
        """Everybody of the roster."""
        ...

    def set_agent(self, name: str, state: AgentState) -> AgentStatus | None:
        """What an agent is doing from now on; None for nobody's name."""
        ...

    def hold(self, on: bool) -> None:
        """Whether this process turns new calls away from now on."""
        ...

    @property
    def bounds(self) -> Bounds:
        """The limits of this house."""
        ...


class Archive(Protocol):
    """What outlives the process. Everything may raise StoreUnavailable."""

    async def messages(self, limit: int, before: datetime | None) -> Sequence[Message]:
        """Newest first; those that began before a time, if one is given."""
        ...

    async def sound(self, message: str) -> bytes | None:
        """A message as a WAV file; None where there is no such message or its sound is not there."""
        ...

    async def kept_of(self, call: str) -> tuple[Sequence[Consent], bool]:
        """Who was asked whether a call may be recorded, and whether something of it could not be kept."""
        ...

    async def recording(self, call: str) -> Path | None:
        """The WAV file of what was said in a call; None where it was not recorded, or the file is not there."""
        ...

    async def held(self) -> Hold | None:
        """The hold on new calls that stands."""
        ...

    async def place_hold(self, by: str) -> Hold:
        """Holds new calls of every process. One that stands already stays."""
        ...

    async def lift_hold(self) -> None:
        """Lets new calls come again; where nothing was held, nothing happens."""
        ...

    async def usage(self, days: int) -> Sequence[DayUsage]:
        """Today (UTC) and the days before, `days` in all, oldest first; days without calls are left out."""
        ...

    def today(self) -> date:
        """The day in UTC."""
        ...
