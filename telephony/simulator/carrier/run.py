"""`telephony simulate carrier`: serve the REST API, play one scenario against a voice URL, and say how it went.

Two lines of JSON are announced: `{"ready": true, "url": ...}` once the REST API is open, and at the end the report's
summary under `"report"`. Between them the call is placed, as soon as `start` returns (where there is one) and the
service's port accepts connections.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.pacing import clock
from telephony.simulator.carrier.report import CallReport
from telephony.simulator.scenario import Scenario

_PATIENCE = 60.0
"""Seconds the service has until its port is open."""


class ServiceMissingError(Exception):
    """Nobody listens where the number's calls should go."""


async def run(
    carrier: Carrier,
    scenario: Scenario,
    announce: Callable[[str], None],
    *,
    start: Callable[[], Awaitable[None]] | None = None,
    time_limit: float | None = None,
) -> CallReport:
    """Play `scenario` once on a carrier that is not yet open. Raises ServiceMissingError."""
    async with carrier:
        announce(json.dumps({"ready": True, "url": carrier.url}))
        if start:
            await start()
        await _reachable(carrier.switch.number.voice_url)
        report = await carrier.play(scenario, time_limit)
    announce(json.dumps({"report": report.summary()}))
    return report


async def _reachable(url: str) -> None:
    """Wait until the URL's host and port accept a connection."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    deadline = clock() + _PATIENCE
    while clock() < deadline:
        try:
            _, writer = await asyncio.open_connection(parts.hostname, port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise ServiceMissingError("nothing listens at the voice URL")
