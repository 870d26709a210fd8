"""The Live API of all houses, a process of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from telephony.replay.processes import Child
from telephony.replay.serving import START_WITHIN
from tests.survival.house import KEY, ROOT


@asynccontextmanager
async def live_api(folder: Path) -> AsyncIterator[dict[str, str]]:
    """What a service has to be set to in order to find it."""
    child = Child("Live API", folder / "live.log")
    try:
        call = ROOT / "fixtures" / "calls" / "clinic-appointment"
        await child.start("simulate", "live", str(call), "--key", KEY, "--out", str(folder), folder=folder, settings={})
        ready = await child.said(START_WITHIN)
        yield {"GOOGLE_GEMINI_BASE_URL": ready["url"], "SSL_CERT_FILE": ready["ca"]}
    finally:
        await child.stop()
