"""Scripts as TwiML (twilio.com/docs/voice/twiml), built with Twilio's own library, which escapes what is said."""

import re
from collections.abc import Callable

from twilio.twiml.voice_response import Connect, Dial, VoiceResponse
from twilio.twiml.voice_response import Gather as GatherVerb

from telephony.carriers.verbs import Conference, ConnectStream, Gather, Hangup, Pause, Redirect, Say, Script

Address = Callable[[str], str]
"""Makes the address of a step from its name."""

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters no XML 1.0 document can hold, not even escaped (w3.org/TR/xml, 2.2)."""


def render(script: Script, step_url: Address, stream_url: str) -> str:
    """The document for one leg. Every address is absolute: an answer to a REST call has no base to resolve against.

    A script that ends with a stream gets a Redirect to the same step behind it. The step is asked by Connect's `action`
    ("when the <Connect> verb ends", twilio.com/docs/voice/twiml/connect), and what stands behind a verb with an action
    is not reached. But which way a call goes whose stream never came about, or whose server died in mid-stream (errors
    31920, 31903), is not documented for `action`; without one the call goes on with the next verb, and where there is
    none it ends. With both, either way leads to the step, and a leg is asked for again.
    """
    response = VoiceResponse()
    for verb in script:
        _add(response, verb, step_url, stream_url)
    if script and isinstance(last := script[-1], ConnectStream):
        _add(response, Redirect(last.then), step_url, stream_url)
    return str(response)


def asked_again(url: str, seconds: int) -> str:
    """A document that asks `url` after a pause."""
    response = VoiceResponse()
    response.pause(length=seconds)
    response.redirect(url, method="POST")
    return str(response)


def hung_up() -> str:
    """A document that ends the call."""
    return render((Hangup(),), str, "")


def _add(response: VoiceResponse, verb: object, step_url: Address, stream_url: str) -> None:
    match verb:
        case Say():
            _say(response, verb)
        case Gather():
            response.append(_gather(verb, step_url))
        case Pause():
            response.pause(length=verb.seconds)
        case Conference():
            response.append(_conference(verb, step_url))
        case ConnectStream():
            response.append(_connect(verb, step_url, stream_url))
        case Redirect():
            response.redirect(step_url(verb.then), method="POST")
        case Hangup():
            response.hangup()


def _say(parent: VoiceResponse | GatherVerb, verb: Say) -> None:
    parent.say(_carried(verb.text), language=verb.language, voice=verb.voice)


def _gather(verb: Gather, step_url: Address) -> GatherVerb:
    """As many keys as are asked for (`numDigits`), or fewer and one that ends the entry (`finishOnKey`).

    `finishOnKey=""` lets `#`, its default, count as a key like any other instead of an empty answer
    (twilio.com/docs/voice/twiml/gather).
    """
    hints = _carried(",".join(verb.hints))
    spoken = {"hints": hints, "language": verb.language, "speech_timeout": "auto"} if verb.speech else {}
    gather = GatherVerb(
        input="dtmf speech" if verb.speech else "dtmf",
        action=step_url(verb.then),
        method="POST",
        num_digits=verb.digits,
        finish_on_key=verb.finish,
        timeout=verb.timeout,
        **spoken,
    )
    for prompt in verb.prompts:
        _say(gather, prompt)
    return gather


def _conference(verb: Conference, step_url: Address) -> Dial:
    """Sources: twilio.com/docs/voice/twiml/dial (`action`, asked when this leg is out of the conference, with
    DialCallStatus `answered`) and twilio.com/docs/voice/twiml/conference: `startConferenceOnEnter`, true by default and
    said here; `endConferenceOnExit`, false by default; `beep`, a sound to everybody for each party that comes or goes
    unless it is false. A room's name may hold no personal data (same page)."""
    dial = Dial(action=step_url(verb.then), method="POST")
    dial.conference(
        _carried(verb.room), start_conference_on_enter=True, end_conference_on_exit=verb.keeps, beep="false"
    )
    return dial


def _connect(verb: ConnectStream, step_url: Address, stream_url: str) -> Connect:
    connect = Connect(action=step_url(verb.then), method="POST")
    stream = connect.stream(url=stream_url)
    for name, value in verb.parameters.items():
        stream.parameter(name=_carried(name), value=_carried(value))
    return connect


def _carried(text: str) -> str:
    """`text` with a blank for each character that would break the document."""
    return NOT_IN_XML.sub(" ", text)
