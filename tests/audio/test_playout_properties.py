"""What holds for a playout however its sound is cut and whenever it is asked.

Where sounds are counted, none is sped up.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.audio import silence
from telephony.audio.playout import Frame, Mark, Playout
from tests.audio.phone import Phone

LEAD = 0.06


@dataclass(frozen=True)
class Push:
    sound: bytes


@dataclass(frozen=True)
class Wait:
    seconds: float


@dataclass(frozen=True)
class SetMark:
    """A mark behind what was pushed so far."""


stretches = st.tuples(st.sampled_from([b"\xff", b"\x7e", b"\x10", b"\x91", b"\x22\xa3"]), st.integers(1, 2500)).map(
    lambda part: part[0] * part[1]
)
messages = st.lists(stretches, max_size=3).map(b"".join)
pushes = messages.map(Push)
waits = st.one_of(
    st.floats(0, 0.05, allow_subnormal=False), st.sampled_from([0.02, 0.25, 0.315, 1.0]), st.floats(0, 2)
).map(Wait)
schedules = st.lists(st.one_of(pushes, waits, st.just(SetMark())), max_size=40)


def voiced(sound: bytes) -> bytes:
    return sound.translate(None, silence.SILENT)


def run(schedule: list[Push | Wait | SetMark], playout: Playout, phone: Phone) -> tuple[bytes, list[tuple[str, int]]]:
    """Carry out `schedule`, ask until nothing is left; what was pushed, and each mark with the sound before it."""
    now = 0.0
    pushed = b""
    marks: list[tuple[str, int]] = []
    for step in schedule:
        match step:
            case Push(sound):
                pushed += sound
                playout.push(sound, now)
            case SetMark():
                marks.append((playout.mark(str(len(marks))), len(voiced(pushed))))
            case Wait(seconds):
                now += seconds
                phone.take(playout.due(now), now)
    while (moment := playout.next_due()) is not None:
        now = max(now, moment)
        phone.take(playout.due(now), now)
    return pushed, marks


def without_slopes() -> AbstractContextManager[object]:
    """Slopes are sound of our own, which these properties could not tell from the speaker's."""
    return mock.patch.multiple(silence, FALL=[b""] * 256, RISE=[b""] * 256)


@given(schedules)
def test_every_sound_is_heard_once_and_in_order(schedule: list[Push | Wait | SetMark]) -> None:
    phone = Phone()
    with without_slopes():
        pushed, _ = run(schedule, Playout(fastest=1.0), phone)
    assert voiced(phone.sound) == voiced(pushed)


@given(schedules, st.sampled_from([0.0, 0.01, 0.08]))
def test_nothing_is_ever_sent_further_ahead_than_the_lead(
    schedule: list[Push | Wait | SetMark], cushion: float
) -> None:
    phone = Phone()
    run(schedule, Playout(lead=LEAD, cushion=cushion), phone)
    assert phone.furthest <= LEAD + 1e-5


@given(schedules)
def test_every_mark_leaves_once_after_the_sound_before_it_and_no_frame_too_late(
    schedule: list[Push | Wait | SetMark],
) -> None:
    playout, phone = Playout(fastest=1.0), Phone()
    seen: list[tuple[str, int]] = []
    sent = b""

    def take(items: list[Frame | Mark], now: float) -> None:
        nonlocal sent
        for item in items:
            if isinstance(item, Mark):
                seen.append((item.name, len(voiced(sent))))
            else:
                sent += item.audio

    with without_slopes(), mock.patch.object(phone, "take", take):
        _, marks = run(schedule, playout, phone)
    assert [name for name, _ in seen] == [name for name, _ in marks]
    for (_, heard), (_, before) in zip(seen, marks, strict=True):
        assert before <= heard < before + 160


@given(schedules)
def test_silence_is_never_made_longer_than_the_frames_that_had_to_be_filled(
    schedule: list[Push | Wait | SetMark],
) -> None:
    playout, phone = Playout(), Phone()
    with without_slopes():
        pushed, _ = run(schedule, playout, phone)
    runs = 1 + sum(isinstance(step, Push | Wait) for step in schedule)
    assert len(phone.sound) <= len(pushed) + 160 * runs


@given(schedules, st.integers(1, 20))
def test_what_is_held_never_exceeds_the_bound_and_what_is_lost_is_counted(
    schedule: list[Push | Wait | SetMark], tenths: int
) -> None:
    playout, phone = Playout(bound=tenths / 10, fastest=1.0), Phone()
    with without_slopes():
        pushed, _ = run(schedule, playout, phone)
    lost = len(voiced(pushed)) - len(voiced(phone.sound))
    assert 0 <= lost <= playout.dropped_ms * 8 + 1e-6
    refused = sum(len(step.sound) for step in schedule if isinstance(step, Push) and len(step.sound) > tenths * 800)
    assert playout.dropped_ms * 8 >= refused - 1e-6


@settings(deadline=None)
@given(schedules)
def test_speeding_up_leaves_out_what_it_says_and_not_a_byte_more(schedule: list[Push | Wait | SetMark]) -> None:
    playout, phone = Playout(), Phone()
    with without_slopes():
        pushed, marks = run(schedule, playout, phone)
    left_out = round((playout.stretched_ms + playout.trimmed_ms) * 8)
    assert playout.dropped_ms == 0
    assert len(voiced(phone.sound)) >= len(voiced(pushed)) - left_out
    assert playout.stretched_ms * 8 <= len(pushed) * 0.2 + 3200
    assert len(phone.marks) == len(marks)
