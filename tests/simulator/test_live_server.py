"""The simulated Live API over TLS, with the unmodified SDK: what it hears, what is refused, and how a session ends."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from google.genai import errors
from websockets.exceptions import ConnectionClosed, InvalidStatus

from telephony.simulator.live_api.faults import Faults
from telephony.simulator.live_api.refusal import DEADLINE, KEY, QUOTA
from telephony.simulator.live_api.report import LineRecognised, TranslationEnded
from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.setup import TRANSLATE_MODEL
from telephony.simulator.live_api.terms import Terms
from telephony.simulator.scenario import load
from tests.simulator.live_site import KEY_OF_TEST, PATIENCE, client_of, config, heard_until_silent, say
from tests.simulator.spoken import known, over_the_line, quiet, voice


async def test_the_sdk_hears_a_line_in_translation(
    live_api: LiveApi, short_call: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asyncio.timeout(PATIENCE):
        client = client_of(live_api, monkeypatch)
        async with client.aio.live.connect(model="gemini-3.5-live-translate-preview", config=config()) as session:
            await say(session, over_the_line(quiet(0.2), voice(0, 1.4), quiet(0.5)))
            sound, heard, said = await heard_until_silent(session)

    assert sound.startswith(known(short_call)["c1"].translation.sound)
    assert heard == "uno dos tres cuatro cinco seis siete ocho"
    assert said == "one two three four five six seven eight"
    (live,) = live_api.sessions
    assert isinstance(live.report[0], LineRecognised)
    assert live.arrivals.samples == round(16000 * 2.1)


async def test_two_sessions_at_once_have_a_target_each(live_api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asyncio.timeout(PATIENCE):
        live = client_of(live_api, monkeypatch).aio.live
        async with (
            live.connect(model=TRANSLATE_MODEL, config=config("en")) as english,
            live.connect(model=TRANSLATE_MODEL, config=config("es")) as spanish,
        ):
            line = over_the_line(voice(0, 1.4), quiet(0.3))
            await say(spanish, line)
            await say(english, line)
            _, _, said = await heard_until_silent(english)
            assert said == "one two three four five six seven eight"

    assert [live.setup.target_language for live in live_api.sessions if live.setup] == ["en", "es"]
    assert [sum(isinstance(event, TranslationEnded) for event in live.report) for live in live_api.sessions] == [1, 0]


@pytest.mark.parametrize(
    ("model", "target", "code", "reason"),
    [
        ("gemini-9", "en", 1008, "models/gemini-9 is not found for API version v1beta, or is not supported"),
        (TRANSLATE_MODEL, "tlh", 1007, "Unsupported language code 'tlh'"),
    ],
    ids=["model", "language"],
)
async def test_what_the_service_does_not_know_is_refused_at_setup(
    live_api: LiveApi, monkeypatch: pytest.MonkeyPatch, model: str, target: str, code: int, reason: str
) -> None:
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(errors.APIError) as error:
            async with client_of(live_api, monkeypatch).aio.live.connect(model=model, config=config(target)):
                pass
    assert error.value.code == code
    assert str(error.value.details).startswith(reason)


async def test_a_wrong_key_is_refused_at_the_handshake(live_api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(InvalidStatus) as error:
            async with client_of(live_api, monkeypatch, "another-key").aio.live.connect(
                model=TRANSLATE_MODEL, config=config()
            ):
                pass
    assert error.value.response.status_code == 401


async def test_a_spent_quota_is_told_in_123_bytes(live_api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    live_api.faults = Faults(refusal=QUOTA)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(errors.APIError) as error:
            async with client_of(live_api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()):
                pass
    assert error.value.code == 1011
    assert str(error.value.details).startswith("You exceeded your current quota, please check your plan and billing")
    assert len(str(error.value.details)) == 123


async def test_a_quota_may_be_found_spent_after_the_setup(live_api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    live_api.faults = Faults(refusal=QUOTA, refusal_completes=True)
    async with asyncio.timeout(PATIENCE):
        async with client_of(live_api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session:
            with pytest.raises(errors.APIError) as error:
                await anext(session.receive())
    assert error.value.code == 1011


async def test_a_bad_key_may_end_as_a_close(live_api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    live_api.faults = Faults(refusal=KEY)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(errors.APIError, match="API key not valid"):
            async with client_of(live_api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()):
                pass


async def test_too_many_requests_are_answered_at_the_handshake(
    live_api: LiveApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_api.faults = Faults(http_status=429)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(InvalidStatus) as error:
            async with client_of(live_api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()):
                pass
    assert error.value.response.status_code == 429


async def test_a_session_may_break_after_so_many_bytes(live_api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    live_api.faults = Faults(close=DEADLINE, close_after_bytes=9600)
    async with asyncio.timeout(PATIENCE):
        async with client_of(live_api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session:
            await say(session, bytes(9600))
            with pytest.raises(errors.APIError) as error:
                await anext(session.receive())
    assert (error.value.code, error.value.details) == (1011, "Deadline expired before operation could complete.")
    (live,) = live_api.sessions
    assert live.arrivals.samples == 4800


async def test_a_session_may_break_after_some_time(live_api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    live_api.faults = Faults(close=DEADLINE, close_after_s=0.01)
    async with asyncio.timeout(PATIENCE):
        async with client_of(live_api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session:
            with pytest.raises(errors.APIError) as error:
                await anext(session.receive())
    assert error.value.code == 1011


async def test_a_connection_ends_after_its_life_and_says_so_before(
    short_call: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        LiveApi([load(short_call)], key=KEY_OF_TEST, terms=Terms(life=0.2)) as api,
        client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session,
    ):
        messages = session.receive()
        notice = await anext(messages)
        with pytest.raises(errors.APIError) as error:
            await anext(messages)
    assert notice.go_away
    assert notice.go_away.time_left == "0.2s"
    assert error.value.code == 1008


async def test_a_server_that_goes_away_says_so(short_call: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asyncio.timeout(PATIENCE), AsyncExitStack() as stack:
        async with LiveApi([load(short_call)], key=KEY_OF_TEST) as api:
            live = client_of(api, monkeypatch).aio.live
            session = await stack.enter_async_context(live.connect(model=TRANSLATE_MODEL, config=config()))
        with pytest.raises(errors.APIError) as error:
            await anext(session.receive())
        with pytest.raises(ConnectionClosed):
            await say(session, bytes(3200))
    assert error.value.code == 1001
    assert [ended.close_code for ended in api.sessions] == [1001]


async def test_nothing_runs_on_when_the_server_is_gone(short_call: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        LiveApi([load(short_call)], key=KEY_OF_TEST) as api,
        client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session,
    ):
        await say(session, bytes(3200))
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("live session")] == []
