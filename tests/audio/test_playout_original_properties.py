"""What holds for a line that two speak on, however their sound comes and whatever is switched."""

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.audio import silence
from telephony.audio.playout import Frame, Mark, Playout
from tests.audio.phone import Phone

LEAD = 0.06
FRAME_S = 0.02


@dataclass(frozen=True)
class Say:
    """What the interpreter says."""

    sound: bytes


@dataclass(frozen=True)
class Speak:
    """Frames of the speaker, so many seconds from one to the next."""

    frames: tuple[bytes, ...]
    apart: float


@dataclass(frozen=True)
class Set:
    name: str
    value: object


@dataclass(frozen=True)
class Do:
    name: str


Step = Say | Speak | Set | Do
sounds = st.sampled_from([b"\xff", b"\x7f", b"\x10", b"\x91", b"\x22\xa3", b"\x80\x00", b"\x38"])
says = st.tuples(sounds, st.integers(1, 2500)).map(lambda part: Say(part[0] * part[1]))
speaks = st.tuples(sounds, st.integers(1, 30), st.sampled_from([0.0, 0.019, 0.02, 0.0203, 0.05])).map(
    lambda part: Speak(((part[0] * 160)[:160],) * part[1], part[2])
)
switches = st.one_of(
    st.booleans().map(lambda on: Set("direct", on)),
    st.sampled_from([None, -18.0, 0.0]).map(lambda under: Set("original_under", under)),
    st.booleans().map(lambda on: Set("comfort", on)),
    st.sampled_from([0.8, 1.0, 1.3]).map(lambda tempo: Set("tempo", tempo)),
)
schedules = st.lists(st.one_of(says, speaks, switches, st.sampled_from([Do("mark"), Do("clear")])), max_size=25)


class Line:
    """A playout and its phone, asked whenever it asked to be, `late` seconds later."""

    def __init__(self, late: float) -> None:
        self.playout, self.phone, self.now = Playout(), Phone(), 0.0
        self.items: list[Frame | Mark] = []
        self._late = late

    def until(self, at: float) -> None:
        for _ in range(10000):
            moment = self.playout.next_due()
            if moment is None or max(self.now, moment) + self._late > at:
                break
            self.now = max(self.now, moment) + self._late
            before = len(self.phone.heard)
            items = self.playout.due(self.now)
            self.phone.take(items, self.now)
            self.items += items
            assert len(self.phone.heard) - before <= LEAD / FRAME_S + 2
        else:
            raise AssertionError("it is due for ever")
        self.now = max(self.now, at)

    def run(self, schedule: list[Step]) -> None:
        for step in schedule:
            match step:
                case Say(sound):
                    self.playout.push(sound, self.now)
                case Speak(frames, apart):
                    for frame in frames:
                        self.playout.original(frame, self.now)
                        self.until(self.now + apart)
                case Set(name, value):
                    setattr(self.playout, name, value)
                case Do("mark"):
                    self.playout.mark("here")
                case Do():
                    self.playout.clear()
                    self.phone.until = self.now
        self.until(self.now + 120.0)


lateness = st.sampled_from([0.0, 0.0, 0.013, 0.09])


@settings(deadline=None)
@given(schedules, lateness)
def test_frames_are_whole_and_never_sent_faster_than_they_are_heard(schedule: list[Step], late: float) -> None:
    line = Line(late)
    line.run(schedule)
    assert {len(audio) for _, audio in line.phone.heard} <= {160}
    assert line.phone.furthest <= LEAD + 1e-5


@settings(deadline=None)
@given(schedules, lateness)
def test_it_comes_to_an_end(schedule: list[Step], late: float) -> None:
    line = Line(late)
    line.run(schedule)
    assert line.playout.next_due() is None
    assert line.playout.backlog(line.now) == 0


@settings(deadline=None)
@given(schedules)
def test_every_mark_leaves_once_and_in_order(schedule: list[Step]) -> None:
    line = Line(0.0)
    schedule = [step for step in schedule if step != Do("clear")]
    line.run(schedule)
    names = [item.name for item in line.items if isinstance(item, Mark)]
    assert names == ["0:here"] * sum(step == Do("mark") for step in schedule)


numbered = st.lists(st.integers(1, 40), min_size=1, max_size=12)


@settings(deadline=None)
@given(numbered, st.sampled_from([0.0, 0.01, 0.02]))
def test_what_is_heard_of_a_speaker_is_in_order_and_nothing_else(bunches: list[int], late: float) -> None:
    line, number = Line(late), 0
    line.playout.direct = True
    for bunch in bunches:
        for _ in range(bunch):
            line.playout.original(bytes([16 + number % 64]) * 160, line.now)
            number += 1
        line.until(line.now + 0.02 * bunch)
    line.until(line.now + 60.0)
    heard = [audio[80] - 16 for _, audio in line.phone.heard if not silence.is_silent(audio[80:])]
    whole = [audio for _, audio in line.phone.heard if len(set(audio)) == 1]
    assert all((after - before) % 64 in range(1, 45) for before, after in pairwise(heard))
    assert len(heard) + round(line.playout.original_dropped_ms / 20) >= number - 1
    assert whole
