"""`telephony doctor`: is everything there that a real call needs? One line a check, with the remedy where it is not.

A check says what it found, never a key or a number. Each check that another one depends on is made first.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from rich.console import Console
from rich.text import Text

from telephony import log
from telephony.carriers.base import DialRefused
from telephony.config import Settings, SettingsError, is_loopback, load_settings
from telephony.config_values import AUTO
from telephony.engines.base import SessionRefused, Trouble

REMEDIES = {
    Trouble.KEY: "make a new key (aistudio.google.com, API keys) and set GOOGLE_API_KEY",
    Trouble.MODEL: "set TELEPHONY_LIVE_MODEL and TELEPHONY_LIVE_API_VERSION to a model your key may use",
    Trouble.LANGUAGE: "take this code out of TELEPHONY_LANGUAGES or TELEPHONY_AGENT_LANGUAGE",
    Trouble.SETUP: "set TELEPHONY_LIVE_MODEL to a Live Translate model",
    Trouble.QUOTA: "wait, or raise the quota of the key's project (aistudio.google.com, Usage)",
    Trouble.UNREACHABLE: "check GOOGLE_GEMINI_BASE_URL, SSL_CERT_FILE and the network",
    Trouble.DROPPED: "try again; the service closed the session",
    Trouble.TIMED_OUT: "try again; check the network",
    Trouble.UNFIT: "try again; the service answers but does not interpret",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `remedy` is None where all is well."""

    what: str
    found: str
    remedy: str | None = None


def doctor(fix: bool) -> int:
    """Prints the findings; the exit code is 1 if one needs a remedy."""
    console = Console(highlight=False)
    log.configure("error")
    try:
        settings = load_settings()
    except SettingsError as wrong:
        for line in str(wrong).splitlines():
            _show(console, Finding("settings", line, "correct it in the environment or .env (see .env.example)"))
        return 1
    return asyncio.run(_examine(settings, fix, console))


async def _examine(settings: Settings, fix: bool, console: Console) -> int:
    sick = 0
    async for finding in findings(settings, fix):
        _show(console, finding)
        sick += finding.remedy is not None
    return min(sick, 1)


async def findings(settings: Settings, fix: bool) -> AsyncIterator[Finding]:
    """Every check, in the order of a call's way."""
    yield Finding("settings", f"complete; {len(settings.languages)} languages, {len(settings.agents)} agents")
    for line in await asyncio.to_thread(_directory, settings):
        yield line
    yield await _store(settings)
    async for finding in _twilio(settings, fix):
        yield finding
    yield await _public_address(settings)
    async for finding in _live(settings):
        yield finding


def _directory(settings: Settings) -> list[Finding]:
    """Who answers on which number, by the settings and the files in the data folder."""
    from telephony.app import make_directory
    from telephony.directory.faults import DirectoryError

    try:
        directory, _ = make_directory(settings)
    except DirectoryError as wrong:
        return [Finding("agents and numbers", line, "correct it (infra/examples)") for line in wrong.faults]
    return [Finding("agents and numbers", f"{len(directory.agents)} agents, {len(directory.profiles)} profiles")]


async def _store(settings: Settings) -> Finding:
    """Whether calls can be kept: asked without making or changing anything."""
    from telephony.records.store import migrate
    from telephony.records.store.address import database_address
    from telephony.records.store.database import Database
    from telephony.records.store.migrate import Standing
    from telephony.records.store.trouble import DatabaseRefused, StoreUnavailable

    try:
        database = Database(database_address(settings.database_url, settings.data_dir))
        if database.file is not None and not await asyncio.to_thread(database.file.exists):
            await database.close()
            return Finding("store", "SQLite; made when the service starts")
        try:
            standing = await migrate.standing(database)
        finally:
            await database.close()
    except (DatabaseRefused, StoreUnavailable) as wrong:
        return Finding("store", str(wrong), "correct TELEPHONY_DATABASE_URL or TELEPHONY_DATA_DIR")
    well = standing is Standing.CURRENT or (database.file is not None and standing is not Standing.NEWER)
    return Finding("store", f"its tables are {standing.value}", None if well else "run telephony db upgrade")


async def _twilio(settings: Settings, fix: bool) -> AsyncIterator[Finding]:
    from telephony.app import make_account

    account = make_account(settings)
    try:
        status = await account.status()
        yield Finding("Twilio account", status, None if status == "active" else "see console.twilio.com why")
        hooks = await account.webhooks()
        if hooks is None:
            yield Finding("Twilio number", "not in this account", "set TWILIO_PHONE_NUMBER to a number you own")
            return
        wanted = account.wanted(settings.public_url)
        if hooks != wanted and fix:
            await account.point_at(wanted)
            yield Finding("Twilio number", f"its webhook was {hooks.voice or 'not set'} and is now {wanted.voice}")
        elif hooks != wanted:
            found = f"its webhooks are {hooks.voice or 'not set'} and {hooks.status or 'not set'}"
            yield Finding(
                "Twilio number", found, f"run telephony doctor --fix to set {wanted.voice} and {wanted.status}"
            )
        else:
            yield Finding("Twilio number", f"calls {hooks.voice}")
    except DialRefused as refused:
        answered = len(refused.args) > 1
        remedy = "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN" if answered else "TELEPHONY_TWILIO_API_URL and the network"
        yield Finding("Twilio account", str(refused.args[0]), f"check {remedy}")
    finally:
        await account.close()


async def _public_address(settings: Settings) -> Finding:
    """Asks our own /livez by the way Twilio comes."""
    what = "public address"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as web,
            web.get(f"{settings.public_url}/livez") as answer,
        ):
            body = await answer.read()
    except (aiohttp.ClientError, TimeoutError) as failed:
        return Finding(
            what,
            f"{settings.public_url} does not answer ({type(failed).__name__})",
            "start telephony serve and the tunnel or proxy in front of it, or correct TELEPHONY_PUBLIC_URL",
        )
    if answer.status != 200 or b"alive" not in body:
        remedy = "let TELEPHONY_PUBLIC_URL lead to telephony serve"
        return Finding(what, f"something else answers at {settings.public_url} (HTTP {answer.status})", remedy)
    only_here = " (this machine only)" if is_loopback(urlsplit(settings.public_url).hostname) else ""
    return Finding(what, f"{settings.public_url} leads to this service{only_here}")


async def _live(settings: Settings) -> AsyncIterator[Finding]:
    """Opens and closes a session for each language of the line; a refusal that concerns all of them is told once."""
    from telephony.app import make_engine

    engine, opened = make_engine(settings), False
    try:
        for language in dict.fromkeys((settings.agent_language, *settings.languages)):
            if language == AUTO:
                continue
            try:
                session = await engine.open(language)
                await session.close()
                opened = True
                yield Finding(f"interpreter into {language}", "a session opened and closed")
            except SessionRefused as refused:
                trouble = _narrowed(refused.trouble, opened)
                yield Finding(f"interpreter into {language}", f"refused ({refused.detail})", REMEDIES[trouble])
                if trouble is not Trouble.LANGUAGE:
                    return
    finally:
        await engine.close()


def _narrowed(trouble: Trouble, opened: bool) -> Trouble:
    """The service calls a language it does not know an invalid argument; where another session `opened`, nothing else
    can be meant."""
    return Trouble.LANGUAGE if trouble is Trouble.SETUP and opened else trouble


def _show(console: Console, finding: Finding) -> None:
    mark = Text("ok  ", "green") if finding.remedy is None else Text("bad ", "bold red")
    console.print(mark + Text(log.struck(f"{finding.what}: {finding.found}")), soft_wrap=True)
    if finding.remedy is not None:
        console.print(Text(f"    -> {finding.remedy}"), soft_wrap=True)
