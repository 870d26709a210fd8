"""TwiML that speaks and asks: Say, Play, Pause and Gather (twilio.com/docs/voice/twiml/say and its neighbours)."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from telephony.simulator.carrier import verbs
from telephony.simulator.carrier.attributes import LANGUAGE, METHOD, VOICE, Table, address, shaped, truth, whole
from telephony.simulator.carrier.elements import INVALID, TwimlError, empty, read, text_of, url_of, without_text

_SSML = frozenset(["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"])


def say(element: Element, _base: str | None) -> verbs.Say:
    for child in element.iter():
        if child is not element and child.tag not in _SSML:
            raise TwimlError(INVALID, f"<{child.tag[:40]}> may not stand in <Say>")
    values = read(element, {"voice": VOICE, "language": LANGUAGE, "loop": whole(0, 1000)})
    return verbs.Say(_spoken("".join(element.itertext())), **values)


def _spoken(words: str) -> str:
    spoken = " ".join(words.split())
    if len(spoken) > 4096:
        raise TwimlError(13521, "<Say> speaks 4096 characters at most")
    return spoken


def play(element: Element, base: str | None) -> verbs.Play:
    values = read(element, {"loop": whole(0, 1000), "digits": shaped(r"[0-9A-D*#wW]+", "keys and w")})
    words = text_of(element)
    if bool(words) == ("digits" in values):
        raise TwimlError(INVALID, "<Play> should have either a URL or digits")
    return verbs.Play(url_of(element, base) if words else None, **values)


def pause(element: Element, _base: str | None) -> verbs.Pause:
    empty(element)
    return verbs.Pause(**read(element, {"length": whole(1, 3600)}))


def _inputs(value: str) -> tuple[str, ...]:
    inputs = tuple(value.split())
    if not inputs or len(set(inputs)) < len(inputs) or not set(inputs) <= {"dtmf", "speech"}:
        raise ValueError("dtmf, speech or both")
    return inputs


def _hints(value: str) -> tuple[str, ...]:
    hints = tuple(hint.strip() for hint in value.split(",") if hint.strip())
    if len(hints) > 500 or any(len(hint) > 100 for hint in hints):
        raise ValueError("500 hints of 100 characters at most")
    return hints


def _gather_table(base: str | None) -> Table:
    return {
        "action": address(base),
        "method": METHOD,
        "input": _inputs,
        "timeout": whole(1, 3600),
        "numDigits": whole(1, 1000),
        "finishOnKey": shaped(r"[0-9*#]?", "one key or nothing"),
        "actionOnEmptyResult": truth,
        "language": LANGUAGE,
        "hints": _hints,
        "speechTimeout": shaped(r"auto|[1-9][0-9]{0,3}", "auto or whole seconds"),
        "maxSpeechTime": whole(1, 60),
        "speechModel": shaped(r"[a-z][a-z0-9_-]*", "a model's name"),
        "enhanced": truth,
        "profanityFilter": truth,
        "bargeIn": truth,
        "partialResultCallback": address(base),
        "partialResultCallbackMethod": METHOD,
    }


PROMPTS: dict[str, Callable[[Element, str | None], verbs.Prompt]] = {"Say": say, "Play": play, "Pause": pause}


def gather(element: Element, base: str | None) -> verbs.Gather:
    without_text(element)
    values = read(element, _gather_table(base))
    if "action" not in values and base is None:
        raise TwimlError(INVALID, "<Gather> in a document sent by REST needs an action")
    for child in element:
        if child.tag not in PROMPTS:
            raise TwimlError(INVALID, f"<{child.tag[:40]}> may not stand in <Gather>")
    prompts = tuple(PROMPTS[child.tag](child, base) for child in element)
    return verbs.Gather(prompts, **{"action": base, **values})
