import asyncio
import gzip
from xml.etree import ElementTree

import pytest
from aiohttp import ClientResponse, FormData, WSServerHandshakeError

from telephony.carriers.base import Answer, IncomingCall, LegStatus
from tests.carriers.twilio.service import CALL, LEG, PUBLIC, STREAM_PATH, Service
from tests.carriers.twilio.wire import ACCOUNT, AGENT_LEG, CALLER_LEG, SIGNATURE, form, signed, text

VOICE = "/twilio/voice"
STATUS = f"/twilio/calls/{CALL}/{LEG}/status"
FIELDS = form("voice_incoming.form")
OTHER_ACCOUNT = {**FIELDS, "AccountSid": "ACfedcba9876543210fedcba9876543210"}
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def step(name: str) -> str:
    return f"/twilio/calls/{CALL}/{LEG}/steps/{name}"


def routes(service: Service) -> list[tuple[str, str]]:
    """Method and an existing path of every route there is."""
    found = []
    for route in service.webhooks.router.routes():
        resource = route.resource
        assert resource is not None
        path = resource.canonical.format(call=CALL, leg=LEG, step="after")
        found.append((route.method, path))
    return found


def forgeries(path: str) -> dict[str, tuple[dict[str, str], str | None]]:
    """Form and signature of requests that are not Twilio's, or not for us."""
    socket = "wss" + PUBLIC.removeprefix("https")
    return {
        "no signature": (FIELDS, None),
        "an empty signature": (FIELDS, ""),
        "no base64": (FIELDS, "not a signature"),
        "beyond latin": (FIELDS, "\xff\xfe"),
        "by another token": (FIELDS, signed(PUBLIC + path, FIELDS, token="54321")),
        "for another account": (OTHER_ACCOUNT, signed(PUBLIC + path, OTHER_ACCOUNT)),
        "by another account": (OTHER_ACCOUNT, signed(PUBLIC + path, OTHER_ACCOUNT, token="54321")),
        "without an account": ({"CallSid": CALLER_LEG}, signed(PUBLIC + path, {"CallSid": CALLER_LEG})),
        "for another host": (FIELDS, signed(f"https://evil.example{path}", FIELDS)),
        "for http": (FIELDS, signed(f"http://interpreter.example.com{path}", FIELDS)),
        "for another path": (FIELDS, signed(f"{PUBLIC}/twilio/other", FIELDS)),
        "a field too many": ({**FIELDS, "Digits": "1"}, signed(PUBLIC + path, FIELDS)),
        "a socket's": ({}, signed(socket + path)) if "stream" not in path else (FIELDS, signed(PUBLIC + path)),
    }


async def is_refused(answer: ClientResponse) -> bool:
    """403 and not a word more."""
    return (answer.status, await answer.read()) == (403, b"")


def headers_of(signature: str | None) -> dict[str, str]:
    return {} if signature is None else {SIGNATURE: signature}


async def test_forged_requests_are_refused_on_every_route(service: Service) -> None:
    for method, path in routes(service):
        for what, (fields, signature) in forgeries(path).items():
            answer = await service.client.request(method, path, data=fields, headers=headers_of(signature))
            assert await is_refused(answer), f"{method} {path}: {what}"
    assert service.calls.asked == []


async def test_forged_handshakes_are_refused_on_every_route(service: Service) -> None:
    for method, path in routes(service):
        for what, (_, signature) in forgeries(path).items():
            answer = await service.client.request(method, path, headers={**UPGRADE, **headers_of(signature)})
            assert await is_refused(answer), f"{method} {path}: {what}"
    assert service.calls.asked == []


async def test_any_other_method_is_refused_on_every_route(service: Service) -> None:
    for right, path in routes(service):
        for method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"} - {right}:
            assert await is_refused(await service.client.request(method, path)), f"{method} {path}"


async def test_the_walk_meets_every_kind_of_route(service: Service) -> None:
    assert {("POST", VOICE), ("POST", STATUS), ("POST", step("after")), ("GET", STREAM_PATH)} <= set(routes(service))


async def test_an_address_that_does_not_exist_tells_strangers_nothing(service: Service) -> None:
    assert await is_refused(await service.client.post("/twilio/nothing/here", data=FIELDS))
    assert await is_refused(await service.client.get("/twilio/"))


async def test_the_form_by_get_is_refused_even_when_signed(service: Service) -> None:
    path = f"{VOICE}?{text('voice_incoming.query')}"
    answer = await service.client.get(path, headers={SIGNATURE: signed(PUBLIC + path)})
    assert await is_refused(answer)


async def test_a_webhook_with_the_upgrade_header_is_still_judged_as_a_request_of_ours(service: Service) -> None:
    answer = await service.client.post(VOICE, data=FIELDS, headers={**UPGRADE, SIGNATURE: signed(PUBLIC + VOICE)})
    assert await is_refused(answer)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded; charset=nothing-known", b"a=b"),
        ("application/x-www-form-urlencoded", b"AccountSid=\xff\xfe"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"a=b"),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * (64 * 1024)),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nc\r\n--x--",
        ),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"garbage"),
        ("application/json", b'{"AccountSid": 1}'),
        ("text/plain; charset=nothing-known", b"a"),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) else "",
)
async def test_a_body_that_is_no_form_is_refused(service: Service, content_type: str, body: bytes) -> None:
    headers = {SIGNATURE: signed(PUBLIC + VOICE), "Content-Type": content_type}
    assert await is_refused(await service.client.post(VOICE, data=body, headers=headers))


async def test_a_form_with_a_file_in_it_is_refused(service: Service) -> None:
    data = FormData({"AccountSid": ACCOUNT})
    data.add_field("Digits", b"1", filename="digits.txt")
    answer = await service.client.post(VOICE, data=data, headers={SIGNATURE: signed(PUBLIC + VOICE)})
    assert await is_refused(answer)


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(b"a=" + b"x" * 1_000_000)], ids=["broken", "a bomb"])
async def test_a_body_that_does_not_unpack_is_refused(service: Service, body: bytes) -> None:
    headers = {SIGNATURE: signed(PUBLIC + VOICE), "Content-Type": "application/x-www-form-urlencoded"}
    answer = await service.client.post(VOICE, data=body, headers={**headers, "Content-Encoding": "gzip"})
    assert await is_refused(answer)


@pytest.mark.parametrize("target", [b"/twilio/voice\xff", b"/twilio/%ff", b"http://evil.example/twilio/voice", b"*"])
async def test_an_odd_request_line_is_answered_without_an_error_of_ours(service: Service, target: bytes) -> None:
    reader, writer = await asyncio.open_connection(service.client.host, service.client.port)
    try:
        head = b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: a\r\nContent-Length: 0\r\n"
        writer.write(head + b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n")
        status = int((await reader.readline()).split()[1])
        assert 400 <= status < 500
        await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    ("answered_by", "machine"),
    [
        ("", False),
        ("human", False),
        ("unknown", False),
        ("machine_start", True),
        ("machine_end_beep", True),
        ("fax", True),
    ],
)
async def test_a_step_is_told_whether_a_machine_answered(service: Service, answered_by: str, machine: bool) -> None:
    fields = {**form("agent_answered.form"), **({"AnsweredBy": answered_by} if answered_by else {})}
    await service.post(step("answered"), fields)
    assert service.calls.asked == [("step", "answered", AGENT_LEG, Answer(machine=machine))]


@pytest.mark.parametrize(
    ("fixture", "caller"),
    [("voice_incoming.form", "+12025550111"), ("voice_incoming_withheld_number.form", "anonymous")],
)
async def test_an_incoming_call_is_answered_with_what_its_leg_does_first(
    service: Service, fixture: str, caller: str
) -> None:
    answer = await service.post(VOICE, form(fixture))
    assert (answer.status, answer.content_type, answer.charset) == (200, "text/xml", "utf-8")
    root = ElementTree.fromstring(await answer.read())
    stream = root.find("Connect/Stream")
    assert stream is not None
    assert stream.get("url") == f"wss://interpreter.example.com{STREAM_PATH}"
    assert service.calls.asked == [("incoming", IncomingCall(CALLER_LEG, caller, "+12025550100"))]


@pytest.mark.parametrize(
    ("fixture", "answer"),
    [
        ("gather_digits.form", Answer("2", "")),
        ("gather_speech.form", Answer("", "español por favor")),
        ("gather_empty.form", Answer()),
        ("connect_action.form", Answer()),
    ],
)
async def test_a_step_is_asked_with_what_the_party_answered(service: Service, fixture: str, answer: Answer) -> None:
    response = await service.post(step("choice-1"), form(fixture))
    assert ElementTree.fromstring(await response.read()).find("Hangup") is not None
    assert service.calls.asked == [("step", "choice-1", CALLER_LEG, answer)]


@pytest.mark.parametrize(
    ("fixture", "status"),
    [
        ("status_initiated.form", LegStatus.INITIATED),
        ("status_ringing.form", LegStatus.RINGING),
        ("status_answered.form", LegStatus.ANSWERED),
        ("status_completed.form", LegStatus.COMPLETED),
        ("status_busy.form", LegStatus.BUSY),
        ("status_no_answer.form", LegStatus.NO_ANSWER),
        ("status_failed.form", LegStatus.FAILED),
        ("status_canceled.form", LegStatus.CANCELED),
    ],
)
async def test_how_a_leg_stands_is_passed_on(service: Service, fixture: str, status: LegStatus) -> None:
    answer = await service.post(STATUS, form(fixture))
    assert (answer.status, await answer.read()) == (204, b"")
    assert service.calls.asked == [("status", AGENT_LEG, status)]


async def test_how_a_call_that_came_in_ended_is_passed_on(service: Service) -> None:
    answer = await service.post("/twilio/status", form("status_of_the_number.form"))
    assert answer.status == 204
    assert service.calls.asked == [("line status", CALLER_LEG, LegStatus.COMPLETED)]


@pytest.mark.parametrize("path", [STATUS, "/twilio/status"])
async def test_a_status_nobody_knows_is_taken_and_forgotten(service: Service, path: str) -> None:
    answer = await service.post(path, {"AccountSid": ACCOUNT, "CallSid": CALLER_LEG, "CallStatus": "on-hold"})
    assert answer.status == 204
    assert service.calls.asked == []


@pytest.mark.parametrize("sequence", ["", "three", "-1"])
async def test_a_status_counts_whatever_number_it_bears(service: Service, sequence: str) -> None:
    await service.post(STATUS, {**form("status_ringing.form"), "SequenceNumber": sequence})
    assert service.calls.asked == [("status", AGENT_LEG, LegStatus.RINGING)]


@pytest.mark.parametrize("path", ["/twilio/calls/c2/caller/stream", "/twilio/calls/c1/agent-9/stream"])
async def test_a_handshake_for_a_leg_that_is_not_ours_is_refused(service: Service, path: str) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await service.join(path)
    assert refused.value.status == 403


async def test_a_handshake_for_a_leg_that_awaits_no_stream_is_refused(service: Service) -> None:
    service.calls.expected = False
    with pytest.raises(WSServerHandshakeError) as refused:
        await service.join()
    assert refused.value.status == 403


async def test_a_handshake_is_taken_with_or_without_the_slash_in_its_signature(service: Service) -> None:
    for slash in ("", "/"):
        socket = await service.join(signature=signed(f"wss://interpreter.example.com{STREAM_PATH}{slash}"))
        await socket.close()


async def test_blanks_and_letters_beyond_ascii_are_signed_as_they_came(service: Service) -> None:
    answer = await service.post(VOICE, {**FIELDS, "FromCity": "São Paulo + 100 % & more", "CalledZip": ""})
    assert answer.status == 200
