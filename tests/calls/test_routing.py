"""What becomes of each voice, by what is known of the two languages."""

import pytest

from telephony.calls.observer import Role
from telephony.calls.routing import PLAIN, PROVISIONAL, Route, route
from telephony.calls.tongues import AUTO, Tongues

CALLER, AGENT = Role.CALLER, Role.AGENT


def routes(caller: str, agent: str, *heard: tuple[Role, str]) -> tuple[Route, Route]:
    tongues = Tongues({CALLER: caller, AGENT: agent})
    for role, language in heard:
        for second in range(10):
            tongues.heard(role, language, "twelve chars to", second)
    return route(CALLER, tongues, interpreting=True), route(AGENT, tongues, interpreting=True)


def interpreted(target: str, *, direct: bool = False) -> Route:
    return Route(target, direct=direct, plays=True)


def test_each_is_interpreted_into_what_the_other_chose() -> None:
    assert routes("es", "en") == (interpreted("en"), interpreted("es"))


def test_while_the_callers_language_is_not_known_the_caller_hears_the_agents_voice_and_nobody_else_does() -> None:
    assert routes(AUTO, "en") == (interpreted("en"), PLAIN)


def test_once_it_is_known_the_agent_is_interpreted_into_it() -> None:
    assert routes(AUTO, "en", (CALLER, "es-419")) == (interpreted("en"), interpreted("es"))


def test_where_neither_is_known_both_are_listened_to_and_hear_each_other() -> None:
    listening = Route(PROVISIONAL, direct=True, plays=False)
    assert routes(AUTO, AUTO) == (listening, listening)
    assert routes(AUTO, AUTO, (CALLER, "es")) == (listening, interpreted("es"))
    assert routes(AUTO, AUTO, (CALLER, "es"), (AGENT, "fr")) == (interpreted("fr"), interpreted("es"))


@pytest.mark.parametrize("caller", ["es", AUTO])
def test_two_who_turn_out_to_speak_the_same_hear_each_other_while_the_sessions_listen_on(caller: str) -> None:
    of_caller, of_agent = routes(caller, "en", (CALLER, "en-US"))
    assert of_caller == interpreted("en", direct=True)
    assert of_agent == interpreted("en" if caller == AUTO else "es", direct=True)


def test_no_session_while_nobody_interprets() -> None:
    tongues = Tongues({CALLER: "es", AGENT: "en"})
    assert route(CALLER, tongues, interpreting=False) == PLAIN
