from telephony.simulator.scenario import AgentPhone, Answers, End, Who
from tests.simulator.scenes import AGENT, SECOND, caller, scenario, talk

TWO = (AgentPhone(AGENT, 0.0, Answers.BUSY), AgentPhone(SECOND, 0.0, Answers.ACCEPTS))


def test_the_talk_begins_when_both_parties_have_sound() -> None:
    both = talk(scenario(agents=TWO, end=End(Who.AGENT, at=1.0)))
    assert not both.sound_began(both.caller, 10.0)
    assert both.began is None
    assert both.sound_began(both.agents[1], 14.0)
    assert both.began == 14.0
    assert both.agents[1].hangs_up(15.0)
    assert not both.agents[0].hangs_up(15.0)


def test_the_caller_hears_it_ring_from_its_own_stream_on() -> None:
    both = talk(scenario(end=End(Who.CALLER, ringing=2.0)))
    both.sound_began(both.caller, 10.0)
    assert both.caller.hangs_up(12.0)


def test_an_agent_who_was_there_first_does_not_wait_for_ringback() -> None:
    both = talk(scenario(end=End(Who.CALLER, ringing=2.0)))
    assert not both.sound_began(both.agents[0], 9.0)
    assert both.sound_began(both.caller, 10.0)
    assert not both.caller.hangs_up(99.0)


def test_a_party_whose_stream_has_ended_is_not_connected() -> None:
    both = talk(scenario())
    both.sound_began(both.caller, 10.0)
    both.sound_ended(both.caller)
    assert not both.sound_began(both.agents[0], 11.0)
    assert both.began is None


def test_phones_of_another_call_do_not_matter() -> None:
    both = talk(scenario())
    both.sound_began(both.caller, 10.0)
    assert not both.sound_began(caller(scenario(caller_number=SECOND)), 11.0)
