"""What every call of this process shares."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from telephony.calls.clock import Clock
from telephony.calls.guards.limits import Bounds, Limits
from telephony.calls.observer import Observers
from telephony.calls.ports import NoRegister, Register
from telephony.calls.profile import Profiles
from telephony.calls.recorded import SoundKeeper
from telephony.calls.roster import Agents
from telephony.calls.waiting import WaitingLine
from telephony.carriers.base import CallControl
from telephony.engines.base import Engine


def _wall() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Listeners:
    """How parties hear each other unless they or their line's profile choose otherwise.

    `original_voice` is the level of the speaker's own voice under the translation in dB, None for off; `comfort`: a
    quiet sound says that a translation is coming; `echo`: what a party hears is not interpreted again.
    """

    original_voice: float | None = None
    comfort: bool = False
    echo: bool = True


@dataclass(frozen=True, slots=True)
class House:
    """`profiles` and `agents` may change while it stands; each call keeps the profile it began with."""

    profiles: Profiles
    agents: Agents
    control: CallControl
    engine: Engine
    observers: Observers
    clock: Clock
    register: Register = field(default_factory=NoRegister)
    limits: Limits = field(default_factory=lambda: Limits(Bounds()))
    line: WaitingLine = field(default_factory=WaitingLine)
    wall: Callable[[], datetime] = _wall
    listeners: Listeners = Listeners()
    detects_machines: bool = False
    """Whether the carrier finds out, of each phone we ring, if a machine answers."""
    sounds: SoundKeeper | None = None
    """Where the sound of talks is kept whose parties have agreed to it; None: nowhere."""
    elsewhere: set[str] = field(default_factory=set)
    """Agents, by name, who are in calls that the register has and this process has not: nobody rings them here."""
