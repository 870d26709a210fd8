from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.house import ApiHouse, api_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[ApiHouse]:
    """A house with an API, nobody calling."""
    async with api_house(tmp_path) as one:
        yield one
