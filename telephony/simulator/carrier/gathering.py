"""Performing a Gather on a call: the prompts, the phone's keys and words, the time-out."""

from typing import TYPE_CHECKING

from telephony.simulator.carrier.collecting import Collecting
from telephony.simulator.carrier.pacing import clock, ticks
from telephony.simulator.carrier.prompting import begin, hear, prepare
from telephony.simulator.carrier.prompts import Prompting
from telephony.simulator.carrier.verbs import Gather

if TYPE_CHECKING:
    from telephony.simulator.carrier.call import Call


async def gather(call: "Call", verb: Gather) -> dict[str, str] | None:
    """What the action is sent, or None where nothing was answered and the document goes on."""
    prompts = await prepare(call, verb.prompts)
    start = clock()
    collecting = Collecting(verb, start + sum(prompt.seconds for prompt in prompts))
    question = call.next_question()
    call.phone.asked(question, start)
    call.note("gather", at=start, question=question)
    playing = _Playing(call, prompts, start)
    async for now in ticks(start):
        _collect(call, collecting, now)
        if collecting.over(now):
            break
        if not collecting.interrupted:
            playing.tick(now)
    _note(call, question, collecting.fields)
    return collecting.fields


def _collect(call: "Call", collecting: Collecting, now: float) -> None:
    for key in call.phone.keys_due(now):
        collecting.key(key, now)
    collecting.words(call.phone.words_due(now), now)


def _note(call: "Call", question: int, fields: dict[str, str] | None) -> None:
    answered = fields or {}
    call.note("digits", question=question, count=len(answered.get("Digits", "")), words="SpeechResult" in answered)


class _Playing:
    """The prompts of one Gather, each begun at its time."""

    def __init__(self, call: "Call", prompts: list[Prompting], start: float) -> None:
        self._call = call
        self._coming = prompts
        self._current: Prompting | None = None
        self._began = start

    def tick(self, now: float) -> None:
        while self._over(now) and self._coming:
            self._began += self._current.seconds if self._current else 0.0
            self._current = self._coming.pop(0)
            begin(self._call, self._current, self._began)
        if self._current and not self._over(now):
            hear(self._call, self._current, now - self._began, now)

    def _over(self, now: float) -> bool:
        return self._current is None or now >= self._began + self._current.seconds
