"""A pytest fixture for your own calls; it is there as soon as this package is installed.

def test_my_call(replay_call):
    assert replay_call("calls/my-call", fast=True).problems == ()
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from telephony.replay.calls import Replayed


@pytest.fixture
def replay_call() -> "Callable[..., Replayed]":
    """`telephony.replay.calls.replay_call`; imported only where a test asks for it."""
    from telephony.replay.calls import replay_call

    return replay_call
