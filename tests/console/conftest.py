import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.site import Site, console_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A console with a user of each role, nobody calling."""
    async with console_site(tmp_path) as one:
        yield one


@pytest.fixture
def screenshots() -> Path | None:
    """Where pictures of the pages go, where they are wanted: the folder that CONSOLE_SCREENSHOTS names."""
    folder = os.environ.get("CONSOLE_SCREENSHOTS")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)
