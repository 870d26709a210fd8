from telephony.calls.agents import Agents

FIRST, SECOND, THIRD = "+12025550122", "client:agent_7", "sip:agent@pbx.example.com"


def test_agents_are_taken_in_order() -> None:
    agents = Agents((FIRST, SECOND, THIRD))
    tried = set[str]()
    taken = []
    while (address := agents.take_next(tried)) is not None:
        taken.append(address)
        tried.add(address)
    assert taken == [FIRST, SECOND, THIRD]


def test_one_who_was_tried_is_passed_over() -> None:
    assert Agents((FIRST, SECOND)).take_next({FIRST}) == SECOND


def test_one_who_is_rung_for_another_call_is_passed_over() -> None:
    agents = Agents((FIRST, SECOND))
    assert agents.take_next(set()) == FIRST
    assert agents.take_next(set()) == SECOND
    assert agents.take_next(set()) is None


def test_one_who_is_released_is_first_again() -> None:
    agents = Agents((FIRST, SECOND))
    agents.take_next(set())
    agents.release(FIRST)
    assert agents.take_next(set()) == FIRST


def test_releasing_somebody_who_is_free_or_nobody_is_fine() -> None:
    agents = Agents((FIRST,))
    agents.release(None)
    agents.release(FIRST)
    agents.release(SECOND)
    assert agents.take_next(set()) == FIRST
    assert agents.take_next(set()) is None


def test_without_a_free_agent_there_is_none() -> None:
    assert Agents(()).take_next(set()) is None
    assert Agents((FIRST,)).take_next({FIRST}) is None
