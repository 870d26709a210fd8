import pytest

from telephony.simulator.manners import Manners, Words
from telephony.simulator.phone import LINE_NOISE, LineEvent, Phone, Told
from telephony.simulator.scenario import AgentPhone, Answers, End, Scenario, Who
from tests.simulator.scenes import AGENT, CALLER, agent, caller, line, loud_seconds, press, scenario, share, tone

LATER = 10_000.0


def said(phone: Phone, since: float, seconds: float) -> bytes:
    return b"".join(phone.frame(since + place * 0.02) for place in range(round(seconds / 0.02)))


def answering(answers: Answers, rings: float = 0.0, **more: object) -> Scenario:
    return scenario(agents=(AgentPhone(AGENT, rings, answers),), **more)


def test_a_key_is_a_signal_alone_or_on_the_line_as_well() -> None:
    for sounds in (False, True):
        phone = caller(scenario(keys=(press(Who.CALLER, "5", at=1.0, sounds=sounds),)))
        phone.talk_began(100.0)
        sound = said(phone, 100.0, 2.0)
        assert loud_seconds(sound) == pytest.approx(0.1 if sounds else 0.0)
        assert loud_seconds(sound[:8000]) == 0.0
        assert phone.keys_due(101.0) == "5"


def test_keys_sound_over_what_is_said() -> None:
    phone = caller(
        scenario(lines=(line("c1", Who.CALLER, 0.0),), keys=(press(Who.CALLER, "1", at=0.1, sounds=True),)),
        {"c1": tone(440, 0.3)},
    )
    phone.talk_began(100.0)
    sound = said(phone, 100.0, 0.3)
    assert share(sound[:800], 440) > 0.95
    during = sound[800:1600]
    assert min(share(during, hertz) for hertz in (440, 697, 1209)) > 0.1
    assert share(sound[1600:], 440) > 0.95


def test_a_quiet_line_is_plus_and_minus_zero_by_turns() -> None:
    assert caller(scenario()).frame(5.0) == LINE_NOISE == bytes([0xFF, 0x7F] * 80)


def test_a_line_is_said_at_its_time_of_the_talk_and_byte_for_byte() -> None:
    recording = tone(440, 0.5)[:-37]
    phone = caller(scenario(lines=(line("c1", Who.CALLER, 1.0),)), {"c1": recording})
    phone.talk_began(100.0)
    sound = said(phone, 100.0, 2.0)
    assert sound[8000 : 8000 + len(recording)] == recording
    assert set(sound[:8000] + sound[8000 + len(recording) :]) == {0xFF, 0x7F}
    began, ended = phone.line_events()
    assert began == LineEvent("c1", 101.0, over=False)
    assert ended.over
    assert abs(ended.at - 101.0 - len(recording) / 8000) < 0.001
    assert phone.line_events() == []


def test_nothing_is_said_before_the_talk() -> None:
    phone = caller(scenario(lines=(line("c1", Who.CALLER, 0.0),)), {"c1": tone(440, 0.5)})
    assert set(said(phone, 100.0, 1.0)) == {0xFF, 0x7F}


def test_a_party_says_its_own_lines_one_after_the_other() -> None:
    lines = (line("c2", Who.CALLER, 0.1), line("a1", Who.AGENT, 0.0), line("c1", Who.CALLER, 0.0))
    one, two = tone(440, 0.2), tone(880, 0.2)
    phone = caller(scenario(lines=lines), {"c1": one, "c2": two})
    phone.talk_began(0.0)
    assert said(phone, 0.0, 0.4) == one + two


def test_keys_are_pressed_so_long_after_the_question_they_answer() -> None:
    phone = caller(scenario(keys=(press(Who.CALLER, "2", gather=2, after=1.5),)))
    phone.asked(1, 10.0)
    assert phone.keys_due(LATER) == ""
    phone.asked(2, 20.0)
    assert phone.keys_due(21.4) == ""
    assert phone.keys_due(21.5) == "2"
    assert phone.keys_due(LATER) == ""


def test_several_keys_are_pressed_one_after_the_other() -> None:
    phone = caller(scenario(keys=(press(Who.CALLER, "12#", at=3.0),)))
    phone.talk_began(10.0)
    assert [phone.keys_due(now) for now in (12.9, 13.0, 13.1, 13.6)] == ["", "1", "", "2#"]


def test_a_spoken_question_is_answered_in_words() -> None:
    phone = caller(scenario())
    phone.manners = Manners(words=(Words(1, "español", 0.5),))
    phone.asked(1, 1.0)
    assert phone.words_due(1.4) == ""
    assert phone.words_due(1.5) == "español"
    assert phone.words_due(LATER) == ""


def test_an_agent_who_accepts_presses_one() -> None:
    phone = agent(answering(Answers.ACCEPTS, rings=2.0))
    assert (phone.number, phone.manners.rings) == (AGENT, 2.0)
    phone.asked(1, 0.0)
    assert phone.keys_due(LATER) == "1"
    assert not phone.hangs_up(LATER)


def test_the_scenario_may_say_what_an_agent_presses_instead() -> None:
    phone = agent(answering(Answers.ACCEPTS, keys=(press(Who.AGENT, "5", gather=1),)))
    phone.asked(1, 0.0)
    assert phone.keys_due(LATER) == "5"


def test_an_agent_who_refuses_presses_two_and_then_puts_the_phone_down() -> None:
    phone = agent(answering(Answers.REFUSES))
    phone.asked(1, 0.0)
    assert phone.keys_due(2.0) == "2"
    assert not phone.hangs_up(2.0)
    assert phone.hangs_up(5.0)


def test_a_machine_presses_nothing_and_records_for_a_minute() -> None:
    phone = agent(answering(Answers.MACHINE))
    phone.answered(0.0)
    phone.asked(1, 1.0)
    assert phone.keys_due(LATER) == ""
    assert not phone.hangs_up(59.0)
    assert phone.hangs_up(60.0)


def test_who_ends_the_call_hangs_up_at_that_time_of_the_talk() -> None:
    scene = scenario(end=End(Who.CALLER, at=41.0))
    phone, other = caller(scene), agent(scene)
    for party in (phone, other):
        party.talk_began(100.0)
    assert not phone.hangs_up(140.9)
    assert phone.hangs_up(141.0)
    assert not other.hangs_up(LATER)


def test_a_caller_may_give_up_while_it_rings() -> None:
    phone = caller(scenario(end=End(Who.CALLER, ringing=3.0)))
    assert not phone.hangs_up(LATER)
    phone.ringback_began(10.0)
    assert not phone.hangs_up(12.9)
    assert phone.hangs_up(13.0)


def test_nobody_gives_up_waiting_once_the_talk_has_begun() -> None:
    phone = caller(scenario(end=End(Who.CALLER, ringing=3.0)))
    phone.ringback_began(10.0)
    phone.talk_began(12.0)
    assert not phone.hangs_up(LATER)


def test_what_is_said_and_heard_lies_on_one_axis() -> None:
    phone = caller(scenario(lines=(line("c1", Who.CALLER, 0.0),)), {"c1": tone(440, 0.02)})
    phone.talk_began(50.0)
    phone.frame(50.0)
    phone.hear(tone(880, 0.02), 50.5)
    assert phone.recording_said(49.98, 50.04) == b"\xff" * 160 + tone(440, 0.02) + b"\xff" * 160
    assert phone.recording_heard(50.4, 50.52)[-160:] == tone(880, 0.02)
    assert len(phone.recording_heard(40.0, 60.0)) == len(phone.recording_said(40.0, 60.0)) == 160_000


def test_what_the_carrier_tells_a_phone_is_kept_as_text() -> None:
    phone = caller(scenario())
    phone.told("Hola.", "es-ES", "Polly.Lucia", 3.0)
    assert phone.told_log == [Told("Hola.", "es-ES", "Polly.Lucia", 3.0)]
    assert phone.number == CALLER
    assert "Hola" not in repr(phone.told_log)
