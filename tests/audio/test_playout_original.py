"""Two sources on one line: whose time counts, what marks and the backlog mean, and that frames stay even."""

import pytest

from telephony.audio.playout import GUARD, Frame, Mark, Playout
from tests.audio.line import DELAY, from_interpreter, from_speaker, listen, switched
from tests.audio.lumps import CUSHION, LEAD, QUIET, messages, speech
from tests.audio.phone import Phone, play


def direct() -> Playout:
    playout = Playout()
    playout.direct = True
    return playout


class TestTheSpeakerAlone:
    def test_the_first_frame_is_due_when_it_is_to_be_heard(self) -> None:
        playout, sound = direct(), speech(0.02)
        playout.original(sound, 1.0)
        playout.original(sound, 1.02)
        assert playout.next_due() == pytest.approx(1.0 + DELAY)
        assert playout.due(1.0 + DELAY - 0.001) == []
        assert playout.due(1.0 + DELAY) == [Frame(sound)] * 2

    def test_the_next_ones_when_they_come(self) -> None:
        playout, sound = direct(), speech(1.0)
        for index in range(20):
            playout.original(sound[index * 160 : index * 160 + 160], 0.02 * index)
            sent = playout.due(0.02 * index)
            assert len(sent) == (0 if index < 3 else 4 if index == 3 else 1)

    def test_one_that_does_not_come_is_waited_for_until_shortly_before_it_is_to_be_heard(self) -> None:
        playout, sound = direct(), speech(1.0)
        for index in range(3):
            playout.original(sound[index * 160 : index * 160 + 160], 0.02 * index)
        assert len(playout.due(DELAY)) == 3
        assert playout.next_due() == pytest.approx(DELAY + 0.06 - GUARD)
        assert (playout.due(DELAY + 0.06 - GUARD - 0.001), playout.original_gaps) == ([], 0)
        assert (len(playout.due(DELAY + 0.06 - GUARD)), playout.original_gaps) == (1, 1)

    def test_nothing_waits_of_the_interpreter(self) -> None:
        playout, sound = direct(), speech(1.0)
        for index in range(20):
            playout.original(sound[index * 160 : index * 160 + 160], 0.02 * index)
            playout.due(0.02 * index)
        assert playout.backlog(0.4) == 0
        name = playout.mark("end")
        assert playout.due(0.4) == [Mark(name)]

    def test_waking_late_is_counted_and_brings_the_newest_sound(self) -> None:
        playout, sound = direct(), speech(2.0)
        phone = listen(playout, from_speaker(sound[:8000]), until=0.9)
        for index in range(50, 75):
            playout.original(sound[index * 160 : index * 160 + 160], 0.02 * index)
        phone.take(playout.due(1.5), 1.5)
        assert playout.late == 1
        assert phone.until == pytest.approx(1.5 + LEAD + 0.02)
        assert sound[65 * 160 : 66 * 160] in phone.sound

    def test_a_clear_drops_it_and_it_begins_anew(self) -> None:
        playout, sound = direct(), speech(2.0)
        phone = listen(playout, [*from_speaker(sound), (1.0, lambda playout, now: playout.clear())])
        after = phone.heard[next(index for index, (at, _) in enumerate(phone.heard) if at > 1.03)]
        assert after[0] == pytest.approx(1.0 + DELAY, abs=0.021)


class TestBoth:
    @pytest.mark.parametrize("offset", [0.0, 0.004, 0.011, 0.019])
    def test_the_interpreter_begins_at_the_frame_nearest_to_its_time(self, offset: float) -> None:
        sound = speech(1.0)
        playout = Playout()
        playout.original_under = -120.0
        events = [*from_speaker(speech(5.0, voice=2)), *from_interpreter(sound + QUIET * 8000, first=2.0 + offset)]
        line = listen(playout, events).line
        assert line.index(sound[400:]) / 8000 - 0.05 == pytest.approx(2.0 + offset + CUSHION, abs=0.0101)

    def test_no_word_of_it_is_lost_or_changed_where_the_speaker_is_too_soft_to_matter(self) -> None:
        sound = speech(3.0) + QUIET * 2400 + speech(2.0, voice=3)
        playout = Playout()
        playout.original_under = -120.0
        events = [*from_speaker(speech(9.0, voice=2)), *from_interpreter(sound + QUIET * 8000, first=2.0)]
        line = listen(playout, events).line
        assert sound[400 : 3 * 8000] in line
        assert sound[3 * 8000 + 2400 + 400 :] in line

    def test_a_message_up_to_65_ms_late_makes_no_gap(self) -> None:
        sound = speech(2.0)
        playout = Playout()
        playout.original_under = -120.0
        late = [0.0, 0.0, 0.065, 0.0, 0.04, 0.0, 0.065, 0.0]
        spoken = [
            (2.0 + 0.25 * index + late[index], lambda playout, now, part=part: playout.push(part, now))
            for index, (_, part) in enumerate(messages(sound))
        ]
        assert sound[400:] in listen(playout, [*from_speaker(speech(6.0, voice=2)), *spoken]).line
        assert playout.underruns == 1  # at its very end only

    def test_a_mark_leaves_with_the_sound_of_the_interpreter_before_it(self) -> None:
        playout = Playout()
        sound, seen = speech(1.0), []
        events = [
            *from_speaker(speech(4.0, voice=2)),
            (2.0, lambda playout, now: playout.push(sound, now)),
            (2.0, lambda playout, now: seen.append(playout.mark("said"))),
        ]
        [(moment, name)] = listen(playout, events).marks
        assert [name] == seen
        assert moment == pytest.approx(2.0 + CUSHION + 1.0 - LEAD - 0.02, abs=0.011)

    def test_the_backlog_is_the_interpreters(self) -> None:
        playout, seen = Playout(), []
        events = [
            *from_speaker(speech(4.0, voice=2)),
            (2.0, lambda playout, now: playout.push(speech(1.0), now)),
            (2.0, lambda playout, now: seen.append(playout.backlog(now))),
            (2.5, lambda playout, now: seen.append(playout.backlog(now))),
        ]
        listen(playout, events)
        assert seen == pytest.approx([1.0 + CUSHION, 0.5 + CUSHION], abs=0.0101)

    def test_a_speaker_who_begins_while_the_interpreter_speaks_is_60_to_80_ms_late(self) -> None:
        sound, playout = speech(1.0), direct()
        events = [*from_interpreter(b"\xfd" * 24000), *from_speaker(sound, first=1.013)]
        line = listen(playout, events).line
        assert 1.013 + DELAY <= line.index(sound) / 8000 <= 1.013 + DELAY + 0.0201

    def test_the_line_is_even_all_the_time(self) -> None:
        playout = Playout()
        spoken = (speech(1.3) + QUIET * 5600) * 4
        phone = listen(playout, [*from_speaker(speech(12.0, voice=2)), *from_interpreter(spoken, first=1.0)])
        assert phone.gaps() == []
        assert phone.furthest <= LEAD + 1e-6
        assert playout.late == 0

    def test_after_the_speaker_has_stopped_the_interpreter_goes_on_undisturbed(self) -> None:
        sound = speech(3.0)
        playout = Playout()
        events = [*from_speaker(speech(2.0, voice=2)), *from_interpreter(sound + QUIET * 4000, first=1.0)]
        phone = listen(playout, events)
        assert sound[10000:] in phone.line
        assert phone.gaps() == []
        assert playout.underruns == 0

    def test_switching_to_and_fro_never_breaks_the_line(self) -> None:
        playout = Playout()
        flips = [event for at in range(1, 20) for event in switched(at / 4, direct=at % 2 == 0)]
        phone = listen(
            playout, [*from_speaker(speech(6.0)), *from_interpreter(speech(3.0, voice=2), first=1.0), *flips]
        )
        assert phone.gaps() == []


def test_a_stream_that_is_never_told_of_a_speaker_behaves_as_ever() -> None:
    sound = speech(2.0) + QUIET * 8000
    told = Playout()
    told.direct = told.comfort = True
    assert play(told, messages(sound)).heard == play(Playout(), messages(sound)).heard


def test_a_phone_that_waited_ten_seconds_hears_what_is_new() -> None:
    playout, sound = direct(), speech(12.0)
    phone = Phone()
    for index in range(600):
        now = 0.02 * index
        playout.original(sound[index * 160 : index * 160 + 160], now)
        if not 1.0 < now < 11.0:
            phone.take(playout.due(now), now)
    assert phone.until == pytest.approx(12.0, abs=0.15)
    assert playout.late == 1
