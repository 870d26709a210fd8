"""Ephemeral tokens, asked for by the SDK and used against the simulated Live API, which judges as the real one."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from telephony.engines.base import SessionRefused, Trouble
from telephony.engines.gemini.config import LiveConfig
from telephony.engines.gemini.tokens import GeminiTokens
from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.setup import TRANSLATE_MODEL
from tests.engines.gemini.talks import KEY

PATIENCE = 10.0

pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
"""google-genai 3.4 makes a class of aiohttp's session, which aiohttp 3.14 discourages."""


@pytest.fixture
async def api() -> AsyncIterator[LiveApi]:
    async with LiveApi([], key=KEY) as running:
        yield running


def tokens_of(api: LiveApi, key: str = KEY, version: str = "v1alpha") -> GeminiTokens:
    return GeminiTokens(key, LiveConfig(), api_version=version, base_url=api.url, certificates=api.ca_pem)


@pytest.fixture
async def tokens(api: LiveApi) -> AsyncIterator[GeminiTokens]:
    made = tokens_of(api)
    yield made
    await made.close()


async def minted(tokens: GeminiTokens, target: str | None = "de", *, echo: bool = False, uses: int = 1) -> str:
    now = datetime.now(UTC)
    until = now + timedelta(seconds=60)
    return await tokens.mint(target, echo=echo, uses=uses, expires=until, new_sessions_until=until)


def setup(target: str, *, model: str = TRANSLATE_MODEL, echo: bool = False) -> dict[str, Any]:
    translation = {"targetLanguageCode": target, "echoTargetLanguage": echo}
    return {"model": model, "generationConfig": {"responseModalities": ["AUDIO"], "translationConfig": translation}}


async def opened(api: LiveApi, tokens: GeminiTokens, token: str, asked: dict[str, Any]) -> aiohttp.WSMessage:
    """The first message a client with this token gets."""
    trusted = ssl.create_default_context(cafile=api.ca_pem)
    address = f"{tokens.address}?access_token={token}"
    async with (
        asyncio.timeout(PATIENCE),
        aiohttp.ClientSession() as web,
        web.ws_connect(address, ssl=trusted) as socket,
    ):
        await socket.send_str(json.dumps({"setup": asked}))
        return await socket.receive()


async def test_a_locked_token_opens_a_session_in_its_own_language_whatever_is_asked_for(
    api: LiveApi, tokens: GeminiTokens
) -> None:
    token = await minted(tokens, "de", echo=True)
    assert (await opened(api, tokens, token, setup("fr"))).data == b'{"setupComplete":{}}'
    (session,) = api.sessions
    assert session.setup is not None
    assert (session.setup.target_language, session.setup.echo) == ("de", True)
    assert session.setup.input_transcription
    assert session.setup.output_transcription


async def test_an_unlocked_token_lets_its_client_choose(api: LiveApi, tokens: GeminiTokens) -> None:
    token = await minted(tokens, None)
    await opened(api, tokens, token, setup("fr", echo=True))
    (session,) = api.sessions
    assert session.setup is not None
    assert (session.setup.target_language, session.setup.echo) == ("fr", True)


async def test_not_even_an_unlocked_token_serves_another_model(api: LiveApi, tokens: GeminiTokens) -> None:
    token = await minted(tokens, None)
    assert (await opened(api, tokens, token, setup("fr", model="models/another"))).data == b'{"setupComplete":{}}'
    (session,) = api.sessions
    assert session.setup is not None
    assert session.setup.model == TRANSLATE_MODEL == tokens.model


async def test_a_token_opens_as_many_sessions_as_it_was_made_for(api: LiveApi, tokens: GeminiTokens) -> None:
    token = await minted(tokens, uses=2)
    answers = [await opened(api, tokens, token, setup("de")) for _ in range(3)]
    assert [answer.data for answer in answers[:2]] == [b'{"setupComplete":{}}'] * 2
    assert (answers[2].type, answers[2].data) == (aiohttp.WSMsgType.CLOSE, 1008)


async def test_our_key_is_in_no_token_and_in_no_address(tokens: GeminiTokens) -> None:
    assert KEY not in await minted(tokens) + tokens.address


def address(**where: Any) -> str:
    return GeminiTokens(KEY, LiveConfig(), **where).address


def test_clients_are_sent_to_google_unless_told_otherwise() -> None:
    service = "google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained"
    assert address() == f"wss://generativelanguage.googleapis.com/ws/{service}"
    assert address(base_url="https://127.0.0.1:1/") == f"wss://127.0.0.1:1/ws/{service}"
    assert address(base_url="https://127.0.0.1:1", browser_url="http://127.0.0.1:2") == f"ws://127.0.0.1:2/ws/{service}"
    assert GeminiTokens(KEY, LiveConfig()).origin == "wss://generativelanguage.googleapis.com"
    assert ".v1beta." in address(api_version="v1beta")


@pytest.mark.parametrize("version", ["v1alpha", "v1beta"])
async def test_the_version_of_the_api_is_a_setting(api: LiveApi, version: str) -> None:
    tokens = tokens_of(api, version=version)
    token = await minted(tokens)
    assert (await opened(api, tokens, token, setup("de"))).data == b'{"setupComplete":{}}'
    await tokens.close()


async def refusal(tokens: GeminiTokens, **times: datetime) -> SessionRefused:
    until = datetime.now(UTC) + timedelta(seconds=60)
    with pytest.raises(SessionRefused) as refused:
        await tokens.mint("de", echo=False, uses=1, **{"expires": until, "new_sessions_until": until, **times})
    await tokens.close()
    return refused.value


async def test_a_wrong_key_is_told(api: LiveApi) -> None:
    refused = await refusal(tokens_of(api, key="another-key"))
    assert refused.trouble is Trouble.KEY
    assert "another-key" not in str(refused)


async def test_a_time_out_of_bounds_is_told(api: LiveApi) -> None:
    refused = await refusal(tokens_of(api), expires=datetime.now(UTC) + timedelta(hours=20, minutes=1))
    assert refused.trouble is Trouble.SETUP
    assert "20 hours" in refused.detail


async def test_a_service_that_is_not_there_is_told() -> None:
    refused = await refusal(GeminiTokens(KEY, LiveConfig(), base_url="http://127.0.0.1:9"))
    assert refused.trouble is Trouble.UNREACHABLE


async def test_a_certificate_that_is_not_trusted_is_told(api: LiveApi) -> None:
    refused = await refusal(GeminiTokens(KEY, LiveConfig(), base_url=api.url))
    assert refused.trouble is Trouble.UNREACHABLE
