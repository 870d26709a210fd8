from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.carriers.twilio.addresses import Addresses
from telephony.carriers.twilio.twiml import asked_again, render
from telephony.carriers.verbs import Conference, ConnectStream, Gather, Hangup, Pause, Redirect, Say, Script

WHERE = Addresses("https://interpreter.example.com")
STEPS = "https://interpreter.example.com/twilio/calls/c1/caller/steps"
TRIES = "#rc=3&rp=ct,5xx"
TRIES_IN_XML = "#rc=3&amp;rp=ct,5xx"
STREAM = WHERE.stream("c1", "caller")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'

ENGLISH = Say("For English, press 1.", "en-US", "Polly.Joanna-Neural")
SPANISH = Say("Para español, marque el 2.", "es-US", "Polly.Lupe-Neural")

Tree = tuple[str, dict[str, str], str, tuple[Any, ...]]

ANY_TEXT = st.text(st.characters(), max_size=40)
"""Every code point, halves of surrogate pairs and control characters included."""

SAYS = st.builds(Say, ANY_TEXT, st.just("en-US"), st.just("Polly.Joanna-Neural"))
GATHERS = st.builds(
    Gather,
    st.lists(SAYS, max_size=3).map(tuple),
    st.just("choice-1"),
    st.booleans(),
    st.lists(ANY_TEXT, max_size=3).map(tuple),
    digits=st.integers(1, 12),
    finish=st.sampled_from(["", "#", "*"]),
)
STREAMS = st.builds(ConnectStream, st.dictionaries(st.just("token"), ANY_TEXT), st.just("after"))
CONFERENCES = st.builds(Conference, ANY_TEXT, st.just("after"), st.booleans())
OTHERS = st.just(Hangup()) | st.just(Redirect("after")) | st.builds(Pause, st.integers(1, 60))
SCRIPTS = st.lists(SAYS | GATHERS | STREAMS | CONFERENCES | OTHERS, max_size=5)


def document(*script: Any) -> str:
    return render(script, lambda step: WHERE.step("c1", "caller", step), STREAM)


def tree(element: Element) -> Tree:
    return element.tag, element.attrib, element.text or "", tuple(tree(child) for child in element)


def in_xml(text: str) -> str:
    """`text` as a document can hold it: a blank for what XML 1.0 cannot (W3C XML 1.0, 2.2, Char)."""
    return "".join(letter if is_char(ord(letter)) else " " for letter in text)


def is_char(code: int) -> bool:
    return code in (0x9, 0xA, 0xD) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0xFFFF < code < 0x110000


def read(text: str) -> str:
    """Element text as an XML reader hands it on: every line end is a line feed (2.11)."""
    return in_xml(text).replace("\r\n", "\n").replace("\r", "\n")


def said(verb: Say) -> Tree:
    return "Say", {"language": verb.language, "voice": verb.voice}, read(verb.text), ()


def expected(verb: Any) -> Tree:
    match verb:
        case Say():
            return said(verb)
        case Gather():
            spoken = {"hints": in_xml(",".join(verb.hints)), "language": verb.language, "speechTimeout": "auto"}
            attributes = {
                "input": "dtmf speech" if verb.speech else "dtmf",
                "action": f"{STEPS}/{verb.then}{TRIES}",
                "method": "POST",
                "numDigits": str(verb.digits),
                "finishOnKey": verb.finish,
                "timeout": str(verb.timeout),
            }
            return "Gather", attributes | (spoken if verb.speech else {}), "", tuple(map(said, verb.prompts))
        case ConnectStream():
            parameters = tuple(
                ("Parameter", {"name": in_xml(name), "value": in_xml(value)}, "", ())
                for name, value in verb.parameters.items()
            )
            stream: Tree = ("Stream", {"url": STREAM}, "", parameters)
            return "Connect", {"action": f"{STEPS}/{verb.then}{TRIES}", "method": "POST"}, "", (stream,)
        case Pause():
            return "Pause", {"length": str(verb.seconds)}, "", ()
        case Conference():
            attributes = {
                "startConferenceOnEnter": "true",
                "endConferenceOnExit": "true" if verb.keeps else "false",
                "beep": "false",
            }
            room: Tree = ("Conference", attributes, read(verb.room), ())
            return "Dial", {"action": f"{STEPS}/{verb.then}{TRIES}", "method": "POST"}, "", (room,)
        case Redirect():
            return "Redirect", {"method": "POST"}, f"{STEPS}/{verb.then}{TRIES}", ()
        case _:
            return "Hangup", {}, "", ()


def response(script: Sequence[Any]) -> Tree:
    """A stream at the end is followed by a Redirect to the step that comes after it."""
    asked_for = [Redirect(script[-1].then)] if script and isinstance(script[-1], ConnectStream) else []
    return "Response", {}, "", tuple(expected(verb) for verb in [*script, *asked_for])


@pytest.mark.parametrize(
    ("script", "golden"),
    [
        ((), "<Response />"),
        (
            (SPANISH,),
            '<Response><Say language="es-US" voice="Polly.Lupe-Neural">Para español, marque el 2.</Say></Response>',
        ),
        (
            (Gather((ENGLISH, SPANISH), "choice-1", speech=True, hints=("English", "español")), Redirect("silence-1")),
            (
                f'<Response><Gather action="{STEPS}/choice-1{TRIES_IN_XML}" finishOnKey="" hints="English,español" '
                'input="dtmf speech" language="en-US" method="POST" numDigits="1" speechTimeout="auto" timeout="5">'
                '<Say language="en-US" voice="Polly.Joanna-Neural">For English, press 1.</Say>'
                '<Say language="es-US" voice="Polly.Lupe-Neural">Para español, marque el 2.</Say></Gather>'
                f'<Redirect method="POST">{STEPS}/silence-1{TRIES_IN_XML}</Redirect></Response>'
            ),
        ),
        (
            (Gather((ENGLISH,), "accept", timeout=10), Hangup()),
            (
                f'<Response><Gather action="{STEPS}/accept{TRIES_IN_XML}" finishOnKey="" input="dtmf" method="POST" '
                'numDigits="1" timeout="10"><Say language="en-US" voice="Polly.Joanna-Neural">For English, press 1.'
                "</Say></Gather><Hangup /></Response>"
            ),
        ),
        (
            (ConnectStream({"token": "a1B2"}, "after"),),
            (
                f'<Response><Connect action="{STEPS}/after{TRIES_IN_XML}" method="POST">'
                '<Stream url="wss://interpreter.example.com/twilio/calls/c1/caller/stream">'
                '<Parameter name="token" value="a1B2" /></Stream></Connect>'
                f'<Redirect method="POST">{STEPS}/after{TRIES_IN_XML}</Redirect></Response>'
            ),
        ),
        (
            (Gather((ENGLISH,), "pin", digits=4, finish="#"), Pause(2), Hangup()),
            (
                f'<Response><Gather action="{STEPS}/pin{TRIES_IN_XML}" finishOnKey="#" input="dtmf" method="POST" '
                'numDigits="4" timeout="5"><Say language="en-US" voice="Polly.Joanna-Neural">For English, press 1.'
                '</Say></Gather><Pause length="2" /><Hangup /></Response>'
            ),
        ),
        (
            (Conference("r7f3", "after", keeps=True),),
            (
                f'<Response><Dial action="{STEPS}/after{TRIES_IN_XML}" method="POST"><Conference beep="false" '
                'endConferenceOnExit="true" startConferenceOnEnter="true">r7f3</Conference></Dial></Response>'
            ),
        ),
        (
            (Say("<Hangup/> & \"'", "en-US", "x"), Hangup()),
            '<Response><Say language="en-US" voice="x">&lt;Hangup/&gt; &amp; "\'</Say><Hangup /></Response>',
        ),
    ],
    ids=["nothing", "say", "menu", "whisper", "stream", "pin", "conference", "markup"],
)
def test_a_script_becomes_exactly_this_document(script: Script, golden: str) -> None:
    assert document(*script) == HEAD + golden


@given(SCRIPTS)
def test_whatever_is_said_the_document_has_the_tree_of_its_script_and_no_more(script: list[Any]) -> None:
    assert tree(ElementTree.fromstring(document(*script).encode())) == response(script)


@pytest.mark.parametrize("code", [0, 8, 0xB, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_what_xml_cannot_hold_is_a_blank(code: int) -> None:
    root = ElementTree.fromstring(document(Say(f"one{chr(code)}two", "en-US", "x")).encode())
    assert [say.text for say in root] == ["one two"]


@pytest.mark.parametrize("code", [0x9, 0xA, 0x20, 0x85, 0xD7FF, 0xE000, 0xFFFD, 0x1F600, 0x10FFFF])
def test_what_xml_can_hold_stays(code: int) -> None:
    root = ElementTree.fromstring(document(Say(f"one{chr(code)}two", "en-US", "x")).encode())
    assert [say.text for say in root] == [f"one{chr(code)}two"]


def test_every_address_in_a_document_is_absolute() -> None:
    root = ElementTree.fromstring(
        document(Gather((), "choice-1"), ConnectStream({}, "after"), Redirect("silence-1")).encode()
    )
    addresses = [element.get("action") or element.get("url") or element.text for element in root.iter()][1:]
    assert all(str(address).startswith(("https://", "wss://")) for address in addresses)
    assert len(addresses) == 4


def test_a_leg_that_is_to_ask_again_waits_first() -> None:
    url = WHERE.step("c1", "caller", "after", again=1)
    root = ElementTree.fromstring(asked_again(url, 1).encode())
    assert [(verb.tag, verb.get("length"), verb.text) for verb in root] == [
        ("Pause", "1", None),
        ("Redirect", None, url),
    ]
