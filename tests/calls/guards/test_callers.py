from telephony.calls.guards.callers import HOUR, MOST_TIMES, RecentCallers


def test_calls_of_the_last_hour_count_by_caller() -> None:
    callers = RecentCallers()
    for now in (0.0, 10.0, 20.0):
        callers.add("a", now)
    callers.add("b", 20.0)
    assert callers.within(HOUR, "a", 20.0) == 3
    assert callers.within(HOUR, "b", 20.0) == 1
    assert callers.within(HOUR, "c", 20.0) == 0


def test_the_window_slides() -> None:
    callers = RecentCallers()
    for now in (0.0, 1000.0):
        callers.add("a", now)
    assert callers.within(HOUR, "a", HOUR - 0.1) == 2
    assert callers.within(HOUR, "a", HOUR) == 1
    assert callers.within(60.0, "a", 1059.0) == 1


def test_who_has_not_called_for_an_hour_is_forgotten() -> None:
    callers = RecentCallers()
    for n in range(100):
        callers.add(f"c{n}", 0.0)
    callers.add("late", HOUR)
    assert len(callers) == 1


def test_memory_is_bounded_and_those_who_call_are_kept() -> None:
    callers = RecentCallers(most=10)
    for n in range(1000):
        callers.add("often", float(n))
        callers.add(f"c{n}", float(n))
    assert len(callers) == 10
    assert callers.within(HOUR, "often", 1000.0) == MOST_TIMES
