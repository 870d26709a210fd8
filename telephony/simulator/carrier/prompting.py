"""Performing Say, Play and Pause on a call: what is told to its phone and when, what the phone hears."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from telephony.simulator.carrier.clip import check_audio
from telephony.simulator.carrier.pacing import PTIME, clock, sleep_until, ticks
from telephony.simulator.carrier.prompts import Prompting, prompting
from telephony.simulator.carrier.request import Reply, Request, WebhookError
from telephony.simulator.carrier.verbs import Play, Prompt, Say

if TYPE_CHECKING:
    from telephony.simulator.carrier.call import Call


async def prepare(call: "Call", prompts: Iterable[Prompt]) -> list[Prompting]:
    """Fetch what is to be played; a file that cannot be had is listed as a problem and left out."""
    prepared = []
    for verb in prompts:
        try:
            reply = await _file(call, verb)
        except WebhookError as error:
            call.problem(error.code, error.reason)
            continue
        prepared.append(prompting(verb, call.exchange.say_speed, reply))
    return prepared


async def _file(call: "Call", verb: Prompt) -> Reply | None:
    if not isinstance(verb, Play) or verb.url is None:
        return None
    reply = await call.ask(Request(verb.url, "GET"))
    check_audio(reply)
    return reply


async def perform(call: "Call", prompts: Iterable[Prompting]) -> None:
    """One after the other, to their end."""
    start = clock()
    for prompt in prompts:
        begin(call, prompt, start)
        async for now in ticks(start, start + prompt.seconds):
            hear(call, prompt, now - start, now)
            call.phone.keys_due(now)
        start += prompt.seconds
        await sleep_until(start)


def begin(call: "Call", prompt: Prompting, now: float) -> None:
    """Note that this prompt starts, and tell the phone what is said."""
    verb = prompt.verb
    if isinstance(verb, Say):
        call.phone.told(verb.text, verb.language, verb.voice, now)
        call.note("said", at=now, text=verb.text, language=verb.language, voice=verb.voice)
    elif isinstance(verb, Play):
        call.note("played", at=now, seconds=round(prompt.seconds, 3))


def hear(call: "Call", prompt: Prompting, offset: float, now: float) -> None:
    """What the phone hears `offset` seconds into the prompt."""
    frame = prompt.frame(offset)
    if frame:
        call.phone.hear(frame.ljust(round(PTIME * 8000), b"\xff"), now)
