import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from telephony.app import make_engine
from telephony.commands import doctor as command
from telephony.commands.doctor import REMEDIES, Finding, findings
from telephony.engines.base import SessionRefused, Trouble
from telephony.engines.gemini.session import GeminiSession
from telephony.records.store.store import Store
from telephony.simulator.live_api import refusal
from telephony.simulator.live_api.faults import Faults
from telephony.simulator.live_api.refusal import Refusal
from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.terms import Terms
from tests.commands.world import ALIVE, KEY, NUMBER, TOKEN, World, around
from tests.log_state import log_as_it_was
from tests.settings import environment, nothing_set

__all__ = ["nothing_set"]


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> AsyncIterator[World]:
    async with around(unused_tcp_port) as one:
        # The SDK makes its clients much faster with a small file of certificates.
        monkeypatch.setenv("SSL_CERT_FILE", str(one.live.ca_pem))
        yield one


async def found(world: World, **changed: str) -> dict[str, Finding]:
    return {finding.what: finding async for finding in findings(world.settings(**changed), False)}


async def fixed(world: World) -> Finding:
    """What `--fix` says of the number."""
    found = {finding.what: finding async for finding in findings(world.settings(), True)}
    return found["Twilio number"]


async def test_where_all_is_well_every_check_says_so(world: World) -> None:
    world.answer = ALIVE
    findings = await found(world)
    assert list(findings) == [
        "settings",
        "agents and numbers",
        "store",
        "Twilio account",
        "Twilio number",
        "public address",
        "interpreter into en",
        "interpreter into es",
    ]
    assert [finding.what for finding in findings.values() if finding.remedy] == []
    assert findings["settings"].found == "complete; 2 languages, 3 agents"
    assert findings["Twilio account"].found == "active"
    assert findings["Twilio number"].found == f"calls {world.here}/twilio/voice"
    assert findings["public address"].found == f"{world.here} leads to this service (this machine only)"
    assert findings["interpreter into es"].found == "a session opened and closed"


async def test_files_that_are_wrong_are_named_line_by_line(world: World, tmp_path: Path) -> None:
    (tmp_path / "agents.toml").write_text('[[agent]]\nname = "Front Desk"\naddress = "5550122"\nlanguages = ["en"]\n')
    findings = await found(world, TELEPHONY_DATA_DIR=str(tmp_path))
    assert findings["agents and numbers"].found.startswith("agents.toml:3: ")
    assert findings["agents and numbers"].remedy is not None


async def test_a_store_is_looked_at_and_not_made(world: World, tmp_path: Path) -> None:
    before = await found(world, TELEPHONY_DATA_DIR=str(tmp_path))
    assert before["store"].found == "SQLite; made when the service starts"
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []
    store = await Store.open(None, tmp_path)
    await store.close()
    assert (await found(world, TELEPHONY_DATA_DIR=str(tmp_path)))["store"].found == "its tables are current"


async def test_a_file_that_is_no_database_is_told(world: World, tmp_path: Path) -> None:
    (tmp_path / "telephony.db").write_bytes(b"not a database at all, only some words" * 100)
    assert (await found(world, TELEPHONY_DATA_DIR=str(tmp_path)))["store"].remedy is not None


async def test_each_language_is_tried_once_and_its_session_closed(world: World) -> None:
    await found(world, TELEPHONY_AGENT_LANGUAGE="es", TELEPHONY_LANGUAGES="en,es,fr")
    assert [served.setup and served.setup.target_language for served in world.live.sessions] == ["es", "en", "fr"]
    async with asyncio.timeout(5):
        while None in [served.close_code for served in world.live.sessions]:
            await asyncio.sleep(0)


async def test_a_wrong_token_is_told_with_its_remedy(world: World) -> None:
    findings = await found(world, TWILIO_AUTH_TOKEN="another")
    assert findings["Twilio account"].found == "Twilio answered 401 with error 20003"
    assert findings["Twilio account"].remedy == "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
    assert "Twilio number" not in findings
    assert "interpreter into es" in findings


async def test_a_rest_api_that_is_not_there_is_not_blamed_on_the_token(
    world: World, unused_tcp_port_factory: Callable[[], int]
) -> None:
    nowhere = f"http://127.0.0.1:{unused_tcp_port_factory()}"
    findings = await found(world, TELEPHONY_TWILIO_API_URL=nowhere)
    assert "could not be reached" in findings["Twilio account"].found
    assert findings["Twilio account"].remedy == "check TELEPHONY_TWILIO_API_URL and the network"


async def test_an_account_that_is_not_active_needs_a_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "telephony.simulator.carrier.rest_shapes.account", lambda sid, _since: {"sid": sid, "status": "suspended"}
    )
    findings = await found(world)
    assert findings["Twilio account"].found == "suspended"
    assert findings["Twilio account"].remedy == "see console.twilio.com why"


async def test_a_number_of_another_account_is_told(world: World) -> None:
    findings = await found(world, TWILIO_PHONE_NUMBER="+12025550199")
    assert findings["Twilio number"].found == "not in this account"
    assert findings["Twilio number"].remedy == "set TWILIO_PHONE_NUMBER to a number you own"


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"voice_url": "https://other.example/voice"}, "https://other.example/voice"),
        ({"voice_url": ""}, "not set"),
        ({"status_callback": ""}, "not set"),
        ({"voice_method": "GET"}, "GET http"),
        ({"status_callback_method": "GET"}, "GET http"),
    ],
)
async def test_a_number_that_calls_somewhere_else_is_told_with_its_remedy(
    world: World, changed: dict[str, str], shown: str
) -> None:
    world.number(**changed)
    finding = (await found(world))["Twilio number"]
    assert shown in finding.found
    assert finding.remedy == (
        f"run telephony doctor --fix to set {world.here}/twilio/voice and {world.here}/twilio/status"
    )
    assert world.carrier.switch.number == replace(world.carrier.switch.number, **changed)


async def test_fixing_points_the_number_here(world: World) -> None:
    world.number(voice_url="https://other.example/voice", voice_method="GET", status_callback="")
    finding = await fixed(world)
    assert finding.remedy is None
    assert finding.found == (f"its webhook was GET https://other.example/voice and is now {world.here}/twilio/voice")
    number = world.carrier.switch.number
    assert (number.voice_url, number.voice_method) == (f"{world.here}/twilio/voice", "POST")
    assert (number.status_callback, number.status_callback_method) == (f"{world.here}/twilio/status", "POST")
    assert (await found(world))["Twilio number"].remedy is None


async def test_fixing_what_is_right_changes_nothing(world: World) -> None:
    before = world.carrier.switch.number
    assert (await fixed(world)).found == f"calls {world.here}/twilio/voice"
    assert world.carrier.switch.number is before


@pytest.mark.parametrize(("body", "status"), [(b"a page", 200), (b"\xff\xfe", 200), (b"alive", 502), (b"", 200)])
async def test_something_else_at_the_public_address_is_told(world: World, body: bytes, status: int) -> None:
    world.answer = status, body
    finding = (await found(world))["public address"]
    assert finding.found == f"something else answers at {world.here} (HTTP {status})"
    assert finding.remedy == "let TELEPHONY_PUBLIC_URL lead to telephony serve"


async def test_nothing_at_the_public_address_is_told(world: World, unused_tcp_port_factory: Callable[[], int]) -> None:
    nowhere = f"http://127.0.0.1:{unused_tcp_port_factory()}"
    finding = (await found(world, TELEPHONY_PUBLIC_URL=nowhere))["public address"]
    assert f"{nowhere} does not answer" in finding.found
    assert finding.remedy is not None
    assert "telephony serve" in finding.remedy


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        ({"GOOGLE_API_KEY": "another-key"}, Trouble.KEY),
        ({"TELEPHONY_LIVE_MODEL": "gemini-of-another-name"}, Trouble.MODEL),
    ],
)
async def test_what_concerns_every_session_is_told_once(
    world: World, changed: dict[str, str], trouble: Trouble
) -> None:
    findings = await found(world, **changed)
    assert findings["interpreter into en"].remedy == REMEDIES[trouble]
    assert "interpreter into es" not in findings


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (refusal.QUOTA, Trouble.QUOTA),
        (refusal.INVALID_ARGUMENT, Trouble.SETUP),
        (refusal.UNAVAILABLE, Trouble.DROPPED),
    ],
)
async def test_a_refused_session_comes_with_its_remedy(world: World, said: Refusal, trouble: Trouble) -> None:
    world.live.faults = Faults(refusal=said)
    finding = (await found(world))["interpreter into en"]
    assert finding.found.startswith(f"refused (closed with {said.code}: {said.text[:40]}")
    assert finding.remedy == REMEDIES[trouble]


async def test_a_live_api_that_is_not_there_is_told(world: World, unused_tcp_port_factory: Callable[[], int]) -> None:
    nowhere = f"http://127.0.0.1:{unused_tcp_port_factory()}"
    findings = await found(world, GOOGLE_GEMINI_BASE_URL=nowhere)
    assert findings["interpreter into en"].remedy == REMEDIES[Trouble.UNREACHABLE]


async def test_a_language_that_alone_is_refused_is_named_and_the_others_are_tried(world: World) -> None:
    async with LiveApi([], key=KEY, terms=Terms(languages=("en", "fr"))) as live:
        settings = world.settings(
            TELEPHONY_LANGUAGES="es,fr", GOOGLE_GEMINI_BASE_URL=live.url, SSL_CERT_FILE=str(live.ca_pem)
        )
        remedies = {finding.what: finding.remedy async for finding in findings(settings, False)}
    assert remedies["interpreter into en"] is None
    assert remedies["interpreter into es"] == REMEDIES[Trouble.LANGUAGE]
    assert remedies["interpreter into fr"] is None


async def test_an_invalid_argument_after_a_session_that_opened_can_only_be_the_language(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(world.settings())
    opens = engine.open

    async def open_but_es(language: str) -> GeminiSession:
        if language == "es":
            raise SessionRefused(Trouble.SETUP, "closed with 1007: Request contains an invalid argument.")
        return await opens(language)

    monkeypatch.setattr(engine, "open", open_but_es)
    monkeypatch.setattr("telephony.app.make_engine", lambda _settings: engine)
    assert (await found(world))["interpreter into es"].remedy == REMEDIES[Trouble.LANGUAGE]


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_its_remedy(trouble: Trouble) -> None:
    assert REMEDIES[trouble]


def printed(*findings: Finding) -> str:
    shown = io.StringIO()
    for finding in findings:
        command._show(Console(file=shown, width=40), finding)
    return shown.getvalue()


def test_a_finding_is_a_line_and_its_remedy_another() -> None:
    assert printed(Finding("settings", "complete " * 20), Finding("number", "not set", "set [it]")) == (
        f"ok  settings: {'complete ' * 20}\nbad number: not set\n    -> set [it]\n"
    )


def test_a_key_or_a_number_in_what_a_service_says_is_struck_out() -> None:
    key = "AIza" + 35 * "x"
    said = printed(Finding("interpreter", f"Consumer 'api_key:{key}' has been suspended, call +12025550123."))
    assert key not in said
    assert "2025550123" not in said


async def test_nothing_private_is_printed_whatever_is_wrong(world: World) -> None:
    wrong: list[dict[str, str]] = [{}, {"TWILIO_AUTH_TOKEN": "another-token"}, {"GOOGLE_API_KEY": "another-key"}]
    for changed in wrong:
        settings = world.settings(**changed)
        shown = io.StringIO()
        await command._examine(settings, False, Console(file=shown, width=200))
        private = (NUMBER, TOKEN, KEY, "another-", "2025550122")
        assert not any(secret in shown.getvalue() for secret in private)
        assert "settings" in shown.getvalue()


async def test_the_exit_code_says_whether_something_needs_a_remedy(world: World) -> None:
    world.answer = ALIVE
    console = Console(file=io.StringIO())
    assert await command._examine(world.settings(), False, console) == 0
    world.number(voice_url="", status_callback="")
    assert await command._examine(world.settings(GOOGLE_API_KEY="another"), False, console) == 1


def test_wrong_settings_are_findings_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    environment(monkeypatch, TWILIO_ACCOUNT_SID="AC1", TELEPHONY_AGENTS=None)
    with log_as_it_was():
        assert command.doctor(fix=False) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("bad settings: TWILIO_ACCOUNT_SID holds 'AC1'; it should be ")
    assert lines[2].startswith("bad settings: TELEPHONY_AGENTS is not set; ")
    assert lines[1] == lines[3] == "    -> correct it in the environment or .env (see .env.example)"
