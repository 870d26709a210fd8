import pytest
from twilio.twiml.voice_response import Connect, Dial, Gather, VoiceResponse

from telephony.simulator.carrier import verbs
from telephony.simulator.carrier.elements import TwimlError
from telephony.simulator.carrier.twiml import parse

BASE = "https://h.example.com/twilio/voice?leg=caller"


def parsed(inside: str, base: str | None = BASE) -> verbs.Document:
    return parse(f"<Response>{inside}</Response>".encode(), base)


def test_what_twilios_own_package_writes_is_understood() -> None:
    response = VoiceResponse()
    question = Gather(num_digits=1, finish_on_key="", action="/twilio/language", input="dtmf speech", hints="uno, dos")
    question.say("Para español, marque el 2 & espere.", voice="Polly.Lucia-Neural", language="es-ES")
    response.append(question)
    connect = Connect(action="after", method="POST")
    stream = connect.stream(url="wss://h.example.com/media/x", status_callback="https://h.example.com/status")
    stream.parameter(name="leg", value="caller")
    response.append(connect)
    response.redirect("?try=2")
    response.hangup()
    assert parse(str(response).encode(), BASE) == (
        verbs.Gather(
            (verbs.Say("Para español, marque el 2 & espere.", "Polly.Lucia-Neural", "es-ES"),),
            action="https://h.example.com/twilio/language",
            num_digits=1,
            finish_on_key="",
            input=("dtmf", "speech"),
            hints=("uno", "dos"),
        ),
        verbs.Connect(
            verbs.Stream(
                "wss://h.example.com/media/x",
                status_callback="https://h.example.com/status",
                parameters=(("leg", "caller"),),
            ),
            action="https://h.example.com/twilio/after",
        ),
        verbs.Redirect("https://h.example.com/twilio/voice?try=2"),
        verbs.Hangup(),
    )


def test_attributes_have_the_documented_defaults() -> None:
    document = parsed("<Gather/><Say>hi</Say><Pause/><Dial>+12025550122</Dial><Reject/><Play digits='1w2'/>")
    assert document == (
        verbs.Gather((), action=BASE),
        verbs.Say("hi", "man", "en-US", 1),
        verbs.Pause(1),
        verbs.Dial("+12025550122"),
        verbs.Reject("rejected"),
        verbs.Play(digits="1w2"),
    )
    assert isinstance(document[0], verbs.Gather)
    assert (document[0].timeout, document[0].finish_on_key, document[0].input) == (5, "#", ("dtmf",))


def test_a_conference_has_the_documented_defaults() -> None:
    (verb,) = parsed("<Dial><Conference>r7f3</Conference></Dial>")
    assert isinstance(verb, verbs.DialConference)
    room = verb.conference
    assert (room.room, room.start_conference_on_enter, room.end_conference_on_exit) == ("r7f3", True, False)
    assert (room.beep, room.muted, room.max_participants) == ("true", False, 250)


def test_a_conference_is_understood_as_twilios_own_package_writes_it() -> None:
    response = VoiceResponse()
    dial = Dial(action="/after")
    dial.conference("r7f3", start_conference_on_enter=False, end_conference_on_exit=True, beep="false", wait_url="")
    response.append(dial)
    assert parse(str(response).encode(), BASE) == (
        verbs.DialConference(
            verbs.Conference(
                "r7f3", beep="false", start_conference_on_enter=False, end_conference_on_exit=True, wait_url=""
            ),
            action="https://h.example.com/after",
        ),
    )


def test_comments_and_speech_marks_are_read_over() -> None:
    assert parsed("<!-- who --><Say>one <break time='1s'/> two<!-- and --> three</Say>") == (
        verbs.Say("one two three"),
    )


def test_a_relative_stream_url_takes_the_documents_host() -> None:
    (connect,) = parsed('<Connect><Stream url="/media/x"/></Connect>')
    assert isinstance(connect, verbs.Connect)
    assert connect.stream.url == "wss://h.example.com/media/x"


def test_an_absolute_stream_url_stays_as_it_is_written() -> None:
    (connect,) = parsed('<Connect><Stream url="wss://H.example.com:443/media/x/"/></Connect>')
    assert isinstance(connect, verbs.Connect)
    assert connect.stream.url == "wss://H.example.com:443/media/x/"


WRONG = {
    "an unknown verb": "<Sing>la</Sing>",
    "a verb in lower case": "<say>hi</say>",
    "a verb that is not simulated": "<Record/>",
    "an unknown attribute": '<Say tempo="2">hi</Say>',
    "an attribute in another case": '<Gather numdigits="1"/>',
    "an attribute on Hangup": '<Hangup reason="x"/>',
    "text between verbs": "hello<Say>hi</Say>",
    "a number where keys are counted": '<Gather numDigits="one"/>',
    "no timeout at all": '<Gather timeout="0"/>',
    "two finishing keys": '<Gather finishOnKey="12"/>',
    "an unknown input": '<Gather input="dtmf voice"/>',
    "something else in a Gather": "<Gather><Redirect>/x</Redirect></Gather>",
    "text in a Gather": "<Gather>press one</Gather>",
    "a bad truth value": '<Gather actionOnEmptyResult="True"/>',
    "a long hint": f'<Gather hints="{"x" * 101}"/>',
    "an unknown method": '<Redirect method="PUT">/x</Redirect>',
    "a Redirect to nowhere": "<Redirect/>",
    "a Play of nothing": "<Play/>",
    "a Play of two things": '<Play digits="1">/x.wav</Play>',
    "a Pause with words": "<Pause>wait</Pause>",
    "a Reject for another reason": '<Reject reason="tired"/>',
    "a voice that nobody has": '<Say voice="The Cat">hi</Say>',
    "a language that is none": '<Say language="english please">hi</Say>',
    "too many words": f"<Say>{'x' * 4097}</Say>",
    "a verb in Say": "<Say><Hangup/></Say>",
    "Connect without a noun": "<Connect/>",
    "Connect with two nouns": '<Connect><Stream url="wss://h/x"/><Stream url="wss://h/x"/></Connect>',
    "Connect with another noun": "<Connect><Room>x</Room></Connect>",
    "a Stream without a URL": "<Connect><Stream/></Connect>",
    "a Stream's relative callback": '<Connect><Stream url="wss://h/x" statusCallback="/s"/></Connect>',
    "an unknown track": '<Connect><Stream url="wss://h/x" track="both"/></Connect>',
    "a Parameter without a value": '<Connect><Stream url="wss://h/x"><Parameter name="a"/></Stream></Connect>',
    "a Parameter of 500 characters": '<Connect><Stream url="wss://h/x"><Parameter name="a" value="'
    + "x" * 499
    + '"/></Stream></Connect>',
    "Dial without a number": "<Dial/>",
    "a Conference without a name": "<Dial><Conference/></Dial>",
    "a Conference beside a number": "<Dial><Conference>x</Conference><Number>+12025550122</Number></Dial>",
    "a Conference that beeps somehow": '<Dial><Conference beep="loud">x</Conference></Dial>',
    "TwiML of one's own to wait with": '<Dial><Conference waitUrl="/wait">x</Conference></Dial>',
}


@pytest.mark.parametrize("inside", WRONG.values(), ids=WRONG.keys())
def test_what_is_not_documented_is_an_error(inside: str) -> None:
    with pytest.raises(TwimlError) as wrong:
        parsed(inside)
    assert wrong.value.code in (12200, 13521)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"hello",
        b"<Response>",
        b"<response/>",
        b"<Say>hi</Say>",
        b"\xff\xfe<\0R\0",
        b"<Response><Say>\xff</Say></Response>",
    ],
)
def test_what_is_no_document_is_an_error(document: bytes) -> None:
    with pytest.raises(TwimlError) as wrong:
        parse(document, BASE)
    assert wrong.value.code == 12100


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Response><Say>&a;</Say></Response>'
    with pytest.raises(TwimlError):
        parse(bomb, BASE)


def test_a_document_is_64_kb_at_most() -> None:
    with pytest.raises(TwimlError) as wrong:
        parsed(f"<!--{'x' * 65536}-->")
    assert wrong.value.code == 11750


def test_a_document_sent_by_rest_needs_absolute_urls() -> None:
    assert parsed('<Gather action="https://h/x"/>', None) == (verbs.Gather((), action="https://h/x"),)
    for inside in ('<Gather action="/x"/>', "<Gather/>", "<Redirect>/x</Redirect>"):
        with pytest.raises(TwimlError):
            parsed(inside, None)


def test_an_error_says_where_and_not_what_was_written() -> None:
    with pytest.raises(TwimlError) as wrong:
        parsed('<Dial timeout="+12025550199">+12025550122</Dial>')
    assert str(wrong.value) == "12200: <Dial timeout> should be a whole number from 1 to 600"
