"""What a phone hears of sound that comes in lumps: in virtual time, sample by sample."""

import random

import numpy as np
import pytest

from telephony.audio import g711, silence
from telephony.audio.playout import Frame, Mark, Playout
from tests.audio.phone import Phone, play
from tests.audio.signals import from_pcm, tone

MESSAGE = 2000
"""250 ms of PCMU: what Live Translate sends at a time."""

LEAD, CUSHION = 0.06, 0.08
QUIET = g711.SILENCE


def speech(seconds: float, voice: int = 1) -> bytes:
    """Sound without a silent byte, no stretch of which occurs twice, nor in another `voice`."""
    rng = random.Random(voice)
    return bytes(rng.choice(b"\x10\x11\x12\x90\x91\x92\x20\x21\xa0\xa1") for _ in range(round(seconds * 8000)))


def messages(sound: bytes, first: float = 0.0, lateness: float | list[float] = 0.0) -> list[tuple[float, bytes]]:
    """`sound` as Live Translate sends it: 250 ms at a time, each as much later as `lateness` says."""
    parts = [sound[at : at + MESSAGE] for at in range(0, len(sound), MESSAGE)]
    late = lateness if isinstance(lateness, list) else [lateness] * len(parts)
    return [(first + 0.25 * index + late[index], part) for index, part in enumerate(parts)]


def start_of(line: bytes, sound: bytes) -> float:
    """Seconds into `line` at which `sound` stands unbroken; fails where it does not."""
    assert sound in line
    return line.index(sound) / 8000


class TestSteadySpeech:
    def test_it_is_heard_unbroken_after_the_cushion(self) -> None:
        sound = speech(10)
        phone = play(Playout(), messages(sound))
        assert start_of(phone.line, sound) == pytest.approx(CUSHION)

    def test_half_frames_are_joined_across_messages(self) -> None:
        sound = speech(0.5)
        phone = play(Playout(), messages(sound))
        assert phone.sound[: len(sound)] == sound

    def test_frames_leave_one_by_one_at_their_own_times(self) -> None:
        playout = Playout()
        playout.push(speech(1), 0.0)
        moments: list[float] = []
        while (moment := playout.next_due()) is not None and len(moments) < 12:
            moments += [moment] * len(playout.due(moment))
        paced = [CUSHION + 0.02 * index - LEAD for index in range(4, 12)]
        assert moments == pytest.approx([CUSHION] * 4 + paced)

    def test_no_frame_is_sent_further_ahead_than_the_lead(self) -> None:
        assert play(Playout(), messages(speech(10))).furthest == pytest.approx(LEAD)

    @pytest.mark.parametrize("lateness", [0.01, 0.04, 0.065])
    def test_a_message_up_to_65_ms_late_makes_no_gap(self, lateness: float) -> None:
        sound = speech(2)
        playout = Playout()
        phone = play(playout, messages(sound, lateness=[0, 0, 0, lateness, 0, 0, lateness, 0]))
        assert start_of(phone.line, sound) == pytest.approx(CUSHION)
        assert playout.underruns == 1  # at its very end only, which comes without silence

    def test_a_minute_of_jitter_leaves_no_gap_and_no_drift(self) -> None:
        rng = random.Random(1)
        sound = speech(60)
        late = [0.0, *(rng.uniform(0, 0.065) for _ in range(len(sound) // MESSAGE))]
        phone = play(Playout(), messages(sound, lateness=late), until=200)
        assert start_of(phone.line, sound) == pytest.approx(CUSHION)

    def test_a_run_that_begins_with_the_latest_message_survives_the_rest(self) -> None:
        sound = speech(2)
        phone = play(Playout(), messages(sound, lateness=[0.065, 0, 0, 0.065, 0, 0, 0, 0]))
        assert start_of(phone.line, sound) == pytest.approx(0.065 + CUSHION)

    @pytest.mark.parametrize("size", [1, 7, 80, 160, 161, 480, 1999])
    def test_messages_of_any_size_sound_the_same(self, size: int) -> None:
        sound = speech(0.6)
        parts = [(at / 8000, sound[at : at + size]) for at in range(0, len(sound), size)]
        assert start_of(play(Playout(), parts).line, sound) == pytest.approx(CUSHION)


class TestSilence:
    def test_a_stream_with_nothing_to_say_sends_nothing(self) -> None:
        playout = Playout()
        phone = play(playout, messages(QUIET * 80000))
        assert phone.heard == []
        assert playout.next_due() is None

    @pytest.mark.parametrize("quiet", [b"\xff", b"\x7f", b"\xfe", b"\x7e"])
    def test_all_four_bytes_of_at_most_8_are_silence(self, quiet: bytes) -> None:
        assert play(Playout(), messages(quiet * 4000)).heard == []

    def test_the_softest_sound_above_that_is_sent(self) -> None:
        assert b"\xfd" * 160 in play(Playout(), messages(b"\xfd" * 4000)).sound

    def test_silence_before_the_first_sound_keeps_the_sound_in_its_place(self) -> None:
        sound = speech(1)
        phone = play(Playout(), messages(QUIET * 1600 + sound + QUIET * 8000))
        assert phone.heard[0][0] == pytest.approx(CUSHION + 0.2)
        assert start_of(phone.line, sound) == pytest.approx(CUSHION + 0.2)

    @pytest.mark.parametrize("lateness", [0.0, 0.065])
    def test_a_phrase_that_begins_at_the_end_of_a_message_is_not_broken(self, lateness: float) -> None:
        sound = speech(1)
        playout = Playout()
        phone = play(playout, messages(QUIET * 1990 + sound + QUIET * 8000, lateness=[0, lateness] + [0] * 8))
        start_of(phone.line, sound)
        assert playout.underruns == 0

    @pytest.mark.parametrize("pause", [0.02, 0.1, 0.3, 0.4, 0.7, 2.0])
    def test_a_pause_lasts_as_long_as_it_was_meant_to(self, pause: float) -> None:
        first, second = speech(1)[:4321], speech(1)[4321:]
        sound = first + QUIET * round(8000 * pause) + second + QUIET * 8000
        playout = Playout()
        phone = play(playout, messages(sound))
        gap = start_of(phone.line, second) - start_of(phone.line, first) - len(first) / 8000
        assert gap == pytest.approx(pause, abs=1e-3)
        assert playout.underruns == 0

    def test_a_pause_of_up_to_400_ms_is_sent_and_what_is_longer_is_not(self) -> None:
        sound = speech(1)
        phone = play(Playout(), messages(sound + QUIET * 16000 + sound + QUIET * 16000))
        quiet = [silence.is_silent(audio) for _, audio in phone.heard]
        assert len(phone.gaps()) == 1
        assert sum(quiet) == 40  # 20 frames after each phrase

    def test_short_pauses_do_not_add_up_to_a_long_one(self) -> None:
        phrase = speech(0.3) + QUIET * 2400
        assert play(Playout(), messages(phrase * 5 + QUIET * 4000)).gaps() == []

    def test_the_phone_is_fed_ahead_again_after_a_pause_in_which_nothing_was_sent(self) -> None:
        playout = Playout()
        play(playout, messages(speech(0.5) + QUIET * 8000), until=1.5)
        playout.push(speech(0.5), 1.6)
        assert len(playout.due(1.6 + CUSHION)) == 4


class TestAStall:
    """Nothing for a second, then four messages at once; nothing is sped up."""

    def burst(self, after: bytes, stalled: float = 0.75) -> tuple[Playout, Phone, list[tuple[float, float]]]:
        """Speech, a stall, more speech, then `after`. Also the backlog before each message."""
        playout = Playout(fastest=1.0)
        phone = Phone()
        backlogs = []
        late = [0.0] * 4 + [stalled - 0.25 * index for index in range(round(stalled / 0.25))]
        sound = speech(2) + after
        late += [0.0] * (len(sound) // MESSAGE + 1 - len(late))
        now = 0.0
        for at, message in messages(sound, lateness=late):
            while (moment := playout.next_due()) is not None and moment < at:
                now = max(now, moment)
                phone.take(playout.due(now), now)
            backlogs.append((at, playout.backlog(at)))
            playout.push(message, at)
        return playout, phone, backlogs

    def test_no_sound_is_lost_or_doubled(self) -> None:
        playout, phone, _ = self.burst(QUIET * 16000)
        first, second = speech(2)[:8000], speech(2)[8000:]
        assert start_of(phone.line, first) == pytest.approx(CUSHION)
        start_of(phone.line, second)
        assert (playout.underruns, playout.dropped_ms) == (1, 0)

    def test_speech_without_a_pause_stays_as_late_as_the_stall_made_it(self) -> None:
        sound = speech(4)
        playout, phone, backlogs = self.burst(sound[16000:])
        assert start_of(phone.line, sound[8000:20000]) == pytest.approx(1.75 + CUSHION, abs=0.006)
        assert backlogs[-1][1] == pytest.approx(0.75 + CUSHION, abs=0.006)
        assert playout.trimmed_ms == 0

    def test_the_next_pause_brings_the_backlog_back_to_the_cushion(self) -> None:
        more = speech(1, voice=2)
        playout, phone, backlogs = self.burst(QUIET * 8000 + more + QUIET * 8000)
        assert max(backlog for _, backlog in backlogs) > 0.7
        start = start_of(phone.line, more)
        assert start == pytest.approx(3.0 + CUSHION, abs=0.021)
        assert playout.trimmed_ms == pytest.approx(750, abs=20)
        assert playout.underruns == 1

    def test_short_pauses_are_shortened_but_stay_pauses(self) -> None:
        words = [speech(0.2, voice=2), speech(0.2, voice=3)]
        playout, phone, _ = self.burst((words[0] + QUIET * 1600) + (words[1] + QUIET * 1600) + QUIET * 8000)
        gap = start_of(phone.line, words[1]) - start_of(phone.line, words[0]) - 0.2
        assert 0.06 <= gap <= 0.1
        assert playout.trimmed_ms > 0

    def test_a_pause_that_is_ended_anyway_is_shortened_by_the_lag_too(self) -> None:
        playout = Playout(pause=0.04, fastest=1.0)
        more = speech(1, voice=2)
        playout.push(speech(0.5), 0.0)
        playout.push(QUIET * 4000 + more[:4000], 0.0)
        phone = play(playout, [(0.25, more[4000:])])
        assert start_of(phone.line, more) < 0.5 + CUSHION + 0.3

    def test_a_lag_is_made_up_for_once(self) -> None:
        playout = Playout(pause=0.04, fastest=1.0)
        words = [speech(0.2, voice=2), speech(0.2, voice=3)]
        playout.push(speech(0.5), 0.0)
        playout.push(QUIET * 8000 + words[0] + QUIET * 1600 + words[1], 0.0)
        phone = play(playout, [])
        assert playout.trimmed_ms == pytest.approx(500, abs=20)
        assert start_of(phone.line, words[1]) - start_of(phone.line, words[0]) == pytest.approx(0.4)

    def test_a_lag_does_not_outlive_its_run(self) -> None:
        playout = Playout(fastest=1.0)
        words = [speech(0.2, voice=2), speech(0.2, voice=3)]
        burst = [(0.0, part) for _, part in messages(speech(2))]
        phone = play(playout, [*burst, (5.0, words[0] + QUIET * 1600 + words[1])])
        assert start_of(phone.line, words[1]) - start_of(phone.line, words[0]) == pytest.approx(0.4)
        assert playout.trimmed_ms == 0


class TestRunningDry:
    def test_a_gap_is_counted_once_and_is_as_long_as_it_has_to_be(self) -> None:
        sound = speech(1)
        playout = Playout()
        phone = play(playout, [(0.0, sound[:2000]), (0.5, sound[2000:] + QUIET * 800)])
        assert playout.underruns == 1
        assert start_of(phone.line, sound[:2000]) == pytest.approx(CUSHION)
        assert start_of(phone.line, sound[2000:]) == pytest.approx(0.5 + CUSHION + 0.005)

    def test_the_phone_hears_all_there_is_before_the_gap(self) -> None:
        sound = speech(0.25)
        phone = play(Playout(), [(0.0, sound)])
        assert phone.sound.startswith(sound)
        assert len(phone.sound) == 13 * 160

    @pytest.mark.parametrize("size", [1600, 1601, 1680, 1720, 1721, 1759])
    def test_nothing_clicks_where_a_tone_breaks_off_and_goes_on(self, size: int) -> None:
        whole = g711.encode(tone(440, 8000, 1.0, 12000))
        phone = play(Playout(), [(0.0, whole[:size]), (0.9, whole[size + 3 : size + 2000])])
        line = from_pcm(g711.decode(phone.line + QUIET * 10))
        steepest = np.abs(np.diff(from_pcm(g711.decode(whole)))).max()
        assert np.abs(np.diff(line)).max() <= steepest

    def test_without_the_slopes_it_would_click(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(silence, "FALL", [b""] * 256)
        whole = g711.encode(tone(440, 8000, 1.0, 12000))
        phone = play(Playout(), [(0.0, whole[:1605])])
        line = from_pcm(g711.decode(phone.line + QUIET * 10))
        assert np.abs(np.diff(line)).max() > 2 * np.abs(np.diff(from_pcm(g711.decode(whole)))).max()

    def test_running_dry_in_a_pause_is_no_underrun(self) -> None:
        playout = Playout()
        phone = play(playout, [(0.0, speech(0.2) + QUIET * 400)])
        assert playout.underruns == 0
        assert phone.sound.startswith(speech(0.2))

    def test_a_phrase_after_the_break_is_over_needs_none_either(self) -> None:
        sound, last = speech(0.5), speech(0.5, voice=2)
        phone = play(Playout(), [(0.0, sound[:800]), (0.5, sound[800:] + QUIET * 4800), (3.0, last)])
        assert start_of(phone.line, last) == pytest.approx(3.0 + CUSHION)

    def test_a_frame_filled_up_too_late_is_heard_too_late_and_taken_so(self) -> None:
        playout, phone = Playout(cushion=0.0), Phone()
        playout.push(speech(0.01), 0.0)
        phone.take(playout.due(0.05), 0.05)
        playout.push(speech(0.5), 0.052)
        while (moment := playout.next_due()) is not None:
            phone.take(playout.due(moment), moment)
        assert phone.furthest <= LEAD + 1e-6

    def test_a_phrase_after_silence_needs_no_slope(self) -> None:
        sound = speech(0.5)
        playout = Playout()
        phone = play(playout, [(0.0, sound[:800]), (0.5, QUIET * 800), (0.75, sound[800:])])
        assert start_of(phone.line, sound[800:]) == pytest.approx(0.75 + CUSHION)


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
