import asyncio
import threading
import time

import pytest
from structlog.testing import capture_logs

from telephony.metrics.loop_watch import BLOCKED, Blocked, BlockedLog, LoopWatch

TRIES = 100
"""What the lookout sees is not always the innermost place."""


def sit_until_seen(watch: LoopWatch, at_least: float) -> None:
    """Blocks the loop for so many seconds of its own, and until it is caught at it."""
    began = time.thread_time()
    while not watch.has_seen or time.thread_time() < began + at_least:
        assert time.thread_time() < began + 10, "nobody looked"


async def test_a_blocked_loop_is_told_with_what_blocked_it() -> None:
    lags: list[float] = []
    blocks: list[Blocked] = []
    watch = LoopWatch(lambda _now, late: lags.append(late), blocks.append, blocked_s=0.02, tick_s=0.005)
    watch.start()
    for _ in range(TRIES):
        sit_until_seen(watch, 0.04)
        await asyncio.sleep(0.01)
        if any("sit_until_seen" in place for block in blocks for place in block.stack):
            break
    watch.stop()
    assert any("sit_until_seen" in place for block in blocks for place in block.stack)
    assert all(block.own_s > 0.02 for block in blocks)
    assert max(lags) >= max(block.late_s for block in blocks)


async def test_it_leaves_neither_thread_nor_timer() -> None:
    before = threading.active_count()
    watch = LoopWatch(lambda _now, _late: None, lambda _blocked: None)
    watch.start()
    assert threading.active_count() == before + 1
    watch.stop()
    watch.stop()
    assert threading.active_count() == before


class Clock:
    """Time as it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_block_is_logged_with_its_stack_in_one_line() -> None:
    with capture_logs() as logs:
        BlockedLog(Clock()).tell(Blocked(0.25, 0.05, ("app:1 serve", "codec:2 decode")))
    assert [(line["event"], line["seconds"], line["waited_for_a_core"], line["stack"]) for line in logs] == [
        (BLOCKED, 0.25, 0.05, "app:1 serve > codec:2 decode")
    ]


def test_blocks_that_follow_each_other_fast_are_counted_instead_of_logged() -> None:
    clock = Clock()
    blocked_log = BlockedLog(clock)
    with capture_logs() as logs:
        for _ in range(4):
            blocked_log.tell(Blocked(0.2, 0.0, ()))
        clock.now += 1.0
        blocked_log.tell(Blocked(0.2, 0.0, ()))
    assert [line["passed_over"] for line in logs] == [0, 3]
    assert {line["stack"] for line in logs} == {"not seen"}


def test_waiting_for_a_core_is_not_its_own_doing() -> None:
    assert Blocked(0.3, 0.25, ()).own_s == pytest.approx(0.05)
