"""Puts the house together; the only file that names a carrier or an engine."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

import phonenumbers
import structlog
from aiohttp import web

from telephony.calls.guards.limits import MINUTE_PRICE, Bounds, Limits
from telephony.calls.house import House, Listeners
from telephony.calls.observer import Observers
from telephony.calls.orphans import Orphans
from telephony.calls.profile import AUTO, Profiles, house_profile
from telephony.calls.switchboard import Switchboard
from telephony.carriers.twilio.account import TwilioAccount
from telephony.carriers.twilio.addresses import Addresses
from telephony.carriers.twilio.call_control import TwilioCallControl
from telephony.carriers.twilio.signature import SignatureCheck
from telephony.carriers.twilio.webhooks import TwilioWebhooks
from telephony.config import Settings
from telephony.console.console import Console
from telephony.directory.directory import Basis, Directory, paths_in, read_directory
from telephony.directory.watched import Watched
from telephony.doors import make_console, open_doors
from telephony.engines.continuity import ContinuousEngine
from telephony.engines.gemini.config import LiveConfig
from telephony.engines.gemini.session import GeminiEngine
from telephony.engines.gemini.tokens import GeminiTokens
from telephony.metrics.house_watch import HouseWatch
from telephony.records.office import Office
from telephony.records.recorder import Recorder

log = structlog.get_logger(__name__)

SWITCHBOARD: web.AppKey[Switchboard] = web.AppKey("switchboard")
CONSOLE: web.AppKey[Console] = web.AppKey("console")
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


def make_tokens(settings: Settings) -> GeminiTokens:
    """Who makes ephemeral tokens for browsers and apps."""
    return GeminiTokens(
        settings.gemini_api_key.get_secret_value(),
        LiveConfig(settings.live_model, settings.echo_target_language, settings.live_chunk_ms),
        api_version=settings.live_token_api_version,
        base_url=settings.google_gemini_base_url,
        certificates=settings.ssl_cert_file,
        browser_url=settings.live_browser_url,
    )


def make_call_control(settings: Settings) -> TwilioCallControl:
    """Twilio's REST API with the account these settings name. Needs a running event loop."""
    return TwilioCallControl(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.twilio_phone_number,
        Addresses(settings.public_url),
        settings.twilio_api_url,
        settings.fallback_url or "",
    )


def make_account(settings: Settings) -> TwilioAccount:
    """The account behind the calls. Needs a running event loop."""
    return TwilioAccount(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.twilio_phone_number,
        settings.twilio_api_url,
        settings.fallback_url or "",
    )


def allowed_countries(settings: Settings) -> tuple[str, ...]:
    """Those of the settings, or that of the line's own number."""
    own = phonenumbers.region_code_for_number(phonenumbers.parse(settings.twilio_phone_number))
    return settings.countries or ((own,) if own else ())


def make_directory(settings: Settings) -> tuple[Directory, Profiles]:
    """Who answers on which number, by the settings and the files in the data folder. Raises DirectoryError."""
    offered = tuple(code for code in settings.languages if code != AUTO)
    house = house_profile(
        offered, settings.agent_language, settings.twilio_phone_number, auto=AUTO in settings.languages
    )
    directory = read_directory(settings.data_dir, _basis(settings))
    return directory, Profiles(house, directory.profiles)


def make_limits(settings: Settings) -> Bounds:
    """How much the house takes on."""
    return Bounds(
        calls_at_once=settings.calls_at_once,
        calls_an_hour=settings.calls_an_hour,
        minutes_a_day=settings.minutes_a_day,
        spend_a_day=settings.spend_a_day,
        minute_price=MINUTE_PRICE if settings.minute_price is None else settings.minute_price,
    )


async def make_app(settings: Settings) -> web.Application:
    """The whole service as one aiohttp application. Raises DirectoryError and DatabaseRefused."""
    loop = asyncio.get_running_loop()
    directory, profiles = await asyncio.to_thread(make_directory, settings)
    office = await Office.open(settings.database_url, settings.data_dir, loop.time, _wall)
    recorder = Recorder(settings.data_dir) if settings.transcripts else None
    engine, control = make_engine(settings), make_call_control(settings)
    limits = Limits(make_limits(settings), await office.used_today())
    roster = await office.roster(directory.agents)
    opened = asyncio.Event()
    watch = HouseWatch(limits, office.keeper, opened, loop.time, _wall)
    tokens = make_tokens(settings)
    console = make_console(settings, office, tokens.origin, limits.bounds.minute_price, loop.time, _wall)
    house = House(
        profiles,
        roster,
        control,
        ContinuousEngine(engine, loop.time),
        Observers(*([recorder] if recorder else []), office.metering(limits), watch.calls, console.feed),
        loop.time,
        office.register,
        limits,
        listeners=Listeners(settings.original_voice, settings.comfort_sound, settings.echo_suppression),
        sounds=office.sounds,
        detects_machines=settings.machine_detection,
    )
    switchboard = Switchboard(house)

    def use(directory: Directory) -> None:
        """Files in the data folder have changed."""
        roster.replace(directory.agents)
        profiles.replace(directory.profiles)

    watched = Watched(paths_in(settings.data_dir), lambda: read_directory(settings.data_dir, _basis(settings)), use)
    check = SignatureCheck(settings.twilio_auth_token.get_secret_value(), settings.public_url)
    webhooks = TwilioWebhooks(switchboard, check, Addresses(settings.public_url), settings.twilio_account_sid)

    async def shared(app: web.Application) -> AsyncIterator[None]:
        """What lives as long as the service."""
        office.watch_holds(limits)
        if settings.keep_days is not None:
            office.forget_after(settings.keep_days)
        watched.start()
        watch.start()
        orphans = asyncio.create_task(Orphans(house, switchboard).run(), name="orphans")
        app[READY].set()
        yield
        watch.stop()
        orphans.cancel()
        await asyncio.wait((orphans,))
        await watched.close()
        await control.close()
        await engine.close()
        await tokens.close()
        await office.close()
        if recorder:
            await recorder.close()

    app = web.Application(middlewares=[watch.webhook_time])
    app[SWITCHBOARD], app[READY], app[CONSOLE] = switchboard, opened, console
    app.add_subapp("/twilio", webhooks.app())
    open_doors(app, settings, house, switchboard, office, watch, console, tokens, allowed_countries(settings))
    app.cleanup_ctx.append(shared)
    return app


class Stopping:
    """How the service is asked to end: `drain` lets calls that are up go on for a while, `now` ends them."""

    def __init__(self) -> None:
        self.drain = asyncio.Event()
        self.now = asyncio.Event()

    def again(self) -> None:
        """Asked once, it drains; asked twice, it ends now."""
        (self.now if self.drain.is_set() else self.drain).set()


async def serve(settings: Settings, host: str, port: int, stopping: Stopping) -> None:
    """Runs until asked to stop. Then no new calls are taken; those that are up go on for as long as the settings say,
    and are told and ended while the carrier can still ask."""
    app = await make_app(settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5, handler_cancellation=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        log.info("serving", host=host, port=port)
        if link := await app[CONSOLE].first_link():
            # For the terminal only: whoever has it becomes the first admin.
            sys.stderr.write(f"Nobody can sign in yet. Make the first admin here, once: {link}\n")
        await stopping.drain.wait()
        app[READY].clear()
        log.info("draining", calls=len(app[SWITCHBOARD].live), seconds=settings.drain_seconds)
        await _drain(app[SWITCHBOARD], settings.drain_seconds, stopping.now)
    finally:
        app[READY].clear()
        await app[SWITCHBOARD].close()
        await runner.cleanup()


async def _drain(switchboard: Switchboard, within: float, now: asyncio.Event) -> None:
    """Returns when every call is over, when `within` seconds have passed, or as soon as `now` is set."""
    draining = asyncio.create_task(switchboard.drain(within), name="drain")
    ending = asyncio.create_task(now.wait(), name="asked again")
    try:
        await asyncio.wait((draining, ending), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (draining, ending):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _wall() -> datetime:
    return datetime.now(UTC)


def _basis(settings: Settings) -> Basis:
    return Basis(
        settings.languages,
        settings.agent_language,
        settings.twilio_phone_number,
        settings.agents,
        allowed_countries(settings),
    )
