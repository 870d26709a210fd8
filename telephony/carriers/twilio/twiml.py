"""Scripts as TwiML (twilio.com/docs/voice/twiml), built with Twilio's own library, which escapes what is said."""

import re
from collections.abc import Callable

from twilio.twiml.voice_response import Connect, VoiceResponse
from twilio.twiml.voice_response import Gather as GatherVerb

from telephony.carriers.verbs import ConnectStream, Gather, Hangup, Redirect, Say, Script

Address = Callable[[str], str]
"""Makes the address of a step from its name."""

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters no XML 1.0 document can hold, not even escaped (w3.org/TR/xml, 2.2)."""


def render(script: Script, step_url: Address, stream_url: str) -> str:
    """The document for one leg. Every address is absolute: an answer to a REST call has no base to resolve against."""
    response = VoiceResponse()
    for verb in script:
        match verb:
            case Say():
                _say(response, verb)
            case Gather():
                response.append(_gather(verb, step_url))
            case ConnectStream():
                response.append(_connect(verb, step_url, stream_url))
            case Redirect():
                response.redirect(step_url(verb.then), method="POST")
            case Hangup():
                response.hangup()
    return str(response)


def _say(parent: VoiceResponse | GatherVerb, verb: Say) -> None:
    parent.say(_carried(verb.text), language=verb.language, voice=verb.voice)


def _gather(verb: Gather, step_url: Address) -> GatherVerb:
    """One key is enough; `finishOnKey=""` lets `#` count as a wrong key instead of an empty answer."""
    hints = _carried(",".join(verb.hints))
    spoken = {"hints": hints, "language": verb.language, "speech_timeout": "auto"} if verb.speech else {}
    gather = GatherVerb(
        input="dtmf speech" if verb.speech else "dtmf",
        action=step_url(verb.then),
        method="POST",
        num_digits=1,
        finish_on_key="",
        timeout=verb.timeout,
        **spoken,
    )
    for prompt in verb.prompts:
        _say(gather, prompt)
    return gather


def _connect(verb: ConnectStream, step_url: Address, stream_url: str) -> Connect:
    connect = Connect(action=step_url(verb.then), method="POST")
    stream = connect.stream(url=stream_url)
    for name, value in verb.parameters.items():
        stream.parameter(name=_carried(name), value=_carried(value))
    return connect


def _carried(text: str) -> str:
    """`text` with a blank for each character that would break the document."""
    return NOT_IN_XML.sub(" ", text)
