"""Calls that several files know, a Live API for them, and ringback where nobody answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.records import CallRecord
from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import load
from telephony.simulator.talk import Talk
from tests.simulator.four_lines import call_of_four_lines
from tests.simulator.live_site import KEY_OF_TEST
from tests.simulator.spoken import Said, call


@pytest.fixture
def four_lines(tmp_path: Path) -> Path:
    """Three lines of the caller and an answer of the agent."""
    return call_of_four_lines(tmp_path)


@pytest.fixture
def short_call(tmp_path: Path) -> Path:
    """One short line of the caller, interpreted without a lag."""
    return call(tmp_path / "call", Said("c1", "caller", 1.4, 0.6), lag=0.0)


@pytest.fixture
async def live_api(short_call: Path) -> AsyncIterator[LiveApi]:
    """A Live API that knows the short call."""
    async with LiveApi([load(short_call)], key=KEY_OF_TEST) as running:
        yield running


@pytest.fixture
def every_stream_is_ringback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller who is alone in a call hears it ring from the stream's start on."""
    incoming = Carrier.incoming

    async def with_talk(self: Carrier, phone: Phone) -> CallRecord:
        self.phones.add_talk(Talk(phone, []))
        return await incoming(self, phone)

    monkeypatch.setattr(Carrier, "incoming", with_talk)
