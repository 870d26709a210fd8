"""Puts the house together; the only file that names a carrier or an engine."""

import asyncio
from collections.abc import AsyncIterator

import structlog
from aiohttp import web

from telephony.calls.agents import Agents
from telephony.calls.call import House
from telephony.calls.observer import Observers
from telephony.calls.reception import Reception
from telephony.calls.switchboard import Switchboard
from telephony.carriers.twilio.account import TwilioAccount
from telephony.carriers.twilio.addresses import Addresses
from telephony.carriers.twilio.call_control import TwilioCallControl
from telephony.carriers.twilio.signature import SignatureCheck
from telephony.carriers.twilio.webhooks import TwilioWebhooks
from telephony.config import Settings
from telephony.engines.continuity import ContinuousEngine
from telephony.engines.gemini.config import LiveConfig
from telephony.engines.gemini.session import GeminiEngine
from telephony.records.recorder import Recorder

log = structlog.get_logger(__name__)

SWITCHBOARD: web.AppKey[Switchboard] = web.AppKey("switchboard")
READY: web.AppKey[asyncio.Event] = web.AppKey("ready")


def make_engine(settings: Settings) -> GeminiEngine:
    """The interpreter these settings name."""
    return GeminiEngine(
        settings.gemini_api_key.get_secret_value(),
        LiveConfig(settings.live_model, settings.echo_target_language, settings.live_chunk_ms),
        api_version=settings.live_api_version,
        base_url=settings.google_gemini_base_url,
        certificates=settings.ssl_cert_file,
    )


def make_call_control(settings: Settings) -> TwilioCallControl:
    """Twilio's REST API with the account these settings name. Needs a running event loop."""
    return TwilioCallControl(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.twilio_phone_number,
        Addresses(settings.public_url),
        settings.twilio_api_url,
    )


def make_account(settings: Settings) -> TwilioAccount:
    """The account behind the calls. Needs a running event loop."""
    return TwilioAccount(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.twilio_phone_number,
        settings.twilio_api_url,
    )


async def make_app(settings: Settings) -> web.Application:
    """The whole service as one aiohttp application."""
    recorder = Recorder(settings.data_dir) if settings.transcripts else None
    engine, control = make_engine(settings), make_call_control(settings)
    switchboard = Switchboard(
        House(
            Reception(settings.languages, settings.agent_language),
            settings.agent_language,
            Agents(settings.agents),
            control,
            ContinuousEngine(engine, asyncio.get_running_loop().time),
            Observers(*([recorder] if recorder else [])),
            asyncio.get_running_loop().time,
        )
    )
    check = SignatureCheck(settings.twilio_auth_token.get_secret_value(), settings.public_url)
    webhooks = TwilioWebhooks(switchboard, check, Addresses(settings.public_url), settings.twilio_account_sid)

    async def shared(app: web.Application) -> AsyncIterator[None]:
        """What lives as long as the service."""
        app[READY].set()
        yield
        await control.close()
        await engine.close()
        if recorder:
            await recorder.close()

    app = web.Application()
    app[SWITCHBOARD], app[READY] = switchboard, asyncio.Event()
    app.router.add_get("/livez", _livez)
    app.router.add_get("/readyz", _readyz)
    app.add_subapp("/twilio", webhooks.app())
    app.cleanup_ctx.append(shared)
    return app


async def serve(settings: Settings, host: str, port: int) -> None:
    """Runs until cancelled. Calls that are still up are told and ended first, while the carrier can still ask."""
    app = await make_app(settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5, handler_cancellation=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        log.info("serving", host=host, port=port)
        await asyncio.get_running_loop().create_future()
    finally:
        app[READY].clear()
        await app[SWITCHBOARD].close()
        await runner.cleanup()


async def _livez(_request: web.Request) -> web.Response:
    """The process runs its event loop."""
    return web.json_response({"status": "alive"})


async def _readyz(request: web.Request) -> web.Response:
    """New calls may be sent here."""
    ready = request.app[READY].is_set()
    return web.json_response(
        {"status": "ready" if ready else "not ready", "calls": len(request.app[SWITCHBOARD].live)},
        status=200 if ready else 503,
    )
