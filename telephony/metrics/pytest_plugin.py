"""Fails a test that blocks its event loop: `@pytest.mark.unblocked_loop`, or `unblocked_loop(over_s=0.3)`.

For tests over real sockets and real time; in virtual time nothing is ever late. Opt in, since a shared machine is
noisy: time in which the loop's thread waited for a core that others had does not count (Linux tells), but where all
goes slower, `--loop-blocked-s` raises the bound for tests that name none. It goes by one process; what a process of
its own has blocked stands in its log, see `blocks_in`.
"""

import functools
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from telephony.metrics.loop_watch import BLOCKED, BLOCKED_S, Blocked, LoopWatch

MARK = "unblocked_loop"


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "seconds for which a test marked `unblocked_loop` may block its event loop (default: %(default)s)"
    parser.addoption("--loop-blocked-s", type=float, default=BLOCKED_S, metavar="SECONDS", help=text)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARK}(over_s): fails a test that blocks its event loop for longer")


def pytest_itemcollected(item: pytest.Item) -> None:
    mark = item.get_closest_marker(MARK)
    if mark is not None and isinstance(item, pytest.Function):
        item.obj = watched(item.obj, mark.kwargs.get("over_s") or item.config.getoption("--loop-blocked-s"))


def watched(test: Callable[..., Awaitable[None]], over_s: float) -> Callable[..., Awaitable[None]]:
    """The test, watched from its first step to its last. Its fixtures are not: between them and it the loop stands
    still, since pytest runs."""

    @functools.wraps(test)
    async def whole(*arguments: Any, **fixtures: Any) -> None:
        blocks: list[Blocked] = []
        watch = LoopWatch(lambda _now, _late: None, blocks.append, over_s)
        watch.start()
        try:
            await test(*arguments, **fixtures)
        finally:
            watch.stop()
        if blocks:
            pytest.fail("\n".join(_told(block) for block in blocks), pytrace=False)

    return whole


def blocks_in(log: str) -> Iterator[str]:
    """The lines of a process's log that tell of its event loop being blocked."""
    return (line for line in log.splitlines() if BLOCKED in line)


def _told(block: Blocked) -> str:
    where = "\n  ".join(block.stack) or "nobody saw by what"
    return f"{BLOCKED} for {block.own_s:.3f} s (late by {block.late_s:.3f} s):\n  {where}"
