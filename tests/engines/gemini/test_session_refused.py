import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from telephony.engines.base import Trouble
from telephony.engines.gemini import session as session_module
from telephony.engines.gemini.config import LiveConfig
from telephony.engines.gemini.session import GeminiEngine
from tests.engines.gemini.peer import breaking, closing, peer, saying, silent
from tests.engines.gemini.talks import KEY, LOST_IN_TIME, engine_at, refusal


@pytest.mark.parametrize(
    ("code", "reason", "trouble"),
    [
        (1007, "API key not valid. Please pass a valid API key.", Trouble.KEY),
        (1008, "models/x is not found for API version v1beta, or is not supported for bidi", Trouble.MODEL),
        (1007, "Unsupported language code 'pl' for model models/x", Trouble.LANGUAGE),
        (1007, "Request contains an invalid argument.", Trouble.SETUP),
        (1011, "You exceeded your current quota, please check your plan and billing details.", Trouble.QUOTA),
        (1011, "The service is currently unavailable.", Trouble.DROPPED),
    ],
)
async def test_a_close_instead_of_setup_complete_is_a_refusal(
    tmp_path: Path, code: int, reason: str, trouble: Trouble
) -> None:
    async with peer(tmp_path, closing(code, reason, completes=False)) as other, engine_at(other) as engine:
        refused = await refusal(engine)
        assert (refused.trouble, refused.detail) == (trouble, f"closed with {code}: {reason}")


async def test_a_connection_that_breaks_instead_is_a_dropped_one(tmp_path: Path) -> None:
    async with peer(tmp_path, breaking(completes=False)) as other, engine_at(other) as engine:
        assert (await refusal(engine)).trouble is Trouble.DROPPED


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (401, Trouble.KEY),
        (403, Trouble.KEY),
        (404, Trouble.UNREACHABLE),
        (429, Trouble.QUOTA),
        (500, Trouble.UNREACHABLE),
        (503, Trouble.UNREACHABLE),
    ],
)
async def test_a_refused_upgrade_says_why(tmp_path: Path, status: int, trouble: Trouble) -> None:
    async with peer(tmp_path, saying()) as other, engine_at(other) as engine:
        other.status = status
        refused = await refusal(engine)
        assert (refused.trouble, refused.detail) == (trouble, f"the upgrade was answered with HTTP {status}")


async def test_a_setup_that_is_never_completed_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "OPEN_WITHIN", 0.2)
    async with peer(tmp_path, silent()) as other, engine_at(other) as engine:
        assert (await refusal(engine)).trouble is Trouble.TIMED_OUT
        async with asyncio.timeout(LOST_IN_TIME):
            await other.gone.wait()


async def test_a_certificate_nobody_trusts_is_told(tmp_path: Path) -> None:
    async with peer(tmp_path, saying()) as other:
        other.ca = tmp_path / "other.pem"
        async with engine_at(other) as engine:
            refused = await refusal(engine)
            assert (refused.trouble, refused.detail) == (Trouble.UNREACHABLE, "its certificate is not trusted")


async def test_certificates_of_the_environment_are_trusted_as_the_sdk_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with peer(tmp_path, saying()) as other:
        monkeypatch.setenv("SSL_CERT_FILE", str(other.ca))
        engine = GeminiEngine(KEY, LiveConfig(), base_url=other.url)
        session = await engine.open("pl")
        await session.close()
        await engine.close()


async def test_a_service_that_is_not_there_is_unreachable(tmp_path: Path, unused_tcp_port: int) -> None:
    async with peer(tmp_path, saying()) as other:
        other.url = f"https://127.0.0.1:{unused_tcp_port}"
        async with engine_at(other) as engine:
            assert (await refusal(engine)).trouble is Trouble.UNREACHABLE


async def test_a_service_without_tls_is_unreachable(tmp_path: Path) -> None:
    async with peer(tmp_path, saying()) as other, TestServer(web.Application()) as plain:
        other.url = str(plain.make_url(""))
        async with engine_at(other) as engine:
            assert (await refusal(engine)).trouble is Trouble.UNREACHABLE
