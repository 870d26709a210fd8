import pytest

from telephony.metrics.loop_watch import BLOCKED
from telephony.metrics.pytest_plugin import blocks_in

pytest_plugins = ("pytester",)

ONE_THAT_BLOCKS = """
import asyncio, time
import pytest

def block():
    until = time.thread_time() + 0.15
    while time.thread_time() < until:
        pass

@pytest.fixture
async def slow_to_set_up():
    block()
    yield
    block()

{mark}
async def test_over_real_sockets(slow_to_set_up):
    {what}
    await asyncio.sleep(0.03)
"""


def outcomes(pytester: pytest.Pytester, mark: str, *options: str, what: str = "block()") -> tuple[dict[str, int], str]:
    """How a test with this mark ends that blocks its loop for 0.15 s of its own time, and what pytest says."""
    pytester.makepyfile(ONE_THAT_BLOCKS.format(mark=mark, what=what))
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function")
    result = pytester.runpytest_inprocess("-p", "telephony.metrics.pytest_plugin", "--strict-markers", *options)
    return result.parseoutcomes(), result.stdout.str()


def test_a_marked_test_that_blocks_its_loop_fails_and_says_where(pytester: pytest.Pytester) -> None:
    found, said = outcomes(pytester, "@pytest.mark.unblocked_loop")
    assert found == {"failed": 1}
    assert BLOCKED in said
    assert "test_over_real_sockets" in said


def test_a_marked_test_that_does_not_block_passes_whatever_its_fixtures_do(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, "@pytest.mark.unblocked_loop", what="pass")[0] == {"passed": 1}


def test_a_marked_test_that_fails_by_itself_says_why(pytester: pytest.Pytester) -> None:
    found, said = outcomes(pytester, "@pytest.mark.unblocked_loop", what="assert 'sound' == 'silence'")
    assert found == {"failed": 1}
    assert "assert 'sound' == 'silence'" in said


def test_a_test_without_the_mark_may_block(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, "")[0] == {"passed": 1}


@pytest.mark.parametrize(
    ("mark", "options"),
    [("@pytest.mark.unblocked_loop(over_s=60)", ()), ("@pytest.mark.unblocked_loop", ("--loop-blocked-s=60",))],
)
def test_the_bound_can_be_raised_for_one_test_or_for_all(
    pytester: pytest.Pytester, mark: str, options: tuple[str, ...]
) -> None:
    assert outcomes(pytester, mark, *options)[0] == {"passed": 1}


def test_the_log_of_another_process_is_searched_for_blocks() -> None:
    lines = ["event='leg' state='joined'", f"event='{BLOCKED}' seconds=0.2 stack='a:1 b'", "event='call'"]
    assert list(blocks_in("\n".join(lines))) == [lines[1]]
