import threading
from pathlib import Path

import pytest

from telephony.metrics.run_queue import RunQueue

TOLD = Path("/proc/self/schedstat").exists()


@pytest.mark.skipif(not TOLD, reason="this system does not tell how long a thread waits for a core")
def test_what_was_waited_is_told_once() -> None:
    queue = RunQueue(threading.get_native_id())
    queue.since_last()
    assert 0 <= queue.since_last() < 60
    queue.close()


def test_where_the_system_does_not_tell_nothing_was_waited() -> None:
    queue = RunQueue(2**30)
    assert queue.since_last() == 0
    queue.close()


def test_asked_after_its_end_it_has_not_waited() -> None:
    queue = RunQueue(threading.get_native_id())
    queue.close()
    queue.close()
    assert queue.since_last() == 0
