"""A call's script over real webhooks: what is asked, what the phone is told, how the call ends."""

import asyncio

import pytest
from aiohttp import web

from telephony.simulator.carrier.standing import Standing
from telephony.simulator.manners import Manners, Words
from telephony.simulator.phone import Told
from telephony.simulator.scenario import AgentPhone, Answers, End, Who
from telephony.simulator.talk import Talk
from tests.simulator.exchanges import call, carrier_for, codes, genuine, texts
from tests.simulator.scenes import ACCOUNT, AGENT, CALLER, OURS, agent, caller, line, press, scenario, share, talk, tone
from tests.simulator.small_service import Asked, Service

MENU = '<Gather numDigits="1" finishOnKey="" action="/language" timeout="1"><Say>For English press 1.</Say></Gather>'


async def test_an_incoming_call_is_told_what_the_service_says() -> None:
    service = Service({"/voice": '<Say language="es-ES" voice="Polly.Lucia">Hola.</Say><Say>Goodbye.</Say>'})
    record = await call(service)
    assert [(told.text, told.language, told.voice) for told in record.told] == [
        ("Hola.", "es-ES", "Polly.Lucia"),
        ("Goodbye.", "en-US", "man"),
    ]
    assert record.standing is Standing.COMPLETED
    assert record.problems == ()


async def test_the_first_webhook_is_signed_and_has_the_fields_of_a_ringing_call() -> None:
    service = Service({"/voice": "<Hangup/>"})
    record = await call(service)
    (asked,) = service.asked
    assert genuine(asked)
    expected = {"AccountSid": ACCOUNT, "CallSid": record.sid, "From": CALLER, "To": OURS, "CallStatus": "ringing"}
    assert {name: asked.form[name] for name in expected} == expected
    assert asked.form["FromZip"] == ""
    assert asked.headers["User-Agent"] == "TwilioProxy/1.1"
    assert asked.headers["I-Twilio-Idempotency-Token"]


async def test_a_key_answers_the_menu_and_the_rest_of_the_document_is_left() -> None:
    service = Service({"/voice": MENU + "<Say>Nobody hears this.</Say>", "/language": "<Say>Thank you.</Say>"})
    record = await call(service, caller(scenario(keys=(press(Who.CALLER, "2", gather=1, after=0.1),))))
    (asked,) = service.of("/language")
    assert (asked.form["Digits"], asked.form["CallStatus"]) == ("2", "in-progress")
    assert genuine(asked)
    assert texts(record) == ["For English press 1.", "Thank you."]


async def test_without_a_key_the_document_goes_on() -> None:
    menu = MENU.replace('finishOnKey=""', "") + "<Redirect>/again?try=2</Redirect>"
    service = Service({"/voice": menu, "/again": "<Say>Once more.</Say>"})
    record = await call(service, caller(scenario(keys=(press(Who.CALLER, "#", gather=1, after=0.1),))))
    assert service.of("/language") == []
    assert service.of("/again")[0].url.endswith("/again?try=2")
    assert texts(record) == ["For English press 1.", "Once more."]


async def test_a_key_breaks_the_prompt_off() -> None:
    menu = '<Gather numDigits="1" action="/language"><Say>One.</Say><Pause length="5"/><Say>Two.</Say></Gather>'
    service = Service({"/voice": menu, "/language": "<Hangup/>"})
    record = await call(service, caller(scenario(keys=(press(Who.CALLER, "1", gather=1, after=0.1),))))
    assert texts(record) == ["One."]
    assert record.ended - record.placed < 4


async def test_a_question_may_be_answered_in_words() -> None:
    phone = caller(scenario())
    phone.manners = Manners(words=(Words(1, "español, por favor", 0.05),))
    menu = '<Gather input="dtmf speech" action="/language"><Say>Which language?</Say></Gather>'
    service = Service({"/voice": menu, "/language": "<Hangup/>"})
    await call(service, phone)
    (asked,) = service.of("/language")
    assert asked.form["SpeechResult"] == "español, por favor"
    assert "Digits" not in asked.form
    assert genuine(asked)


async def test_keys_pressed_while_something_is_said_are_lost() -> None:
    phone = caller(scenario(keys=(press(Who.CALLER, "7", at=0.0), press(Who.CALLER, "1", gather=1))))
    phone.talk_began(0.0)
    service = Service({"/voice": "<Say>Hello.</Say>" + MENU, "/language": "<Hangup/>"})
    await call(service, phone, say_speed=0.1)
    assert service.of("/language")[0].form["Digits"] == "1"


async def test_speaking_takes_its_time() -> None:
    service = Service({"/voice": f"<Say>{'x' * 50}</Say>"})
    record = await call(service, say_speed=0.1)
    assert record.answered is not None
    assert record.ended - record.answered >= 0.3


async def test_a_played_file_is_heard() -> None:
    phone = caller(scenario())
    sound = web.Response(body=tone(700, 0.5), content_type="audio/basic")
    service = Service({"/voice": "<Play>/tone</Play>", "/tone": lambda _: sound})
    record = await call(service, phone)
    assert share(phone.recording_heard(record.placed, record.ended), 700) > 0.95
    assert genuine(service.of("/tone")[0])


async def test_a_file_that_is_missing_is_left_out() -> None:
    service = Service({"/voice": "<Play>/nothing</Play><Say>Still here.</Say>"})
    record = await call(service)
    assert codes(record) == [11200]
    assert texts(record) == ["Still here."]


@pytest.mark.parametrize(("reason", "standing"), [("busy", Standing.BUSY), ("rejected", Standing.NO_ANSWER)])
async def test_a_rejected_call_is_never_answered(reason: str, standing: Standing) -> None:
    record = await call(Service({"/voice": f'<Reject reason="{reason}"/>'}))
    assert record.standing is standing
    assert record.answered is None


async def test_a_caller_who_hangs_up_ends_the_call_whatever_it_is_doing() -> None:
    phone = caller(scenario(end=End(Who.CALLER, ringing=0.1)))
    service = Service({"/voice": '<Pause length="60"/>'})
    async with service, carrier_for(service) as carrier:
        waiting = asyncio.create_task(carrier.incoming(phone), name="incoming")
        while not service.asked:
            await asyncio.sleep(0.01)
        phone.ringback_began(0.0)
        record = await waiting
    assert record.standing is Standing.NO_ANSWER


async def test_a_get_webhook_has_its_fields_in_the_url() -> None:
    service = Service({"/voice": '<Redirect method="GET">/again?try=2</Redirect>', "/again": "<Hangup/>"})
    await call(service)
    (asked,) = service.of("/again")
    assert asked.method == "GET"
    assert "try=2&AccountSid=" in asked.url
    assert "WASHINGTON%20DC" in asked.url
    assert genuine(asked)


async def test_cookies_last_as_long_as_the_call() -> None:
    def first(_: Asked) -> web.StreamResponse:
        answer = web.Response(text="<Response><Redirect>/again</Redirect></Response>", content_type="text/xml")
        answer.set_cookie("leg", "caller")
        return answer

    service = Service({"/voice": first, "/again": "<Hangup/>"})
    await call(service)
    assert service.of("/again")[0].headers["Cookie"] == "leg=caller"
    assert "Cookie" not in service.of("/voice")[0].headers


async def test_a_redirected_webhook_is_followed_and_signed_anew() -> None:
    def moved(status: int) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": "/there"})

    def there(asked: Asked) -> str:
        return MENU if asked.method == "POST" else "<Hangup/>"

    service = Service({"/voice": lambda _: moved(307), "/there": there, "/language": lambda _: moved(302)})
    await call(service, caller(scenario(keys=(press(Who.CALLER, "1", gather=1),))))
    first, second, *_ = service.of("/there")
    assert (first.method, second.method) == ("POST", "GET")
    assert "Digits" not in second.url
    assert genuine(first)
    assert genuine(second)


async def test_user_and_password_are_sent_when_they_are_asked_for() -> None:
    def guarded(asked: Asked) -> web.StreamResponse:
        if asked.headers.get("Authorization") != "Basic dXNlcjp3b3Jk":
            return web.Response(status=401, headers={"WWW-Authenticate": "Basic"})
        return web.Response(text="<Response/>", content_type="text/xml")

    service = Service({"/voice": guarded})
    async with service:
        url = service.url.replace("http://", "http://user:word@") + "/voice"
        async with carrier_for(service, voice_url=url) as carrier:
            record = await carrier.incoming(caller(scenario()))
    assert record.problems == ()
    assert len(service.asked) == 2
    assert all(genuine(asked) for asked in service.asked)


BROKEN = {
    "an error of the service": (lambda _: web.Response(status=500), 11200),
    "no TwiML": (lambda _: web.Response(text="sorry", content_type="text/html"), 12100),
    "an unknown verb": ("<Sing/>", 12200),
    "no content type of TwiML": (lambda _: web.Response(text="{}", content_type="application/json"), 12300),
    "a redirect without end": (lambda _: web.Response(status=307, headers={"Location": "/voice"}), 11215),
}


@pytest.mark.parametrize(("answer", "code"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_service_in_trouble_costs_the_call(answer: str, code: int) -> None:
    record = await call(Service({"/voice": answer}))
    assert codes(record) == [code]
    assert texts(record) == ["We are sorry, an application error has occurred. Goodbye."]
    assert record.standing is Standing.COMPLETED


async def test_a_service_that_does_not_answer_in_time_costs_the_call() -> None:
    hanging = asyncio.Event()

    class Slow(Service):
        async def _serve(self, request: web.Request) -> web.StreamResponse:
            await hanging.wait()
            return await super()._serve(request)

    async with Slow({"/voice": "<Hangup/>"}) as service, carrier_for(service, webhook_timeout=0.1) as carrier:
        record = await carrier.incoming(caller(scenario()))
        hanging.set()
    assert codes(record) == [11205]


async def test_nobody_there_costs_the_call() -> None:
    async with Service({}) as service, carrier_for(service, voice_url="http://127.0.0.1:9/voice") as carrier:
        record = await carrier.incoming(caller(scenario()))
    assert codes(record) == [11205]


async def test_the_fallback_is_told_what_went_wrong() -> None:
    service = Service({"/fallback": "<Say>Please call later.</Say>"})
    async with service, carrier_for(service, fallback_url=f"{service.url}/fallback") as carrier:
        record = await carrier.incoming(caller(scenario()))
    assert texts(record) == ["Please call later."]
    (asked,) = service.of("/fallback")
    assert (asked.form["ErrorCode"], asked.form["ErrorUrl"]) == ("11200", f"{service.url}/voice")


async def test_plain_text_is_read_aloud_and_sound_is_played() -> None:
    read = Service({"/voice": lambda _: web.Response(text="We are closed.", content_type="text/plain")})
    assert texts(await call(read)) == ["We are closed."]
    phone = caller(scenario())
    sound = Service({"/voice": lambda _: web.Response(body=tone(700, 0.3), content_type="audio/basic")})
    record = await call(sound, phone)
    assert share(phone.recording_heard(record.placed, record.ended), 700) > 0.95


async def test_the_number_reports_the_end_of_an_incoming_call() -> None:
    service = Service({"/voice": "<Say>Hello.</Say>", "/status": ""})
    async with service, carrier_for(service, status_url=f"{service.url}/status") as carrier:
        await carrier.incoming(caller(scenario()))
    (asked,) = service.of("/status")
    assert genuine(asked)
    assert (asked.form["CallStatus"], asked.form["SequenceNumber"]) == ("completed", "0")
    assert asked.form["CallbackSource"] == "call-progress-events"
    assert asked.form["Timestamp"].endswith("+0000")


async def dialled(scene_talk: Talk) -> tuple[Service, Talk]:
    dial = '<Dial action="/after">+12025550122</Dial>'
    service = Service({"/voice": dial, "/after": "<Say>It is over.</Say>"})
    async with service, carrier_for(service) as carrier:
        await carrier.play_talk(scene_talk, 20)
    return service, scene_talk


async def test_a_dialled_phone_and_the_caller_hear_each_other() -> None:
    lines = (line("c1", Who.CALLER, 0.1), line("a1", Who.AGENT, 0.1))
    scene = scenario(lines=lines, end=End(Who.AGENT, at=0.7))
    service, parties = await dialled(talk(scene, {"c1": tone(600, 0.4), "a1": tone(900, 0.4)}))
    (asked,) = service.of("/after")
    assert (asked.form["DialCallStatus"], asked.form["DialBridged"]) == ("completed", "true")
    assert parties.began is not None
    window = (parties.began, parties.began + 0.7)
    assert share(parties.caller.recording_heard(*window), 900) > 0.9
    assert share(parties.agents[0].recording_heard(*window), 600) > 0.9


@pytest.mark.parametrize(("answers", "status"), [(Answers.BUSY, "busy"), (Answers.FAILS, "failed")])
async def test_a_dialled_phone_may_not_be_had(answers: Answers, status: str) -> None:
    service, _ = await dialled(talk(scenario(agents=(AgentPhone(AGENT, 0.0, answers),))))
    (asked,) = service.of("/after")
    assert asked.form["DialCallStatus"] == status
    assert "DialBridged" not in asked.form


async def test_what_was_told_is_kept_on_the_phone_too() -> None:
    phone = agent(scenario())
    record = await call(Service({"/voice": "<Say>Hello.</Say>"}), phone)
    assert phone.told_log == [Told("Hello.", "en-US", "man", record.told[0].at)]
    assert record.who is Who.AGENT
