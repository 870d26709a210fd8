"""The Live API as a process of its own."""

import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.scenario import Scenario


async def run(
    scenarios: Sequence[Scenario], *, key: str, host: str = "127.0.0.1", port: int = 0, out: Path | None = None
) -> None:
    """Serves until SIGTERM or SIGINT. One line of JSON on standard output says that it is ready, and where.

    `{"url": ..., "ca": ..., "plain": ...}`: the first two are what a client needs as GOOGLE_GEMINI_BASE_URL and
    SSL_CERT_FILE; the last is the same without TLS, for browsers.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with LiveApi(scenarios, key=key, host=host, port=port, out=out, plain=True) as api:
        sys.stdout.write(json.dumps({"url": api.url, "ca": str(api.ca_pem), "plain": api.plain_url}) + "\n")
        sys.stdout.flush()
        await stop.wait()
