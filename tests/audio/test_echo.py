"""Does what a party hears stay out of what it says, and what it says stay as it is?"""

import numpy as np
import pytest

from telephony.audio import g711
from telephony.audio.echo import EchoGate
from telephony.audio.echo_evidence import Doubt
from tests.audio.echoes import (
    FRAME,
    Open,
    Outcome,
    Phrases,
    Played,
    Scene,
    at_level,
    interpreter,
    lines,
    party,
    phrases,
    taking_turns,
)
from tests.audio.signals import Samples, from_pcm

FIRST_PHRASE = 4.5
"""Seconds by which the interpreter's first phrase and its echo are over."""


def through(scene: Scene) -> tuple[EchoGate, Outcome]:
    gate = EchoGate()
    return gate, scene.played().through(gate)


class TestAListenerWhoSaysNothing:
    @pytest.mark.parametrize("delay_ms", [60, 250, 600, 1180])
    @pytest.mark.parametrize("level_db", [-10, -20, -30])
    def test_is_not_heard(self, level_db: float, delay_ms: float) -> None:
        gate, outcome = through(Scene(interpreter(), level_db=level_db, delay_ms=delay_ms))
        assert outcome.suppression(FIRST_PHRASE) >= 30
        assert outcome.leaked_ms() <= 200
        assert gate.delay_ms == pytest.approx(delay_ms, abs=30)
        assert gate.level_db == pytest.approx(level_db, abs=1.5)

    def test_would_be_heard_without_the_gate(self) -> None:
        outcome = Scene(interpreter(), level_db=-10).played().through(Open())
        assert abs(outcome.suppression()) < 1
        assert outcome.leaked_ms() > 15_000

    def test_is_not_heard_whatever_the_carrier_s_buffer_does(self) -> None:
        _, outcome = through(Scene(interpreter(), level_db=-15, wander_ms=200))
        assert outcome.leaked_ms() <= 400

    @pytest.mark.parametrize("loudest", [900.0, 2500.0])
    def test_is_not_heard_through_a_loudspeaker_that_distorts(self, loudest: float) -> None:
        def damage(echo: Samples) -> Samples:
            return loudest * np.tanh(echo / loudest)

        _, outcome = through(Scene(interpreter(), level_db=-10, damage=damage))
        assert outcome.leaked_ms() <= 300

    def test_is_not_heard_for_long_after_turning_the_phone_up(self) -> None:
        def damage(echo: Samples) -> Samples:
            return echo * np.where(np.arange(len(echo)) < 16 * 8000, 1.0, 2.5)

        _, outcome = through(Scene(interpreter(), level_db=-22, damage=damage))
        assert outcome.leaked_ms() <= 500
        assert outcome.leaked_ms(20) <= 100

    def test_is_silence_to_the_bit_once_the_path_is_known(self) -> None:
        _, outcome = through(Scene(interpreter(), level_db=-15))
        alone = np.flatnonzero(outcome.echo_alone(FIRST_PHRASE)).tolist()
        silent = [outcome.out[place] == g711.SILENCE * FRAME for place in alone]
        assert np.mean(silent) > 0.98


class TestAPartyWithAHandset:
    @pytest.mark.parametrize("dbfs", [-15, -20, -30, -38])
    def test_passes_bit_for_bit_when_it_waits_for_its_turn(self, dbfs: float) -> None:
        far, near = taking_turns(dbfs)
        gate, outcome = through(Scene(far, near, level_db=None, seconds=60))
        assert list(outcome.out) == list(outcome.played.said)
        assert gate.removed_ms == gate.cancelled_ms == 0
        assert gate.delay_ms is None

    @pytest.mark.parametrize("dbfs", [-15, -20, -30, -38])
    def test_loses_no_more_than_a_syllable_of_the_call_when_both_talk(self, dbfs: float) -> None:
        gate, outcome = through(Scene(interpreter(), party(dbfs), level_db=None))
        assert outcome.cut_ms() <= 120
        assert outcome.cut_ms(FIRST_PHRASE) == 0
        assert gate.removed_ms <= 240
        assert gate.delay_ms is None

    def test_passes_bit_for_bit_where_nothing_is_heard(self) -> None:
        _, outcome = through(Scene((), party(-25)))
        assert list(outcome.out) == list(outcome.played.said)

    def test_is_not_cut_off_by_somebody_who_talks_into_its_sentence(self) -> None:
        sentence = at_level(np.concatenate(lines("clinic-appointment/c*.es.wav")), -34)
        _, outcome = through(Scene(interpreter(first=2.0), ((0.5, sentence),), level_db=None))
        assert outcome.cut_ms() == 0


class TestBothAtOnce:
    @pytest.mark.parametrize(("dbfs", "level_db", "kept"), [(-15, -10, 0.99), (-20, -10, 0.99), (-30, -10, 0.98)])
    def test_a_voice_over_a_loud_echo_is_kept_and_the_echo_taken_out_of_it(
        self, dbfs: float, level_db: float, kept: float
    ) -> None:
        _, outcome = through(Scene(interpreter(), party(dbfs), level_db=level_db))
        before, after = outcome.clean(FIRST_PHRASE)
        assert outcome.kept() >= kept
        assert after > max(15.0, before - 2)

    @pytest.mark.parametrize("dbfs", [-15, -20, -30, -38])
    def test_a_voice_over_a_soft_echo_is_kept_whole(self, dbfs: float) -> None:
        _, outcome = through(Scene(interpreter(), party(dbfs), level_db=-25))
        assert outcome.kept() >= 0.995
        assert outcome.cut_ms(FIRST_PHRASE) <= 400

    def test_a_voice_as_soft_as_the_echo_gains_ten_decibels(self) -> None:
        _, outcome = through(Scene(interpreter(), party(-36), level_db=-11))
        before, after = outcome.clean(FIRST_PHRASE)
        assert before < 4
        assert after > before + 8
        assert outcome.kept() > 0.9

    def test_frames_without_an_echo_worth_the_name_pass_bit_for_bit(self) -> None:
        _, outcome = through(Scene(interpreter(), party(-18), level_db=-28))
        assert outcome.untouched() > 0.9


class TestTakingTurnsOnASpeakerphone:
    @pytest.mark.parametrize(("dbfs", "level_db"), [(-24, -12), (-36, -25)])
    def test_the_answer_passes_whole_and_the_echo_does_not(self, dbfs: float, level_db: float) -> None:
        far, near = taking_turns(dbfs)
        _, outcome = through(Scene(far, near, level_db=level_db, delay_ms=250, seconds=60))
        assert outcome.leaked_ms() <= 100
        assert outcome.cut_ms() <= 40
        assert outcome.untouched() > 0.97


class TestTheWire:
    @pytest.mark.parametrize("size", [1, 37, 80, 160, 161, 800, 4000])
    def test_as_much_leaves_as_came_whatever_the_size(self, size: int) -> None:
        gate = EchoGate()
        sound = b"".join(Scene(interpreter(), seconds=4).played().said)
        for at in range(0, len(sound) if size > 1 else 200, size):
            now = 5.0 + at / 8000
            gate.heard(sound[at : at + size], now)
            assert len(gate.said(sound[at : at + size], now)) == len(sound[at : at + size])
        assert gate.said(b"", 50.0) == b""

    @pytest.mark.parametrize("bunch", [1, 5])
    def test_frames_may_come_late_and_in_bunches(self, bunch: int) -> None:
        played = Scene(interpreter(), level_db=-15).played()
        gate, out, waiting = EchoGate(), [], []
        for place, (sent, said) in enumerate(zip(played.sent, played.said, strict=True)):
            now = 100 + place * 0.02
            if sent is not None:
                gate.heard(sent, now + 0.007 * (place % 3))
            waiting.append(said)
            if len(waiting) == bunch:
                out += [gate.said(frame, now + 0.011 * (place % 2)) for frame in waiting]
                waiting = []
        assert Outcome(played, (*out, *waiting)).leaked_ms() <= 100

    def test_a_pause_of_the_carrier_moves_nothing_for_long(self) -> None:
        played = Scene(interpreter(), level_db=-15).played()
        gate, out = EchoGate(), []
        for place, (sent, said) in enumerate(zip(played.sent, played.said, strict=True)):
            if sent is not None:
                gate.heard(sent, 100 + place * 0.02)
            out.append(gate.said(said, 100 + place * 0.02 + (0.6 if 900 <= place < 930 else 0.0)))
        assert Outcome(played, tuple(out)).leaked_ms() <= 500

    def test_the_clock_may_stand_anywhere(self) -> None:
        played = Scene(interpreter(), level_db=-15, seconds=12).played()
        early, late = (played.through(EchoGate(), start).out for start in (0.0, 3_000_000.0))
        assert early == late

    def test_sound_that_comes_back_from_nowhere_is_a_voice(self) -> None:
        played = Scene(interpreter(), level_db=-15, seconds=12).played()
        gate = EchoGate()
        assert [gate.said(frame, place * 0.02) for place, frame in enumerate(played.said)] == list(played.said)


class TestTheTrade:
    """How much is held back while nothing is known can be chosen; the gate's own choice is the lenient one."""

    def test_more_doubt_cuts_more_of_a_voice(self) -> None:
        cut = [self.played(None).through(EchoGate(Doubt(first=first))).cut_ms() for first in (0, 12, 60)]
        assert cut[0] == 0
        assert cut[0] <= cut[1] <= cut[2]

    def test_no_doubt_lets_the_first_sounds_of_an_echo_through(self) -> None:
        leaked = [self.played(-10).through(EchoGate(Doubt(first, first, first))).leaked_ms() for first in (0, 12)]
        assert leaked[0] > leaked[1] + 100

    def played(self, level_db: float | None) -> Played:
        near: Phrases = party(-34, first=1.4) if level_db is None else ()
        return Scene(interpreter(), near, level_db=level_db).played()


def test_figures_add_up() -> None:
    gate, outcome = through(Scene(interpreter(), party(-28), level_db=-15))
    silenced = [
        out == g711.SILENCE * FRAME and out != said for out, said in zip(outcome.out, outcome.played.said, strict=True)
    ]
    changed = [
        out != said and out != g711.SILENCE * FRAME for out, said in zip(outcome.out, outcome.played.said, strict=True)
    ]
    assert gate.removed_ms == 20 * sum(silenced)
    assert gate.cancelled_ms == pytest.approx(20 * sum(changed), abs=100)
    assert 0 <= gate.doubted_ms <= gate.removed_ms


def test_a_tone_is_not_mistaken_for_what_is_said_over_it() -> None:
    tone = 3000 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    _, outcome = through(Scene(tuple((at, tone) for at in (1.0, 4.0, 7.0)), party(-28), level_db=None, seconds=20))
    assert outcome.kept() > 0.98


def test_phrases_lie_where_they_are_put() -> None:
    ((first, one), (second, _)) = phrases(lines("clinic-appointment/a*.en.wav")[:2], -25, 1.0, 0.5)
    assert first == 1.0
    assert second == pytest.approx(1.5 + len(one) / 8000)
    assert len(from_pcm(g711.decode(b"".join(Scene(((first, one),), seconds=6).played().said)))) == 48_000
