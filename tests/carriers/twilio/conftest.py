from collections.abc import AsyncIterator

import pytest

from tests.carriers.twilio.service import Service, serving


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with serving() as running:
        yield running
