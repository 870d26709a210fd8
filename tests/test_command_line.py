import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from typer.testing import CliRunner, Result

from telephony.__main__ import app
from tests.log_state import log_as_it_was
from tests.settings import WHOLE, environment, nothing_set

__all__ = ["nothing_set"]

ROOT = Path(__file__).parents[1]
HEAVY = ("google", "twilio", "aiohttp", "numpy", "soxr", "structlog")

COMMANDS = ("serve", "demo", "replay", "doctor", "languages", "simulate")

LOADED = f"""
import sys
from telephony.__main__ import main
for arguments in (["--help"], *([name, "--help"] for name in {COMMANDS}), ["simulate", "live", "--help"]):
    sys.argv = ["telephony", *arguments]
    try:
        main()
    except SystemExit as end:
        assert not end.code, arguments
print("LOADED", *sorted({{name.split(".")[0] for name in sys.modules}}))
"""


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    with log_as_it_was():
        yield


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def environment_of_a_process(**changed: str) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "PYTHONPATH": str(ROOT),
        **changed,
    }


def test_help_loads_nothing_heavy() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, env=environment_of_a_process()
    )
    loaded = ended.stdout.splitlines()[-1].split()
    assert loaded[0] == "LOADED"
    assert set(loaded) & set(HEAVY) == set()
    assert "typer" in loaded


def test_help_names_every_command() -> None:
    said = run("--help").stdout
    assert all(command in said for command in COMMANDS)


def test_without_a_command_there_is_help() -> None:
    assert "Usage" in run().output


def test_settings_that_are_missing_stop_the_start_with_a_line_each() -> None:
    ended = run("serve")
    assert ended.exit_code == 2
    assert ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert len(lines) == len(WHOLE)
    assert all(re.fullmatch(r"[A-Z_]+ is not set; it should be .+", line) for line in lines)


def test_a_setting_that_is_wrong_stops_the_start_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(
        monkeypatch, TELEPHONY_LIVE_CHUNK_MS="7", TELEPHONY_PUBLIC_URL="https://interpreter.example.com" + "x" * 200
    )
    ended = run("serve")
    assert ended.exit_code == 2
    assert ended.stderr == (
        "TELEPHONY_LIVE_CHUNK_MS holds '7'; it should be milliseconds of sound a message, 20 to 100\n"
    )


def test_a_wrong_number_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, TELEPHONY_AGENTS="+12025550122,12025550133")
    ended = run("serve")
    assert ended.exit_code == 2
    assert "555" not in ended.output.replace("+12025550123", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve", "--log-level", "loud"),
        ("serve", "--port", "70000"),
        ("serve", "--port", "http"),
        ("sing",),
        ("replay",),
    ],
)
def test_wrong_arguments_are_explained(arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.exit_code == 2
    assert "Usage" in ended.stderr
    assert "Traceback" not in ended.output


def test_an_address_that_is_taken_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, unused_tcp_port: int
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    environment(monkeypatch, SSL_CERT_FILE=str(tmp_path / "ca.pem"))
    with socket.create_server(("127.0.0.1", unused_tcp_port)):
        ended = run("serve", "--port", str(unused_tcp_port))
    assert ended.exit_code == 1
    assert ended.stderr.splitlines()[-1] == (
        f"cannot listen on 127.0.0.1:{unused_tcp_port}: Address already in use; choose another --host or --port"
    )


def test_a_host_that_is_not_this_machine_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    environment(monkeypatch, SSL_CERT_FILE=str(tmp_path / "ca.pem"))
    ended = run("serve", "--host", "192.0.2.1", "--port", "0")
    assert ended.exit_code == 1
    said = r"cannot listen on 192\.0\.2\.1:0: [\w ]+ address; choose another --host or --port\n"
    assert re.fullmatch(said, ended.stderr)


def test_a_service_ends_well_when_it_is_told_to(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "telephony", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environment_of_a_process(**WHOLE), cwd=tmp_path
    ) as serving:
        assert serving.stderr is not None
        first = serving.stderr.readline()
        serving.send_signal(signal.SIGTERM)
        rest = serving.stderr.read()
        assert serving.wait(timeout=10) == 0, rest
    assert json.loads(first)["event"] == "serving"
    assert "Traceback" not in rest
    assert "the-a" not in first + rest
