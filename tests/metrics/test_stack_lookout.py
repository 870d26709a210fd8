import sys
from types import FrameType

from telephony.metrics.stack_lookout import DEEPEST, HANGS_S, Stack, StackLookout, stack_of


def here() -> FrameType:
    return sys._getframe(1)


class Watched:
    """A lookout for a thread whose frame is given, and the hangs it told of."""

    def __init__(self, frame: FrameType | None) -> None:
        self.frame = frame
        self.hangs: list[Stack] = []
        frames = lambda: {7: self.frame} if self.frame else {}  # noqa: E731
        self.lookout = StackLookout(7, 0.05, self.hangs.append, lambda: 0.0, frames)
        self.lookout.beat(1.0)


def test_a_loop_in_time_is_not_looked_at() -> None:
    watched = Watched(here())
    watched.lookout.look(1.04)
    assert not watched.lookout.has_seen
    assert watched.lookout.beat(2.0) == ()


def test_an_overdue_loop_is_seen_doing_what_it_does() -> None:
    watched = Watched(here())
    watched.lookout.look(1.06)
    assert watched.lookout.has_seen
    seen = watched.lookout.beat(2.0)
    assert seen[-1].startswith(f"{__name__}:")
    assert seen[-1].endswith(" test_an_overdue_loop_is_seen_doing_what_it_does")


def test_of_several_things_seen_the_one_seen_most_is_told() -> None:
    watched = Watched(here())
    watched.lookout.look(1.06)
    watched.frame = here().f_back
    watched.lookout.look(1.08)
    watched.lookout.look(1.10)
    assert watched.lookout.beat(2.0) == stack_of(watched.frame)


def test_what_was_told_is_not_told_again() -> None:
    watched = Watched(here())
    watched.lookout.look(1.06)
    watched.lookout.beat(2.0)
    assert watched.lookout.beat(3.0) == ()


def test_a_hang_is_told_once_and_while_it_lasts() -> None:
    watched = Watched(here())
    watched.lookout.look(1.0 + HANGS_S - 0.1)
    assert watched.hangs == []
    watched.lookout.look(1.0 + HANGS_S)
    watched.lookout.look(1.0 + HANGS_S + 1)
    assert [stack[-1].split()[-1] for stack in watched.hangs] == ["test_a_hang_is_told_once_and_while_it_lasts"]


def test_a_second_hang_is_told_again() -> None:
    watched = Watched(here())
    watched.lookout.look(1.0 + HANGS_S)
    watched.lookout.beat(20.0)
    watched.lookout.look(20.0 + HANGS_S)
    assert len(watched.hangs) == 2


def test_a_thread_that_is_gone_has_no_stack() -> None:
    watched = Watched(None)
    watched.lookout.look(1.06)
    assert watched.lookout.beat(2.0) == ()


def test_a_deep_stack_is_told_from_its_inner_end() -> None:
    def dive(depth: int) -> Stack:
        return dive(depth - 1) if depth else stack_of(here())

    stack = dive(2 * DEEPEST)
    assert len(stack) == DEEPEST
    assert {place.split()[-1] for place in stack} == {"dive"}
