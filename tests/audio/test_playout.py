"""What a phone hears of sound that comes in lumps: in virtual time, sample by sample."""

import random

import numpy as np
import pytest

from telephony.audio import g711, silence
from telephony.audio.playout import Playout
from tests.audio.lumps import CUSHION, LEAD, MESSAGE, QUIET, messages, speech, start_of
from tests.audio.phone import Phone, play
from tests.audio.signals import from_pcm, tone


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
        assert 0.05 <= gap <= 0.1
        assert playout.trimmed_ms > 0

    def test_with_seconds_behind_it_a_pause_is_left_out_to_the_sample(self) -> None:
        words = [speech(0.217, voice=2), speech(0.2, voice=3)]
        playout = Playout(fastest=1.0)
        late = [(0.0, part) for _, part in messages(speech(2) + words[0] + QUIET * 1600 + words[1] + speech(4))]
        phone = play(playout, late)
        assert start_of(phone.line, words[1]) - start_of(phone.line, words[0]) == pytest.approx(0.217, abs=0.005)
        assert playout.trimmed_ms == pytest.approx(200, abs=5)

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
