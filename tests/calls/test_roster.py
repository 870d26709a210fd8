from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.agent import EVERYBODY, Agent, AgentState, Circle
from telephony.calls.hours import Hours, parse_line
from telephony.calls.roster import Agents, Roster, agents_of

NOON = datetime(2025, 7, 7, 12, tzinfo=UTC)
EVENING = datetime(2025, 7, 7, 20, tzinfo=UTC)
BY_DAY = Hours(parse_line("08:00-18:00"), ZoneInfo("UTC"))

ANNA = Agent("Anna", "+12025550121", ("en",))
BO = Agent("Bo", "+12025550122", ("en", "es"))
CLEO = Agent("Cleo", "+12025550123", ("en",))


def next_name(
    roster: Agents, language: str = "fr", tried: tuple[str, ...] = (), now: float = 0.0, circle: Circle = EVERYBODY
) -> str | None:
    agent = roster.take_next(language, circle, tried, now, NOON)
    return agent.name if agent else None


def test_who_speaks_the_callers_language_comes_first() -> None:
    assert next_name(Roster([ANNA, BO, CLEO]), "es") == "Bo"


def test_who_speaks_it_comes_before_who_has_a_better_priority() -> None:
    favourite = Agent("Dan", "client:dan", ("en",), priority=1)
    speaker = Agent("Eve", "client:eve", ("es",), priority=9)
    assert next_name(Roster([favourite, speaker]), "es") == "Eve"


def test_among_equals_the_lowest_priority_comes_first() -> None:
    second = Agent("Second", "client:second", ("en",), priority=2)
    assert next_name(Roster([second, ANNA])) == "Anna"


def test_then_comes_who_has_been_idle_for_longest() -> None:
    roster = Roster([ANNA, BO, CLEO])
    for now in (1.0, 2.0, 3.0):
        next_name(roster, now=now)
    for now, name in ((10.0, "Bo"), (11.0, "Cleo"), (12.0, "Anna")):
        roster.release(name, now, talked=True)
    assert [next_name(roster, now=20.0) for _ in range(4)] == ["Bo", "Cleo", "Anna", None]


def test_at_first_the_order_is_that_of_the_roster() -> None:
    roster = Roster([CLEO, ANNA, BO])
    assert [next_name(roster) for _ in range(3)] == ["Cleo", "Anna", "Bo"]


def test_who_did_not_pick_up_goes_to_the_end_of_those_who_are_equal() -> None:
    roster = Roster([ANNA, BO])
    assert next_name(roster, now=1.0) == "Anna"
    roster.release("Anna", now=26.0)
    assert next_name(roster, now=30.0) == "Bo"


def test_becoming_ready_counts_as_the_beginning_of_being_idle() -> None:
    roster = Roster([ANNA, BO])
    roster.take_next(None, EVERYBODY, (), 1.0, NOON)
    roster.release("Anna", 5.0)
    roster.set_state("Bo", AgentState.AWAY, 6.0)
    roster.set_state("Bo", AgentState.READY, 9.0)
    assert next_name(roster, now=10.0) == "Anna"


def test_saying_ready_when_one_is_ready_costs_nobody_the_turn() -> None:
    roster = Roster([ANNA, BO])
    roster.set_state("Anna", AgentState.READY, 9.0)
    assert next_name(roster, now=10.0) == "Anna"


def test_agents_known_by_address_only_are_rung_in_their_order_every_time() -> None:
    roster = Roster.of_addresses(("+12025550122", "client:agent_7", "sip:agent@pbx.example.com"), "en")
    for now in range(3):
        tried: list[str] = []
        while (agent := roster.take_next("es", EVERYBODY, tried, now, NOON)) is not None:
            tried.append(agent.name)
        for name in tried:
            roster.release(name, now + 0.5, talked=True)
        assert tried == ["agent-1", "agent-2", "agent-3"]


def test_agents_of_addresses_are_always_there_and_speak_the_agents_language() -> None:
    (agent,) = agents_of(("+12025550122",), "de")
    assert (agent.name, agent.address, agent.languages, agent.hours) == ("agent-1", "+12025550122", ("de",), None)


def test_one_who_was_tried_off_duty_away_or_of_another_circle_is_passed_over() -> None:
    off_duty = Agent("Off", "client:off", ("fr",), hours=BY_DAY)
    roster = Roster([off_duty, ANNA, BO, CLEO])
    roster.set_state("Anna", AgentState.AWAY, 0.0)
    circle = Circle(names=frozenset({"Off", "Anna", "Bo"}))
    assert roster.take_next("fr", circle, ["Bo"], 0.0, EVENING) is None
    taken = roster.take_next("fr", circle, ["Bo"], 0.0, NOON)
    assert taken == off_duty


def test_one_who_is_taken_is_nobody_elses_until_released() -> None:
    roster = Roster([ANNA])
    assert next_name(roster) == "Anna"
    assert next_name(roster) is None
    roster.release("Anna", 1.0)
    assert next_name(roster) == "Anna"


def test_one_may_be_taken_by_name_once() -> None:
    roster = Roster([ANNA])
    assert roster.take("Anna")
    assert not roster.take("Anna")
    assert not roster.take("Nobody")
    assert next_name(roster) is None


def test_releasing_somebody_who_is_free_or_nobody_changes_no_turn() -> None:
    roster = Roster([ANNA, BO])
    roster.release("Anna", 5.0)
    roster.release("Nobody", 5.0)
    roster.release("", 5.0)
    assert next_name(roster, now=6.0) == "Anna"


def test_after_a_talk_an_agent_is_in_wrap_up_and_then_ready_by_himself() -> None:
    roster = Roster([Agent("Dan", "client:dan", ("en",), wrap_up_s=20.0)])
    next_name(roster)
    roster.release("Dan", 100.0, talked=True)
    assert roster.states(110.0, NOON)[0].state is AgentState.WRAP_UP
    assert roster.next_due(110.0) == 120.0
    assert next_name(roster, now=119.9) is None
    assert next_name(roster, now=120.0) == "Dan"
    assert roster.next_due(120.0) is None


def test_there_is_no_wrap_up_after_ringing_for_nothing() -> None:
    roster = Roster([Agent("Dan", "client:dan", ("en",), wrap_up_s=20.0)])
    next_name(roster)
    roster.release("Dan", 100.0)
    assert next_name(roster, now=100.0) == "Dan"


def test_who_is_ready_early_ends_his_wrap_up() -> None:
    roster = Roster([Agent("Dan", "client:dan", ("en",), wrap_up_s=20.0)])
    next_name(roster)
    roster.release("Dan", 100.0, talked=True)
    roster.set_state("Dan", AgentState.READY, 105.0)
    assert next_name(roster, now=105.0) == "Dan"


def test_a_wrap_up_without_a_length_lasts_until_the_agent_is_ready() -> None:
    roster = Roster([ANNA])
    roster.set_state("Anna", AgentState.WRAP_UP, 0.0)
    assert next_name(roster, now=1e6) is None
    assert roster.next_due(1e6) is None
    roster.set_state("Anna", AgentState.READY, 1e6)
    assert next_name(roster, now=1e6) == "Anna"


def test_who_goes_away_during_a_talk_stays_away_after_it() -> None:
    roster = Roster([Agent("Dan", "client:dan", ("en",), wrap_up_s=20.0)])
    next_name(roster)
    roster.set_state("Dan", AgentState.AWAY, 50.0)
    assert roster.states(60.0, NOON)[0].busy
    roster.release("Dan", 100.0, talked=True)
    assert next_name(roster, now=1000.0) is None


def test_the_state_of_nobody_cannot_be_set() -> None:
    assert not Roster([ANNA]).set_state("Nobody", AgentState.AWAY, 0.0)


def test_an_agent_is_found_by_name_and_by_address() -> None:
    roster = Roster([ANNA, BO])
    assert roster.find("Bo") == roster.find_by_address("+12025550122") == BO
    assert roster.find("Nobody") is roster.find_by_address("+12025550199") is None


def test_states_tell_everything_but_where_somebody_is_reached() -> None:
    roster = Roster([ANNA, Agent("Dan", "client:dan", ("en",), hours=BY_DAY)])
    roster.take("Anna")
    roster.set_state("Dan", AgentState.AWAY, 0.0)
    states = roster.states(1.0, EVENING)
    assert [(one.name, one.state, one.busy, one.on_duty) for one in states] == [
        ("Anna", "ready", True, True),
        ("Dan", "away", False, False),
    ]
    assert "555" not in repr(states)


def test_states_and_calls_survive_other_agents() -> None:
    roster = Roster([ANNA, BO, CLEO])
    roster.take("Anna")
    roster.set_state("Bo", AgentState.AWAY, 0.0)
    roster.replace([ANNA, BO, Agent("Dan", "client:dan", ("en",))])
    assert [next_name(roster) for _ in range(2)] == ["Dan", None]
    roster.release("Anna", 1.0)
    assert next_name(roster, now=2.0) == "Anna"


def test_an_agent_who_left_during_a_call_is_let_go_harmlessly() -> None:
    roster = Roster([ANNA, BO])
    roster.take("Anna")
    roster.replace([BO])
    roster.release("Anna", 5.0, talked=True)
    assert [one.name for one in roster.states(5.0, NOON)] == ["Bo"]
    roster.replace([ANNA, BO])
    roster.take("Bo")
    assert next_name(roster, now=6.0) == "Anna"


def test_an_agent_who_left_and_came_back_during_a_call_is_still_busy() -> None:
    roster = Roster([ANNA])
    roster.take("Anna")
    roster.replace([])
    roster.replace([ANNA])
    assert next_name(roster) is None


def test_a_telephone_in_use_is_busy_under_another_name_too() -> None:
    roster = Roster([ANNA])
    roster.take("Anna")
    roster.replace([Agent("Anna B.", ANNA.address, ("en",))])
    assert next_name(roster) is None
    assert not roster.take("Anna B.")
    assert roster.states(0.0, NOON)[0].busy
    roster.release("Anna", 1.0)
    assert next_name(roster, now=2.0) == "Anna B."


@given(st.lists(st.tuples(st.sampled_from(["take", "release", "away", "ready", "wrap-up"]), st.integers(0, 3))))
def test_no_agent_ever_has_two_calls(steps: list[tuple[str, int]]) -> None:
    everybody = [Agent(f"a{n}", f"client:a{n}", ("en",), wrap_up_s=2.0 * n) for n in range(4)]
    roster, held = Roster(everybody), set[str]()
    for now, (step, n) in enumerate(steps):
        if step == "take":
            agent = roster.take_next("en", EVERYBODY, (), now, NOON)
            assert agent is None or agent.name not in held
            held |= {agent.name} if agent else set()
        elif step == "release":
            roster.release(f"a{n}", now, talked=True)
            held.discard(f"a{n}")
        else:
            roster.set_state(f"a{n}", AgentState(step), now)
        assert {one.name for one in roster.states(now, NOON) if one.busy} == held
