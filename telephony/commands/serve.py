"""`telephony serve`: the service, until it is told to stop."""

import asyncio
import os
import signal

from rich.console import Console

from telephony import log
from telephony.config import Settings, SettingsError, load_settings
from telephony.directory.faults import DirectoryError
from telephony.records.store.trouble import DatabaseRefused, StoreUnavailable

STOPPED_BY_SETTINGS = 2


def serve(host: str, port: int, log_level: str) -> int:
    """Runs the service; the exit code is 2 where settings are wrong, 1 where the address is taken."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        settings = load_settings()
    except SettingsError as wrong:
        console.print(str(wrong), markup=False)
        return STOPPED_BY_SETTINGS
    log.configure(log_level)
    try:
        asyncio.run(_until_told(settings, host, port))
    except (DirectoryError, DatabaseRefused, StoreUnavailable) as wrong:
        console.print(str(wrong), markup=False)
        return STOPPED_BY_SETTINGS
    except OSError as taken:
        errno = taken.errno or 0  # below 0: a name that cannot be looked up, which has no error of the system
        why = os.strerror(errno) if errno > 0 else taken.strerror or "no such address"
        console.print(f"cannot listen on {host}:{port}: {why}; choose another --host or --port", markup=False)
        return 1
    return 0


async def _until_told(settings: Settings, host: str, port: int) -> None:
    """SIGTERM or SIGINT lets the calls that are up go on for a while; a second one ends them now."""
    from telephony.app import Stopping
    from telephony.app import serve as run

    stopping = Stopping()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopping.again)
    await run(settings, host, port, stopping)
