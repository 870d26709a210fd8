"""A private PostgreSQL: its own folder, its own unix socket, no network, gone at the end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

SUPERUSER = "keeper"
DEBIAN = Path("/usr/lib/postgresql")


class NoPostgres(Exception):
    """Why there is none on this machine."""


def programs() -> Path:
    """The folder with initdb and postgres: on PATH, or where Debian's package `postgresql` has them."""
    on_path = shutil.which("initdb")
    folders = [*([Path(on_path).resolve().parent] if on_path else []), *sorted(DEBIAN.glob("*/bin"), reverse=True)]
    for folder in folders:
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    raise NoPostgres("initdb and postgres are not here (Debian's package: postgresql)")


@cache
def somebody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; as root, it is run as `postgres` or `nobody`."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres or nobody")


def children_of(parent: int) -> list[int]:
    """By /proc (proc_pid_stat(5): the fourth field is the parent; the second, in brackets, may hold spaces)."""
    children = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # a process that has ended since
            stat = path.read_text()
            if int(stat.rpartition(")")[2].split()[1]) == parent:
                children.append(int(stat.split()[0]))
    return children


class Cluster:
    """One server. `stop()` and `start()` keep what it has."""

    def __init__(self) -> None:
        self._programs, self._as = programs(), somebody()
        # A short path that an unprivileged user can reach: a socket's has room for 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        self._server: subprocess.Popen[bytes] | None = None
        self._made = 0
        self._run("initdb", "-D", "data", "-U", SUPERUSER, "-A", "trust", "--no-sync", "--locale=C", "-E", "UTF8")

    def url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Nothing where it runs already."""
        if self._server is not None:
            return
        options = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=off")
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", "data", *options],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                **self._as,
            )
        for _ in range(300):
            if self._ready():
                return
            time.sleep(0.1)
        raise NoPostgres("it did not start within 30 seconds")

    def stop(self) -> None:
        """At once: clients are cut off (PostgreSQL manual, "Shutting Down the Server", fast)."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(30)
            self._server = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Every process of the server stands still; connections stay as they are."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)  # first, so that it has no more children
        stopped = [self._server.pid, *children_of(self._server.pid)]
        try:
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def new_database(self) -> str:
        """The address of an empty one."""
        self._made += 1
        name = f"store{self._made}"
        self._run("createdb", "-h", str(self.folder), "-U", SUPERUSER, name)
        return self.url(name)

    def _ready(self) -> bool:
        here = ("-h", str(self.folder), "-U", SUPERUSER, "-d", "postgres")
        return subprocess.run([self._programs / "pg_isready", "-q", *here], check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments], cwd=self.folder, check=True, capture_output=True, **self._as
        )
