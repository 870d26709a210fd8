import pytest

from telephony.simulator.carrier.phones import Phones
from telephony.simulator.carrier.ringing import ring
from telephony.simulator.carrier.standing import Standing
from telephony.simulator.scenario import AgentPhone, Answers
from tests.simulator.scenes import AGENT, agent, scenario


async def rung(answers: Answers, rings: float = 0.0, seconds: float = 5.0) -> Standing:
    return await ring(Phones(), agent(scenario(agents=(AgentPhone(AGENT, rings, answers),))), seconds)


@pytest.mark.parametrize(
    ("answers", "standing"),
    [
        (Answers.ACCEPTS, Standing.IN_PROGRESS),
        (Answers.REFUSES, Standing.IN_PROGRESS),
        (Answers.MACHINE, Standing.IN_PROGRESS),
        (Answers.BUSY, Standing.BUSY),
        (Answers.FAILS, Standing.FAILED),
    ],
)
async def test_ringing_ends_as_the_phone_answers(answers: Answers, standing: Standing) -> None:
    assert await rung(answers) is standing


async def test_a_phone_that_nobody_answers_rings_to_the_end() -> None:
    assert await rung(Answers.NO_ANSWER, seconds=0.02) is Standing.NO_ANSWER


async def test_who_is_too_slow_has_not_answered() -> None:
    assert await rung(Answers.ACCEPTS, rings=60.0, seconds=0.02) is Standing.NO_ANSWER


async def test_a_number_that_nobody_has_fails() -> None:
    assert await ring(Phones(), None, 5.0) is Standing.FAILED


async def test_a_phone_in_use_is_busy() -> None:
    phones, phone = Phones(), agent(scenario())
    with phones.using(phone):
        assert await ring(phones, phone, 5.0) is Standing.BUSY
    assert await ring(phones, phone, 5.0) is Standing.IN_PROGRESS
