"""What marks tell of how far behind a phone hears: in virtual time, against a carrier that plays what it gets."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from telephony.audio import g711
from telephony.audio.lag import MOST, Lag
from telephony.audio.playout import Frame, Mark, Playout

CUSHION, MESSAGE, FRAME_S = 0.08, 0.25, 0.02
SOUND, QUIET = b"\x10\x90" * 1000, g711.SILENCE * 2000


@dataclass
class Carrier:
    """Plays frames in order, `late` seconds after they would have been heard; marks need `way` seconds to return."""

    playout: Playout
    lag: Lag
    way: float = 0.0
    late: float = 0.0
    until: float = 0.0
    marks: list[tuple[float, str]] = field(default_factory=list)
    returning: list[tuple[float, str]] = field(default_factory=list)

    def run(self, messages: list[tuple[float, bytes]], until: float) -> None:
        """Each message pushed at its time, and everything due in between, in steps of 10 ms."""
        waiting = list(messages)
        for step in range(round(until * 100)):
            now = step / 100
            while waiting and waiting[0][0] <= now:
                _, message = waiting.pop(0)
                self.playout.push(message, now)
                self.lag.queued(message, now)
            self._take(self.playout.due(now), now)
            while self.returning and self.returning[0][0] <= now:
                self.lag.reached(self.returning.pop(0)[1], now)

    def _take(self, items: list[Frame | Mark], now: float) -> None:
        for item in items:
            self.lag.sent(item)
            if isinstance(item, Mark):
                self.marks.append((now, item.name))
                self.returning.append((max(self.until, now) + self.late + self.way, item.name))
            else:
                self.until = max(self.until, now) + FRAME_S


def line(way: float = 0.0, late: float = 0.0) -> Carrier:
    playout = Playout()
    return Carrier(playout, Lag(playout), way, late)


def steadily(*messages: bytes) -> list[tuple[float, bytes]]:
    return [(index * MESSAGE, message) for index, message in enumerate(messages)]


def test_nothing_is_known_before_a_mark_has_come_back() -> None:
    assert Lag(Playout()).at(5.0) == 0.0


@pytest.mark.parametrize("way", [0.0, 0.15])
def test_in_a_call_that_keeps_up_it_is_a_message_the_cushion_and_the_way(way: float) -> None:
    carrier = line(way=way)
    carrier.run(steadily(*[SOUND] * 40), until=9.9)
    assert carrier.lag.at(9.9) == pytest.approx(MESSAGE + CUSHION + way, abs=0.03)


def test_sound_that_comes_at_once_is_heard_ever_later() -> None:
    carrier = line()
    carrier.run([(0.0, SOUND)] * 12, until=2.9)
    assert carrier.lag.at(2.9) > 2.2


def test_a_mark_that_is_overdue_counts_before_it_is_back() -> None:
    carrier = line(late=50.0)
    carrier.run(steadily(*[SOUND] * 8), until=2.0)
    assert carrier.lag.at(9.0) == pytest.approx(9.0 - 0.5)


@pytest.mark.parametrize("messages", [steadily(*[SOUND] * 80), [(0.0, SOUND)] * 80], ids=["steady", "all at once"])
def test_there_are_never_more_than_two_marks_a_second(messages: list[tuple[float, bytes]]) -> None:
    carrier = line()
    carrier.run(messages, until=21.0)
    moments = [moment for moment, _ in carrier.marks]
    assert 20 <= len(moments) <= 40
    assert min(b - a for a, b in pairwise(moments)) >= 0.48


@pytest.mark.parametrize("quiet", [g711.SILENCE, b"\x7d", b"\x6f"])
def test_there_are_none_while_there_is_silence_or_breath(quiet: bytes) -> None:
    carrier = line()
    carrier.run(steadily(*[quiet * 2000] * 80), until=21.0)
    assert carrier.marks == []


def test_what_was_cleared_does_not_count_as_heard() -> None:
    carrier = line(way=0.5)
    carrier.run(steadily(*[SOUND] * 8), until=1.2)
    assert carrier.returning
    before = carrier.lag.at(1.2)
    carrier.playout.clear()
    for _, name in carrier.returning:
        carrier.lag.reached(name, 30.0)
    assert carrier.lag.at(30.0) <= before
    assert carrier.playout.unplayed == 0.0


def test_a_mark_of_somebody_else_says_nothing() -> None:
    carrier = line()
    carrier.run([(0.0, SOUND)], until=0.2)
    carrier.lag.reached(carrier.playout.mark("end"), 9.0)
    carrier.lag.reached("7:lag1", 9.0)
    assert carrier.lag.at(9.0) == 0.0


def test_what_waits_at_the_carrier_is_told_to_the_playout() -> None:
    carrier = line(late=0.7)
    carrier.run(steadily(*[SOUND] * 20), until=4.9)
    assert carrier.playout.unplayed == pytest.approx(0.7, abs=0.05)


def test_it_is_forgotten_in_a_pause_in_which_nothing_is_sent() -> None:
    carrier = line(late=0.7)
    carrier.run(steadily(*[SOUND] * 20, *[QUIET] * 12), until=7.9)
    assert carrier.playout.unplayed == 0.0


def test_a_carrier_that_never_sends_marks_back_costs_no_memory_without_end() -> None:
    playout = Playout()
    lag = Lag(playout)
    for index in range(5 * MOST):
        lag.queued(SOUND * 4, float(index))
    assert lag.at(5.0 * MOST) == pytest.approx(MOST)
