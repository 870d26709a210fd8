"""Tests that leak on purpose, each in a run of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.canary.plugin import Watch

ROOT = Path(__file__).parents[2]
HEAD = """
import asyncio, logging, secrets, subprocess, sys
import pytest, structlog
from pydantic import SecretStr
from tests.canary.canaries import fixture_phrases
NUMBER, PHRASE = "+1202" + "5550155", fixture_phrases()[0]
log = structlog.get_logger("a test")
"""

INI = """[pytest]
addopts = -q --strict-markers
filterwarnings = ignore
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""

LEAKS = {
    "a number in a log record": 'log.info("dialled", address=NUMBER)',
    "a number in a record that nobody prints": 'log.debug("dialled", address=[NUMBER])',
    "a number in the context of a record": """
    with structlog.contextvars.bound_contextvars(who=NUMBER):
        log.info("dialled")""",
    "a number in a captured record": """
    with structlog.testing.capture_logs():
        log.info("dialled " + NUMBER)""",
    "a phrase in a log record": 'log.warning("heard", text=PHRASE)',
    "a phrase of an exception in a log record": """
    try:
        raise ValueError(PHRASE)
    except ValueError:
        log.exception("failed")""",
    "a phrase in a library's record": 'logging.getLogger("aiohttp.server").error("said %s", PHRASE)',
    "a key in a library's record": """
    SecretStr("a-key-of-the-settings")
    logging.getLogger("aiohttp.server").error("GET /a-key-of-the-settings/x")""",
    "a token in a log record": 'log.info("admitted", token=f"telephony_ab12cd34_{secrets.token_urlsafe(32)}")',
    "a number in the text of an exception": """
    from telephony.calls.house import House
    from telephony.audio import wav
    with pytest.raises(OSError):
        wav.read("no-such-folder/" + NUMBER)""",
    "a number behind an exception": """
    from telephony.audio import wav
    def broken():
        try:
            raise ValueError(NUMBER)
        except ValueError:
            wav.read("no-such-folder/a.wav")
    with pytest.raises(OSError):
        broken()""",
    "a number in a metric's label": """
    from prometheus_client import CollectorRegistry, Counter
    Counter("calls", "Calls.", ["who"], registry=CollectorRegistry()).labels(who=NUMBER).inc()""",
    "a number in the metrics": """
    from aiohttp import web
    from aiohttp.test_utils import TestClient, TestServer
    async def metrics(_):
        return web.Response(text="calls{who=" + NUMBER + "} 1")
    async def fetch():
        app = web.Application()
        app.router.add_get("/metrics", metrics)
        async with TestClient(TestServer(app)) as client:
            await client.get("/metrics")
    asyncio.run(fetch())""",
    "a number in an address": """
    from telephony.carriers.twilio.account import TwilioAccount
    async def ask():
        account = TwilioAccount("AC-" + NUMBER, "token", "+12025550100", "http://127.0.0.1:9")
        try:
            await account.status()
        finally:
            await account.close()
    with pytest.raises(Exception):
        asyncio.run(ask())""",
    "a number in what a page asks": """
    from aiohttp import web
    from aiohttp.test_utils import TestClient, TestServer
    async def fetch():
        async with TestClient(TestServer(web.Application())) as client:
            await client.get("/calls", params={"to": NUMBER}, headers={"User-Agent": "HeadlessChrome"})
    asyncio.run(fetch())""",
    "a number in a file that a process writes": """
    with open(tmp_path / "telephony.log", "wb") as words:
        subprocess.run([sys.executable, "-c", f"import sys; print({NUMBER!r}, file=sys.stderr)", "telephony"],
            stderr=words, check=True)""",
    "a number in a file that an asynchronous process writes": """
    async def begin():
        with open(tmp_path / "telephony.log", "wb") as words:
            code = f"import sys; print({NUMBER!r}, file=sys.stderr)"
            process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, "telephony", stderr=words)
            await process.wait()
    asyncio.run(begin())""",
    "a number in a pipe of a process": """
    code = f"import sys; print({NUMBER!r}, file=sys.stderr)"
    subprocess.run([sys.executable, "-c", code, "telephony"], capture_output=True, check=True)""",
}
"""Bodies of tests that pass but for what they let out."""

HARMLESS = {
    "an id and a length": 'log.info("call", call="5e" * 16, seconds=2025550.155)',
    "a number in a test's own exception": """
    with pytest.raises(ValueError):
        raise ValueError(NUMBER)""",
    "a number that a library logs and the fence strikes out": """
    logging.getLogger("aiohttp.server").error("GET %s", NUMBER)""",
    "an exception that hides what was behind it": """
    from telephony.audio import wav
    def hidden():
        try:
            raise ValueError(NUMBER)
        except ValueError:
            raise OSError("cannot be read") from None
    with pytest.raises(OSError):
        hidden()""",
}


def run(folder: Path, *more: str, marked: str = "", **bodies: str) -> str:
    """What pytest says of tests with these bodies."""
    tests = "".join(f"\n\n{marked}\ndef test_{name}(tmp_path):\n    {body.strip()}\n" for name, body in bodies.items())
    (folder / "test_them.py").write_text(HEAD + tests, "utf-8")
    (folder / "pytest.ini").write_text(INI, "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.canary.plugin", *more, str(folder / "test_them.py")]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout


def named(bodies: dict[str, str]) -> dict[str, str]:
    return {re.sub(r"\W", "_", name): body for name, body in bodies.items()}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of all leaks at once: a run for each would take long."""
    return run(tmp_path_factory.mktemp("leaks"), **named(LEAKS))


@pytest.mark.parametrize("leak", LEAKS)
def test_a_test_that_lets_something_out_fails(told: str, leak: str) -> None:
    name = re.sub(r"\W", "_", leak)
    _, _, said = told.partition(f"ERROR at teardown of test_{name} ")
    expected = "what was said" if "phrase" in leak else "a phone number" if "number" in leak else leak.split(" in ")[0]
    assert re.search(rf"canaries came out:\n{expected} in ", said.split("\n____", 1)[0]), told


def test_nothing_else_is_wrong_with_those_tests(told: str) -> None:
    assert re.search(rf"\n{len(LEAKS)} passed, {len(LEAKS)} errors", told), told


def test_what_gives_nothing_away_passes(tmp_path: Path) -> None:
    said = run(tmp_path, **named(HARMLESS))
    assert re.search(rf"\n{len(HARMLESS)} passed in", said), said


def test_a_test_that_says_why_may_let_something_out_and_the_next_may_not(tmp_path: Path) -> None:
    body = LEAKS["a number in a log record"]
    assert "\n1 passed in" in run(tmp_path, marked="@pytest.mark.lets_out('to see it')", leak=body)
    assert "\n1 passed, 1 error in" in run(tmp_path, leak=body)


def test_processes_side_by_side_tell_of_leaks_too(tmp_path: Path) -> None:
    bodies = {
        "one": LEAKS["a number in a log record"],
        "two": "assert True",
        "three": LEAKS["a phrase in a log record"],
    }
    said = run(tmp_path, "-n", "2", "-p", "xdist", **bodies)
    assert "\n3 passed, 2 errors in" in said, said


def test_this_very_run_is_listened_to(canary_watch: Watch) -> None:
    import structlog  # not at the top: the loggers of this file are those of the runs above

    before = canary_watch.heard.get("a log record", 0)
    structlog.get_logger(__name__).debug("nothing of note")
    assert canary_watch.heard["a log record"] == before + 1
