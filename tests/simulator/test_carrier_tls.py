"""The carrier over TLS, as Twilio calls a service on the internet."""

import ssl

import pytest
import trustme

from telephony.simulator.carrier.signing import signature
from tests.simulator.exchanges import call, codes, texts
from tests.simulator.scenes import TOKEN
from tests.simulator.small_service import Service

STREAM = '<Connect><Stream url="STREAM"/></Connect><Say>After.</Say>'


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def service(authority: trustme.CA) -> Service:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return Service({"/voice": STREAM}, lambda wire: wire.until("media"), context)


async def test_webhooks_and_streams_go_over_tls(service: Service, authority: trustme.CA) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    record = await call(service, tls=trusting, allow_ws=False)
    assert record.problems == ()
    assert texts(record) == ["After."]
    (voice,), (stream,) = service.asked, service.handshakes
    without_port = "https://127.0.0.1/voice"
    assert voice.headers["X-Twilio-Signature"] == signature(TOKEN, without_port, voice.form)
    assert stream.headers["X-Twilio-Signature"] == signature(TOKEN, service.stream_url, {})
    assert service.stream_url.startswith("wss://")


async def test_a_stream_may_be_signed_with_a_slash(service: Service, authority: trustme.CA) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    await call(service, tls=trusting, stream_slash=True)
    (stream,) = service.handshakes
    assert stream.headers["X-Twilio-Signature"] == signature(TOKEN, service.stream_url + "/", {})


async def test_a_certificate_that_nobody_vouches_for_is_not_accepted(service: Service) -> None:
    plain = Service({"/voice": STREAM})
    async with service:
        plain.twiml["/voice"] = STREAM.replace("STREAM", service.stream_url)
        record = await call(plain)
    assert codes(record) == [31910]
    assert texts(record) == ["After."]
