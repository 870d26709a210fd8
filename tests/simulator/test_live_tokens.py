"""Ephemeral tokens of the simulated Live API: what a mask locks, how often and how long a token is good."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from telephony.simulator.live_api.connection import Connection
from telephony.simulator.live_api.refusal import RefusedError
from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.setup import TRANSLATE_MODEL
from telephony.simulator.live_api.tokens import AuthToken, AuthTokens

NOW = datetime(2030, 5, 4, 12, tzinfo=UTC)
KEY_OF_TEST = "a-key-of-a-test"
PATIENCE = 10.0


def setup(target: str = "fr", **more: Any) -> dict[str, Any]:
    generation = {"responseModalities": ["AUDIO"], "translationConfig": {"targetLanguageCode": target}}
    return {"model": TRANSLATE_MODEL, "generationConfig": generation, **more}


LOCKED = setup("de", inputAudioTranscription={})


def minted(now: datetime = NOW, **body: Any) -> AuthToken:
    return AuthTokens().mint(body, now)


def target(constrained: dict[str, Any]) -> Any:
    return constrained["generation_config"]["translation_config"].get("target_language_code")


def test_without_a_setup_the_clients_own_holds() -> None:
    assert target(minted().begin(setup("fr"), NOW)) == "fr"


def test_without_a_mask_the_tokens_setup_replaces_the_clients() -> None:
    token = minted(bidiGenerateContentSetup=LOCKED)
    begun = token.begin(setup("fr", outputAudioTranscription={}, systemInstruction={"parts": []}), NOW)
    assert target(begun) == "de"
    assert set(begun) == {"model", "generation_config", "input_audio_transcription"}


def test_a_mask_overwrites_its_fields_and_no_others() -> None:
    mask = "generationConfig.translationConfig,outputAudioTranscription"
    token = minted(bidiGenerateContentSetup=LOCKED, fieldMask=mask)
    begun = token.begin(setup("fr", outputAudioTranscription={}, contextWindowCompression={}), NOW)
    assert target(begun) == "de"
    assert "output_audio_transcription" not in begun, "it is in the mask and not in the token's setup"
    assert "input_audio_transcription" not in begun, "it is in the token's setup and not in the mask"
    assert "context_window_compression" in begun


def test_a_mask_may_name_fields_in_either_spelling() -> None:
    mask = "generation_config.temperature,generationConfig.translation_config,model"
    token = minted(bidiGenerateContentSetup=LOCKED, fieldMask=mask)
    asked = setup("fr")
    asked["generationConfig"]["temperature"] = 1.5
    begun = token.begin(asked, NOW)
    assert target(begun) == "de"
    assert "temperature" not in begun["generation_config"]


def test_the_tokens_own_setup_is_the_same_for_every_session() -> None:
    token = minted(uses=0, bidiGenerateContentSetup=LOCKED)
    token.begin(setup("fr"), NOW)["generation_config"]["translation_config"]["target_language_code"] = "it"
    assert target(token.begin(setup("fr"), NOW)) == "de"


def refused(token: AuthToken, asked: dict[str, Any], now: datetime = NOW) -> str:
    with pytest.raises(RefusedError) as error:
        token.begin(asked, now)
    assert error.value.refusal.code in (1007, 1008)
    return error.value.refusal.text


def test_a_client_may_not_ask_for_what_does_not_exist_even_where_it_is_ignored() -> None:
    assert "Unknown name" in refused(minted(bidiGenerateContentSetup=LOCKED), {"modle": "x"})


def test_a_token_is_good_once_unless_said_otherwise() -> None:
    token = minted()
    token.begin(setup(), NOW)
    assert "as often as it may" in refused(token, setup())


@pytest.mark.parametrize("uses", [2, "3"])
def test_a_token_is_good_as_often_as_it_says(uses: Any) -> None:
    token = minted(uses=uses)
    for _ in range(int(uses)):
        token.begin(setup(), NOW)
    assert "as often as it may" in refused(token, setup())


def test_no_uses_are_any_number_of_them() -> None:
    token = minted(uses=0)
    for _ in range(100):
        token.begin(setup(), NOW)


def test_resuming_a_session_is_no_use_and_may_come_late() -> None:
    token = minted(bidiGenerateContentSetup={**LOCKED, "sessionResumption": {}})
    token.begin(setup(), NOW)
    token.handles.add("h-1")
    later = NOW + timedelta(minutes=20)
    begun = token.begin(setup(sessionResumption={"handle": "h-1"}), later)
    assert begun["session_resumption"] == {"handle": "h-1"}
    assert "new sessions" in refused(token, setup(sessionResumption={"handle": "h-2"}), later)


def test_new_sessions_have_to_begin_within_a_minute_unless_said_otherwise() -> None:
    assert target(minted().begin(setup(), NOW + timedelta(seconds=59)))
    assert "new sessions" in refused(minted(), setup(), NOW + timedelta(seconds=60))
    until = (NOW + timedelta(hours=1)).isoformat()
    assert target(minted(newSessionExpireTime=until).begin(setup(), NOW + timedelta(minutes=29)))


def test_after_half_an_hour_nothing_is_good_unless_said_otherwise() -> None:
    late = (NOW + timedelta(hours=1)).isoformat()
    assert "expired" in refused(minted(newSessionExpireTime=late), setup(), NOW + timedelta(minutes=30))
    token = minted(newSessionExpireTime=late, expireTime=late)
    assert target(token.begin(setup(), NOW + timedelta(minutes=59)))


@pytest.mark.parametrize(
    "body",
    [
        {"uses": -1},
        {"uses": "many"},
        {"expireTime": "tomorrow"},
        {"expireTime": "2030-13-04T12:00:00Z"},
        {"expireTime": "2030-05-04T12:30:00"},
        {"expireTime": "2030-05-05T08:00:00Z"},
        {"expireTime": "2030-05-04T11:59:59Z"},
        {"newSessionExpireTime": "2030-05-05T08:00:00Z"},
        {"bidiGenerateContentSetup": {"modle": "x"}},
        {"bidiGenerateContentSetup": LOCKED, "fieldMask": "generationConfig.target"},
        {"bidiGenerateContentSetup": LOCKED, "fieldMask": "model.name"},
        {"lockAdditionalFields": []},
        [],
    ],
    ids=str,
)
def test_a_token_that_cannot_be_is_refused(body: Any) -> None:
    with pytest.raises(RefusedError):
        AuthTokens().mint(body, NOW)


@pytest.mark.parametrize("written", ["2030-05-04T12:30:00Z", "2030-05-04T14:30:00.123456789+02:00"])
def test_times_are_taken_as_clients_write_them(written: str) -> None:
    assert (minted(expireTime=written).expires - NOW).total_seconds() == pytest.approx(1800, abs=0.2)


def test_names_are_hard_to_guess() -> None:
    book = AuthTokens()
    names = {book.mint({}, NOW).name for _ in range(100)}
    assert len(names) == 100
    assert {len(name) for name in names} == {len("auth_tokens/") + 64}
    assert book.find("auth_tokens/" + 64 * "0") is None


# --- over the wire ---


@pytest.fixture
async def api() -> AsyncIterator[LiveApi]:
    async with LiveApi([], key=KEY_OF_TEST, plain=True) as running:
        yield running


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        yield session


SERVICE = "google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent"


async def mint(web: aiohttp.ClientSession, api: LiveApi, key: str = KEY_OF_TEST, **body: Any) -> tuple[int, Any]:
    where = f"{api.plain_url}/v1alpha/auth_tokens"
    async with web.post(where, json=body, headers={"x-goog-api-key": key}) as answer:
        return answer.status, await answer.json()


async def first_answer(
    web: aiohttp.ClientSession, api: LiveApi, token: str, asked: dict[str, Any], method: str = "Constrained"
) -> aiohttp.WSMessage:
    async with web.ws_connect(f"{api.plain_url}//ws/{SERVICE}{method}?access_token={token}") as socket:
        await socket.send_json({"setup": asked})
        return await socket.receive()


def session_of(api: LiveApi) -> Connection:
    return api.sessions[-1]


async def test_the_answer_holds_the_name_and_no_more(web: aiohttp.ClientSession, api: LiveApi) -> None:
    status, answer = await mint(web, api, uses=3)
    assert status == 200
    assert list(answer) == ["name"]


async def test_a_token_is_not_minted_without_the_key(web: aiohttp.ClientSession, api: LiveApi) -> None:
    status, answer = await mint(web, api, key="another")
    assert (status, answer["error"]["status"]) == (401, "UNAUTHENTICATED")


async def test_a_token_mints_no_other_token(web: aiohttp.ClientSession, api: LiveApi) -> None:
    _, answer = await mint(web, api)
    assert (await mint(web, api, key=answer["name"]))[0] == 401


async def test_a_wrong_body_is_told(web: aiohttp.ClientSession, api: LiveApi) -> None:
    status, answer = await mint(web, api, uzes=3)
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert "uzes" in answer["error"]["message"]


async def test_a_locked_session_is_what_its_token_says(web: aiohttp.ClientSession, api: LiveApi) -> None:
    _, answer = await mint(web, api, bidiGenerateContentSetup=LOCKED)
    assert (await first_answer(web, api, answer["name"], setup("fr"))).data == b'{"setupComplete":{}}'
    agreed = session_of(api).setup
    assert agreed is not None
    assert (agreed.target_language, agreed.input_transcription, agreed.output_transcription) == ("de", True, False)


async def test_a_token_may_come_in_a_header(web: aiohttp.ClientSession, api: LiveApi) -> None:
    _, answer = await mint(web, api)
    headers = {"Authorization": f"Token {answer['name']}"}
    async with web.ws_connect(f"{api.plain_url}/ws/{SERVICE}Constrained", headers=headers) as socket:
        await socket.send_str(json.dumps({"setup": setup("fr")}))
        assert (await socket.receive()).data == b'{"setupComplete":{}}'


@pytest.mark.parametrize(
    ("token", "method"), [("auth_tokens/unknown", "Constrained"), (None, "")], ids=["unknown", "another method"]
)
async def test_a_token_is_good_for_nothing_else(
    web: aiohttp.ClientSession, api: LiveApi, token: str | None, method: str
) -> None:
    _, answer = await mint(web, api)
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await first_answer(web, api, token or answer["name"], setup(), method)
    assert error.value.status == 401


async def test_a_session_ends_with_its_token(web: aiohttp.ClientSession, api: LiveApi) -> None:
    until = datetime.now(UTC) + timedelta(seconds=0.5)
    _, answer = await mint(web, api, expireTime=until.isoformat())
    async with web.ws_connect(f"{api.plain_url}/ws/{SERVICE}Constrained?access_token={answer['name']}") as socket:
        await socket.send_json({"setup": setup()})
        assert (await socket.receive()).data == b'{"setupComplete":{}}'
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 1008
    assert datetime.now(UTC) >= until


async def test_a_handle_that_the_session_was_given_resumes_it(web: aiohttp.ClientSession, api: LiveApi) -> None:
    _, answer = await mint(web, api, bidiGenerateContentSetup={**LOCKED, "sessionResumption": {}})
    address = f"{api.plain_url}/ws/{SERVICE}Constrained?access_token={answer['name']}"
    async with web.ws_connect(address) as socket:
        await socket.send_json({"setup": setup()})
        await socket.receive()
        handle = json.loads((await socket.receive()).data)["sessionResumptionUpdate"]["newHandle"]
    asked = setup(sessionResumption={"handle": handle})
    assert (await first_answer(web, api, answer["name"], asked)).data == b'{"setupComplete":{}}'
    assert (await first_answer(web, api, answer["name"], setup())).data == 1008
