"""`telephony simulate live` and `simulate carrier`: the other ends of both wires, as processes of their own."""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urljoin

from rich.console import Console

from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.run import ServiceMissingError
from telephony.simulator.carrier.run import run as run_carrier
from telephony.simulator.live_api.command import run as run_live
from telephony.simulator.scenario import Scenario, ScenarioError, load


def live(call: Path, port: int, key: str, out: Path | None) -> int:
    """Serves until it is told to stop; 2 for a call that cannot be read."""
    if (scenario := _loaded(call)) is None:
        return 2
    asyncio.run(run_live([scenario], key=key, port=port, out=out))
    return 0


def carrier(
    call: Path, voice_url: str, port: int, account_sid: str, auth_token: str, number: str, out: Path | None
) -> int:
    """Plays the call once; 1 where the service is not there, 2 for a call that cannot be read."""
    if (scenario := _loaded(call)) is None:
        return 2
    plays = Carrier(
        account_sid,
        auth_token,
        number,
        voice_url,
        status_url=urljoin(voice_url, "status"),
        port=port,
        out=out,
        allow_ws=True,
    )
    try:
        report = asyncio.run(run_carrier(plays, scenario, _announce))
    except ServiceMissingError as missing:
        _complain(str(missing))
        return 1
    return int(report.timed_out)


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _loaded(call: Path) -> Scenario | None:
    try:
        return load(call)
    except ScenarioError as wrong:
        _complain(str(wrong))
        return None


def _complain(text: str) -> None:
    Console(stderr=True).print(text, markup=False, soft_wrap=True)
