"""How whoever is at a phone behaves, as a scenario tells it: keys, answers in words, when they hang up. PURE."""

from dataclasses import dataclass

from telephony.simulator.line_fault import LineFault
from telephony.simulator.live_api.faults import Hit
from telephony.simulator.scenario import AgentPhone, Answers, KeyPress, Scenario, Who

_ACCEPTS = KeyPress(Who.AGENT, "1", gather=1, after=1.0)
_REFUSES = KeyPress(Who.AGENT, "2", gather=1, after=1.0)

_REFUSER_LEAVES = 4.0
"""Seconds after the question at which somebody who refuses puts the phone down, should nobody end the call before."""

_MACHINE_LEAVES = 60.0
"""Seconds a machine records before it ends the call."""


@dataclass(frozen=True, slots=True)
class Words:
    """An answer in words, `after` seconds into the `gather`-th question asked of this phone."""

    gather: int
    text: str
    after: float = 1.0


@dataclass(frozen=True, slots=True)
class Manners:
    """Everything one phone does by itself. Times are seconds after the event named; None is never."""

    answers: Answers = Answers.ACCEPTS
    rings: float = 0.0
    keys: tuple[KeyPress, ...] = ()
    words: tuple[Words, ...] = ()
    leaves_after_answer: float | None = None
    leaves_after_question: float | None = None
    leaves_after_ringback: float | None = None
    leaves_after_talk: float | None = None
    line_faults: tuple[LineFault, ...] = ()
    """What is wrong with its line during the talk."""


def manners_of(who: Who, scenario: Scenario, agent: AgentPhone | None = None) -> Manners:
    """What `scenario` says of the caller's phone, or of the phone `agent`."""
    end = scenario.end if scenario.end.who is who else None
    keys = tuple(press for press in scenario.keys if press.who is who)
    line_faults = tuple(fault for fault in scenario.line_faults if fault.who in (Hit.BOTH, Hit(who)))
    if agent is None:
        return Manners(
            keys=keys,
            leaves_after_ringback=end.ringing if end else None,
            leaves_after_talk=end.at if end else None,
            line_faults=line_faults,
        )
    if agent.answers is Answers.REFUSES:
        return Manners(agent.answers, agent.rings, (_REFUSES,), leaves_after_question=_REFUSER_LEAVES)
    if agent.answers is Answers.MACHINE:
        return Manners(agent.answers, agent.rings, leaves_after_answer=_MACHINE_LEAVES)
    if not any(press.gather == 1 for press in keys):
        keys = (_ACCEPTS, *keys)
    leaves = end.at if end else None
    return Manners(agent.answers, agent.rings, keys, leaves_after_talk=leaves, line_faults=line_faults)
