"""What the desk does in a call that is up."""

import asyncio
from dataclasses import replace

import pytest

from telephony.api.desk import NotNow
from telephony.api.switchboard_desk import SwitchboardDesk
from telephony.calls.ports import NoRegister
from telephony.calls.profile import Profile
from telephony.calls.state import CallState, Outcome
from tests.calls.line import Played, play, quiet_call

INTERPRETER = "+12025550177"


def with_interpreter(profile: Profile) -> Profile:
    return replace(profile, messages=False, human_interpreter=INTERPRETER)


def desk_of(played: Played) -> SwitchboardDesk:
    return SwitchboardDesk(played.switchboard, played.switchboard._house, NoRegister(), None)


class Watch:
    """Does something once, when the two have talked for a while."""

    def __init__(self, act: str) -> None:
        self.dialled: list[str] = []
        self.refused: list[str] = []
        self._act = act
        self._acts = False

    def arrange(self, played: Played) -> None:
        told, control = played.tell, played.carrier.dial

        def tell(news: object) -> None:
            told(news)  # type: ignore[arg-type]
            if played.states and played.states[-1] is CallState.TALKING and not self._acts:
                self._acts = True
                asyncio.get_running_loop().call_later(3.0, self._do, desk_of(played))

        async def dial(address: str, **more: object) -> str:
            self.dialled.append(address)
            return await control(address, **more)  # type: ignore[arg-type]

        played.tell = tell  # type: ignore[method-assign]
        played.carrier.dial = dial  # type: ignore[method-assign]

    def _do(self, desk: SwitchboardDesk) -> None:
        (call,) = desk.live()
        try:
            getattr(desk, self._act)(call.id)
        except NotNow as why:
            self.refused.append(str(why))


def test_a_human_interpreter_is_dialled_into_a_talk() -> None:
    watch = Watch("call_human")
    play(quiet_call(talk=40.0), arrange=watch.arrange, change=with_interpreter)
    assert INTERPRETER in watch.dialled
    assert watch.refused == []


def test_a_line_without_a_human_interpreter_says_so() -> None:
    watch = Watch("call_human")
    play(quiet_call(talk=20.0), arrange=watch.arrange)
    assert "numbers.toml" in watch.refused[-1]
    assert len(watch.dialled) == 1


def test_a_talk_that_is_hung_up_ends_so() -> None:
    played = play(quiet_call(talk=40.0), arrange=Watch("hang_up").arrange)
    assert played.outcome is Outcome.ENDED_BY_REQUEST


@pytest.mark.parametrize("act", ["hang_up", "call_human"])
def test_a_call_that_nobody_knows_is_none(act: str) -> None:
    seen: list[object] = []

    def arrange(played: Played) -> None:
        seen.append(getattr(desk_of(played), act)(32 * "0"))

    play(quiet_call(talk=5.0), arrange=arrange)
    assert seen == [None]
