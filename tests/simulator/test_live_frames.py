"""The simulated Live API over TLS, with raw frames and addresses, most of which the SDK would never send."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import pytest

from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.terms import Terms
from telephony.simulator.scenario import load
from tests.simulator.live_site import KEY_OF_TEST, PATH, PATIENCE, Raw
from tests.simulator.spoken import WIRE

SEED = (WIRE / "client_setup_seed.json").read_text(encoding="utf-8").removesuffix("\n")


@pytest.fixture
async def raw(live_api: LiveApi) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as http, asyncio.timeout(PATIENCE):
        yield Raw(http, live_api)


async def test_the_setup_is_answered_in_a_binary_frame_uncompressed(raw: Raw) -> None:
    socket = await raw.connect()
    await socket.send_str(SEED)
    answer = await socket.receive()
    assert (answer.type, answer.data) == (aiohttp.WSMsgType.BINARY, b'{"setupComplete":{}}')
    assert socket.compress == 0


async def test_a_setup_in_a_binary_frame_is_as_good(raw: Raw) -> None:
    socket = await raw.connect()
    await socket.send_bytes(SEED.encode())
    assert (await socket.receive()).data == b'{"setupComplete":{}}'


@pytest.mark.parametrize(
    "path", [PATH, "/" + PATH, PATH.replace("v1beta", "v1"), PATH.replace("v1beta", "v1alpha"), PATH + "Constrained"]
)
async def test_these_addresses_are_served(raw: Raw, path: str) -> None:
    socket = await raw.connect(path)
    await socket.send_str(SEED)
    assert (await socket.receive()).data == b'{"setupComplete":{}}'


@pytest.mark.parametrize("path", [PATH.replace("v1beta", "v2"), PATH + "x", "/", PATH.replace("/ws", "/w")])
async def test_other_addresses_are_not_found(raw: Raw, path: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await raw.connect(path)
    assert error.value.status == 404


async def test_the_key_may_come_in_the_address(raw: Raw) -> None:
    for name in ("key", "access_token"):
        socket = await raw.connect(headers={}, **{name: KEY_OF_TEST})
        await socket.send_str(SEED)
        assert (await socket.receive()).data == b'{"setupComplete":{}}'


async def test_the_key_may_come_as_a_token(raw: Raw) -> None:
    socket = await raw.connect(headers={"Authorization": f"Token {KEY_OF_TEST}"})
    await socket.send_str(SEED)
    assert (await socket.receive()).data == b'{"setupComplete":{}}'


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-goog-api-key": ""}, {"x-goog-api-key": "ä"}, {"Authorization": f"Basic {KEY_OF_TEST}"}],
    ids=["none", "empty", "another", "another scheme"],
)
async def test_without_the_key_there_is_no_session(raw: Raw, live_api: LiveApi, headers: Mapping[str, str]) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await raw.connect(headers=headers)
    assert error.value.status == 401
    assert not live_api.sessions


async def test_the_first_frame_must_be_a_setup(raw: Raw) -> None:
    socket = await raw.connect()
    await socket.send_str((WIRE / "client_audio_sdk.json").read_text(encoding="utf-8"))
    assert await closed(socket) == 1007


async def test_a_second_setup_ends_the_session(raw: Raw) -> None:
    socket = await raw.connect()
    await socket.send_str(SEED)
    await socket.receive()
    await socket.send_str(SEED)
    assert await closed(socket) == 1007


@pytest.mark.parametrize("name", ["client_not_json.txt", "client_audio_bad_base64.json", "client_unknown_kind.json"])
async def test_a_wrong_frame_ends_a_running_session(raw: Raw, name: str) -> None:
    socket = await raw.connect()
    await socket.send_str(SEED)
    await socket.receive()
    await socket.send_str((WIRE / name).read_text(encoding="utf-8"))
    assert await closed(socket) == 1007


async def test_a_client_that_says_nothing_is_not_waited_for(short_call: Path) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        LiveApi([load(short_call)], key=KEY_OF_TEST, terms=Terms(setup_within=0.01)) as api,
        aiohttp.ClientSession() as http,
    ):
        assert await closed(await Raw(http, api).connect()) == 1011


async def test_a_handle_to_resume_by_is_given_to_whom_asks_for_it_and_is_good_once_given(raw: Raw) -> None:
    asking = json.loads(SEED)
    asking["setup"]["sessionResumption"] = {}
    socket = await raw.connect()
    await socket.send_str(json.dumps(asking))
    await socket.receive()
    update = json.loads((await socket.receive()).data)["sessionResumptionUpdate"]
    assert update["resumable"]

    asking["setup"]["sessionResumption"] = {"handle": update["newHandle"]}
    socket = await raw.connect()
    await socket.send_str(json.dumps(asking))
    assert (await socket.receive()).data == b'{"setupComplete":{}}'


async def test_tokens_are_counted_about_once_a_second_and_no_turn_is_ever_complete(raw: Raw) -> None:
    silent = (WIRE / "client_setup_without_translation.json").read_text(encoding="utf-8")
    socket = await raw.connect()
    await socket.send_str(silent)
    await socket.receive()
    await socket.send_str((WIRE / "client_audio_sdk.json").read_text(encoding="utf-8"))
    got = [json.loads((await socket.receive()).data) for _ in range(5)]
    assert [next(iter(message)) for message in got] == ["serverContent"] * 4 + ["usageMetadata"]
    assert [set(message["serverContent"]) for message in got[:4]] == [{"modelTurn"}] * 4
    assert got[4]["usageMetadata"]["responseTokenCount"] == 25


async def closed(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """The code of the close frame that comes next."""
    received = await socket.receive()
    assert received.type is aiohttp.WSMsgType.CLOSE
    return socket.close_code
