"""The same engine against the simulated Live API, which judges as strictly as the real one."""

from collections.abc import AsyncIterator

import pytest

from telephony.audio.format import PCM16_16K
from telephony.engines.base import SessionLost, Trouble
from telephony.engines.gemini.config import LiveConfig
from telephony.engines.gemini.session import GeminiEngine
from telephony.ivr.languages import ALL
from telephony.simulator.live_api import refusal as service
from telephony.simulator.live_api.faults import Faults
from telephony.simulator.live_api.refusal import Refusal
from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.setup import live_languages
from tests.engines.gemini.talks import KEY, refusal, taken

MODEL = LiveConfig().model


@pytest.fixture
async def api() -> AsyncIterator[LiveApi]:
    async with LiveApi([], key=KEY) as running:
        yield running


@pytest.fixture
async def engine(api: LiveApi) -> AsyncIterator[GeminiEngine]:
    made = GeminiEngine(KEY, LiveConfig(), base_url=api.url, certificates=api.ca_pem)
    yield made
    await made.close()


async def test_a_session_opens_hears_and_closes(api: LiveApi, engine: GeminiEngine) -> None:
    session = await engine.open("es")
    for _ in range(3):
        await session.send_audio(bytes(PCM16_16K.bytes_in(engine.chunk_ms)))
    await session.close()
    assert isinstance((await taken(session))[-1], SessionLost)
    (served,) = api.sessions
    assert served.setup is not None
    assert served.setup.target_language == "es"
    assert (served.setup.input_transcription, served.setup.output_transcription) == (True, True)


def test_every_language_on_offer_is_one_the_service_takes() -> None:
    assert {language.code for language in ALL} == live_languages()


@pytest.mark.parametrize("language", ["zh-Hant", "pt-BR", "fil"])
async def test_a_language_is_asked_for_by_its_code(api: LiveApi, engine: GeminiEngine, language: str) -> None:
    session = await engine.open(language)
    await session.close()
    assert [served.setup and served.setup.target_language for served in api.sessions] == [language]


async def test_a_wrong_key_is_told(api: LiveApi) -> None:
    engine = GeminiEngine("another-key", LiveConfig(), base_url=api.url, certificates=api.ca_pem)
    assert (await refusal(engine)).trouble is Trouble.KEY
    await engine.close()


@pytest.mark.parametrize("version", ["v1beta", "v1alpha", "v1"])
async def test_a_wrong_model_is_told(api: LiveApi, version: str) -> None:
    engine = GeminiEngine(
        KEY, LiveConfig("gemini-of-another-name"), api_version=version, base_url=api.url, certificates=api.ca_pem
    )
    refused = await refusal(engine)
    assert refused.trouble is Trouble.MODEL
    assert "gemini-of-another-name" in refused.detail
    await engine.close()


async def test_a_version_that_does_not_exist_is_told(api: LiveApi) -> None:
    engine = GeminiEngine(KEY, LiveConfig(), api_version="v9", base_url=api.url, certificates=api.ca_pem)
    assert "404" in (await refusal(engine)).detail
    await engine.close()


async def test_a_wrong_language_is_told(engine: GeminiEngine) -> None:
    assert (await refusal(engine, "en-XX")).trouble in (Trouble.LANGUAGE, Trouble.SETUP)


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (service.QUOTA, Trouble.QUOTA),
        (service.KEY, Trouble.KEY),
        (service.unknown_model(MODEL, "v1beta"), Trouble.MODEL),
        (service.unsupported_language("es", MODEL), Trouble.LANGUAGE),
        (service.INVALID_ARGUMENT, Trouble.SETUP),
        (service.UNAVAILABLE, Trouble.DROPPED),
    ],
    ids=lambda value: value.text[:20] if isinstance(value, Refusal) else str(value),
)
@pytest.mark.parametrize("completes", [False, True], ids=["instead of setupComplete", "after it"])
async def test_each_of_its_refusals_is_told_for_what_it_is(
    api: LiveApi, engine: GeminiEngine, said: Refusal, trouble: Trouble, completes: bool
) -> None:
    api.faults = Faults(refusal=said, refusal_completes=completes)
    if completes:
        session = await engine.open("es")
        lost = (await taken(session))[-1]
        assert isinstance(lost, SessionLost)
        assert lost.trouble is trouble
        await session.close()
    else:
        assert (await refusal(engine)).trouble is trouble


@pytest.mark.parametrize(
    "said", [service.DEADLINE, service.ABORTED, Refusal(1000, "")], ids=lambda said: str(said.code)
)
async def test_a_session_that_is_closed_while_somebody_speaks_is_dropped(
    api: LiveApi, engine: GeminiEngine, said: Refusal
) -> None:
    api.faults = Faults(close=said, close_after_bytes=PCM16_16K.bytes_in(200))
    session = await engine.open("es")
    for _ in range(4):
        await session.send_audio(bytes(PCM16_16K.bytes_in(100)))
    lost = (await taken(session))[-1]
    assert isinstance(lost, SessionLost)
    assert lost.trouble is Trouble.DROPPED
    await session.close()


@pytest.mark.parametrize(("status", "trouble"), [(429, Trouble.QUOTA), (503, Trouble.UNREACHABLE)])
async def test_a_handshake_that_is_refused_is_told(
    api: LiveApi, engine: GeminiEngine, status: int, trouble: Trouble
) -> None:
    api.faults = Faults(http_status=status)
    assert (await refusal(engine)).trouble is trouble
