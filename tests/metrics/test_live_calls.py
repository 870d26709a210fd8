from telephony.calls.observer import Role
from telephony.calls.state import CallState
from telephony.metrics.live_calls import FRESH_S, MOST, LiveCalls


def test_a_call_is_remembered_until_it_ends() -> None:
    calls = LiveCalls()
    began = calls.moved("one", CallState.CHOOSING, 5.0)
    assert calls.find("one") is began
    assert calls.moved("one", CallState.ENDED, 9.0).began == 5.0
    assert calls.find("one") is None


def test_calls_whose_end_is_never_told_are_forgotten_in_the_end() -> None:
    calls = LiveCalls()
    for number in range(MOST + 10):
        calls.moved(str(number), CallState.TALKING, 0.0)
    assert calls.by_state().total() == MOST
    assert calls.find("0") is None
    assert calls.find(str(MOST + 9))


def test_a_line_tells_of_itself_since_it_began_and_counts_what_is_new() -> None:
    calls = LiveCalls()
    assert calls.new_of_line("one", "caller", {"lost": 2.0}) == {"lost": 2.0}
    assert calls.new_of_line("one", "caller", {"lost": 5.0, "stops": 1.0}) == {"lost": 3.0, "stops": 1.0}
    assert calls.new_of_line("one", "agent", {"lost": 5.0}) == {"lost": 5.0}


def test_a_line_that_counts_anew_takes_nothing_back() -> None:
    calls = LiveCalls()
    calls.new_of_line("one", "caller", {"lost": 5.0})
    assert calls.new_of_line("one", "caller", {"lost": 1.0}) == {"lost": 0.0}


def test_each_direction_has_its_own_session() -> None:
    calls = LiveCalls()
    live = calls.moved("one", CallState.TALKING, 0.0)
    live.sessions = {Role.CALLER: 10.0, Role.AGENT: 11.0}
    assert calls.sessions(11.0) == 2
    assert calls.sessions(10.0 + FRESH_S) == 1
