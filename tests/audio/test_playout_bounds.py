"""What a phone hears when its queue is called late, cleared, marked or full: in virtual time."""

import random

import pytest

from telephony.audio.playout import Frame, Mark, Playout
from tests.audio.lumps import CUSHION, LEAD, QUIET, messages, speech, start_of
from tests.audio.phone import Phone, play


class TestTheCallersClock:
    def test_waking_50_ms_late_makes_no_gap_and_shifts_nothing(self) -> None:
        sound = speech(3)
        playout = Playout()
        rng = random.Random(7)
        phone = play(playout, messages(sound), oversleep=lambda moment: rng.choice([0, 0.05]) if moment > 0.2 else 0)
        assert start_of(phone.line, sound) == pytest.approx(CUSHION)
        assert playout.late == 0
        assert phone.furthest <= LEAD + 1e-9

    def test_waking_later_than_the_lead_is_counted_and_everything_due_is_sent(self) -> None:
        playout = Playout()
        playout.push(speech(1), 0.0)
        phone = Phone()
        phone.take(playout.due(0.08), 0.08)
        phone.take(playout.due(0.26), 0.26)
        assert playout.late == 1
        assert phone.sound == speech(1)[: 8 * 160]
        assert phone.until - 0.26 == pytest.approx(LEAD + 0.02)

    def test_what_a_late_call_cost_is_made_up_for_in_the_next_pause(self) -> None:
        sound, more = speech(1), speech(1, voice=2)
        playout = Playout()
        slept = [0.5]
        phone = play(
            playout,
            messages(sound + QUIET * 6000 + more + QUIET * 8000),
            oversleep=lambda moment: slept.pop() if slept and moment > 0.3 else 0.0,
        )
        assert playout.late == 1
        assert start_of(phone.line, more) == pytest.approx(1.75 + CUSHION, abs=0.021)

    def test_a_timer_that_is_inexact_is_not_late(self) -> None:
        playout = Playout()
        playout.push(speech(1), 0.0)
        playout.due(CUSHION)
        playout.due(CUSHION + 0.08 + 1e-9)
        assert playout.late == 0

    def test_asking_early_changes_nothing(self) -> None:
        playout = Playout()
        playout.push(speech(1), 0.0)
        assert playout.due(0.079) == []
        assert len(playout.due(0.08)) == 4
        assert playout.due(0.08) == []

    def test_an_idle_playout_has_nothing_next(self) -> None:
        playout = Playout()
        assert playout.next_due() is None
        assert playout.due(5.0) == []
        assert playout.backlog(5.0) == 0

    def test_the_backlog_is_how_much_later_than_now_the_last_sound_is_heard(self) -> None:
        playout = Playout()
        playout.push(speech(1), 0.0)
        assert playout.backlog(0.0) == pytest.approx(1 + CUSHION)
        playout.due(0.5)
        assert playout.backlog(0.5) == pytest.approx(1.5 - 0.5)


class TestClear:
    def test_nothing_of_before_is_sent_after_it(self) -> None:
        playout = Playout()
        playout.push(speech(1), 0.0)
        playout.due(0.3)
        playout.clear()
        assert playout.next_due() is None
        assert playout.backlog(0.3) == 0
        assert playout.due(9.0) == []

    def test_what_comes_next_begins_anew(self) -> None:
        playout = Playout()
        playout.push(speech(1), 0.0)
        playout.due(0.3)
        playout.clear()
        playout.push(b"\x10" * 800, 0.31)
        assert playout.due(0.31 + CUSHION)[0] == Frame(b"\x10" * 160)

    def test_what_comes_next_does_not_wait_for_what_was_cleared(self) -> None:
        playout = Playout(cushion=0.0)
        playout.push(speech(1), 0.0)
        playout.due(0.0)
        playout.clear()
        playout.push(b"\x10" * 800, 0.01)
        assert playout.due(0.01)[0] == Frame(b"\x10" * 160)

    def test_a_break_before_it_is_over_and_needs_no_slope(self) -> None:
        playout = Playout()
        play(playout, [(0.0, speech(0.1))], until=0.5)
        assert playout.underruns == 1
        playout.clear()
        playout.push(b"\x10" * 800, 0.5)
        assert playout.due(0.5 + CUSHION)[0] == Frame(b"\x10" * 160)

    def test_it_ends_an_epoch_of_marks(self) -> None:
        playout = Playout()
        playout.push(speech(1), 0.0)
        old = playout.mark("said")
        assert playout.is_current(old)
        playout.clear()
        assert not playout.is_current(old)
        new = playout.mark("said")
        assert new != old
        assert playout.is_current(new)
        assert playout.due(1.0) == [Mark(new)]


class TestMarks:
    def test_a_mark_leaves_with_the_sound_before_it(self) -> None:
        playout = Playout()
        playout.push(b"\x10" * 320, 0.0)
        name = playout.mark("one")
        playout.push(b"\x20" * 320, 0.0)
        frames = playout.due(CUSHION)
        assert frames == [Frame(b"\x10" * 160)] * 2 + [Mark(name)] + [Frame(b"\x20" * 160)] * 2

    def test_a_mark_inside_a_frame_leaves_after_that_frame(self) -> None:
        playout = Playout()
        playout.push(b"\x10" * 100, 0.0)
        name = playout.mark("one")
        playout.push(b"\x10" * 300, 0.0)
        assert playout.due(CUSHION)[:2] == [Frame(b"\x10" * 160), Mark(name)]

    def test_a_mark_behind_half_a_frame_leaves_when_the_frame_is_filled_up(self) -> None:
        playout = Playout()
        playout.push(b"\x10" * 240, 0.0)
        name = playout.mark("one")
        phone = play(playout, [])
        [(moment, mark)] = phone.marks
        assert moment == pytest.approx(CUSHION + 0.02)
        assert mark == name
        assert len(phone.heard) == 2

    def test_a_mark_with_nothing_before_it_leaves_at_once(self) -> None:
        playout = Playout()
        name = playout.mark("one")
        assert playout.next_due() == float("-inf")
        assert playout.due(3.0) == [Mark(name)]
        assert playout.next_due() is None

    def test_marks_keep_their_order_and_their_label(self) -> None:
        playout = Playout()
        names = [playout.mark("a"), playout.mark("b")]
        assert playout.due(0.0) == [Mark(name) for name in names]
        assert [name.split(":")[1] for name in names] == ["a", "b"]

    def test_a_mark_in_silence_that_is_left_out_still_leaves(self) -> None:
        playout = Playout()
        playout.push(speech(0.5) + QUIET * 4000, 0.0)
        name = playout.mark("one")
        playout.push(QUIET * 4000 + speech(0.5), 0.0)
        phone = play(playout, [])
        assert [mark for _, mark in phone.marks] == [name]

    @pytest.mark.parametrize("foreign", ["", "said", "1:said", "00:said", ":said"])
    def test_a_name_that_is_none_of_ours_is_not_current(self, foreign: str) -> None:
        assert not Playout().is_current(foreign)


class TestTheBound:
    def test_a_message_that_does_not_fit_is_refused_and_counted(self) -> None:
        playout = Playout(bound=1.0)
        sound = speech(1)
        playout.push(sound, 0.0)
        playout.push(b"\x10" * 2000, 0.0)
        assert playout.dropped_ms == 250
        assert b"\x10" * 200 not in play(playout, []).sound

    def test_the_oldest_silence_goes_first(self) -> None:
        playout = Playout(bound=1.0)
        words = [speech(0.9)[start : start + 2400] for start in range(0, 7200, 2400)]
        playout.push(words[0] + QUIET * 1600 + words[1] + QUIET * 1600, 0.0)
        playout.push(words[2], 0.0)
        assert (playout.dropped_ms, playout.trimmed_ms) == (0, 300)
        phone = play(playout, [])
        assert words[0] + words[1] in phone.sound
        assert words[2] in phone.sound

    def test_silence_is_left_alone_where_it_does_not_make_room_enough(self) -> None:
        playout = Playout(bound=1.0)
        playout.push(speech(0.9) + QUIET * 800, 0.0)
        playout.push(speech(0.25), 0.0)
        assert (playout.dropped_ms, playout.trimmed_ms) == (250, 0)

    def test_marks_stay_where_they_were_when_silence_before_them_goes(self) -> None:
        playout = Playout(bound=0.5)
        playout.push(b"\x10" * 320 + QUIET * 1600, 0.0)
        first = playout.mark("first")
        playout.push(b"\x20" * 320, 0.0)
        second = playout.mark("second")
        playout.push(b"\x30" * 3200, 0.0)
        playout.push(b"\x30" * 160, 0.0)
        items = []
        for step in range(60):
            items += playout.due(step * 0.01)
        sounds = [item.audio[0] if isinstance(item, Frame) else item.name for item in items][:9]
        assert (playout.dropped_ms, playout.trimmed_ms) == (0, 200)
        assert sounds.index(first) < sounds.index(0x20) < sounds.index(second)

    def test_it_holds_half_a_minute_unless_told_otherwise(self) -> None:
        playout = Playout()
        for _ in range(140):
            playout.push(b"\x10" * 2000, 0.0)
        assert playout.backlog(0.0) == pytest.approx(30 + CUSHION)
        assert playout.dropped_ms == 5000
