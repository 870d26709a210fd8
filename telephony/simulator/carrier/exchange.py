"""What all calls of one carrier share."""

from dataclasses import dataclass, field

from aiohttp import BaseConnector, ClientSession

from telephony.simulator.carrier.conferences import Conferences
from telephony.simulator.carrier.faults import Faults
from telephony.simulator.carrier.journal import Journal
from telephony.simulator.carrier.phones import Phones
from telephony.simulator.carrier.signing import Signer

SAY_SECONDS = 0.06
"""Seconds that one character takes to be spoken."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """`say_speed` is how long Say takes as a share of 60 ms a character; `allow_ws` admits ws:// to loopback hosts.

    `detection_seconds` is how long it takes to find out whether a machine answered, where that is asked for.
    """

    account: str
    signer: Signer
    connector: BaseConnector
    streams: ClientSession
    journal: Journal
    phones: Phones
    faults: Faults
    say_speed: float
    allow_ws: bool
    webhook_timeout: float
    detection_seconds: float = 3.0
    conferences: Conferences = field(default_factory=Conferences)
