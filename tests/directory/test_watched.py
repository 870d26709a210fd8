import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from telephony.directory.directory import Directory, paths_in, read_directory
from telephony.directory.faults import DirectoryError
from telephony.directory.watched import Watched
from tests.directory.files import AGENT, BASIS

BO = '[[agent]]\nname = "Bo"\naddress = "client:bo"\n'


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


class Desk:
    """Takes over what was read."""

    def __init__(self, folder: Path) -> None:
        self.agents = folder / "agents.toml"
        self.agents.write_text(AGENT, encoding="utf-8")
        self.used: list[Directory] = []
        self.changed = asyncio.Event()
        self.watched = Watched(paths_in(folder), lambda: read_directory(folder, BASIS), self.use, look_every=0.0)

    def use(self, directory: Directory) -> None:
        self.used.append(directory)
        self.changed.set()

    def write(self, text: str) -> None:
        """As another file in place of the old one, as editors do: its inode tells that it is new."""
        new = self.agents.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.agents)

    async def look(self, times: int) -> None:
        for _ in range(times):
            await self.watched.look()

    @property
    def names(self) -> list[list[str]]:
        return [[agent.name for agent in directory.agents] for directory in self.used]


async def test_what_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert [agent.name for agent in desk.watched.first().agents] == ["Anna"]
    await desk.look(3)
    assert desk.used == []


async def test_a_change_is_read_once_it_is_at_rest(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.watched.first()
    desk.write(BO)
    await desk.look(1)
    assert desk.used == []
    await desk.look(3)
    assert desk.names == [["Bo"]]


async def test_a_file_away_for_one_look_is_not_missed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.watched.first()
    desk.agents.rename(tmp_path / "away")
    await desk.look(1)
    (tmp_path / "away").rename(desk.agents)
    await desk.look(3)
    assert desk.used == []


async def test_a_file_that_is_gone_leaves_what_the_settings_say_and_a_new_one_counts(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.watched.first()
    desk.agents.unlink()
    await desk.look(2)
    (tmp_path / "agents.toml").write_text(BO, encoding="utf-8")
    await desk.look(2)
    assert desk.names == [["agent-1", "agent-2"], ["Bo"]]


async def test_a_broken_file_leaves_what_was_read_before_and_is_told_once(
    tmp_path: Path, logged: list[structlog.typing.EventDict]
) -> None:
    desk = Desk(tmp_path)
    desk.watched.first()
    desk.write(AGENT.replace("+12025550121", "+19005550177"))
    await desk.look(5)
    assert desk.used == []
    assert [line["fault"] for line in logged] == [
        'agents.toml:3: address "+###########" is a premium-rate number; those are never dialled'
    ]
    desk.write(BO)
    await desk.look(2)
    assert desk.names == [["Bo"]]


async def test_a_broken_file_at_the_start_is_an_error(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("[[agent]]")
    with pytest.raises(DirectoryError, match="has no name"):
        desk.watched.first()


async def test_it_looks_by_itself_until_it_is_closed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.watched.first()
    desk.watched.start()
    desk.write(BO)
    async with asyncio.timeout(30):
        await desk.changed.wait()
    await desk.watched.close()
    await desk.watched.close()
    assert desk.names == [["Bo"]]
    assert [task for task in asyncio.all_tasks() if task.get_name() == "directory"] == []


async def test_a_look_that_fails_is_not_the_last(tmp_path: Path, logged: list[structlog.typing.EventDict]) -> None:
    desk = Desk(tmp_path)
    desk.watched.first()

    def refuse(_: Directory) -> None:
        desk.watched._use = desk.use
        raise RuntimeError("+12025550177")

    desk.watched._use = refuse
    desk.watched.start()
    desk.write(BO)
    async with asyncio.timeout(30):
        while not logged:
            await asyncio.sleep(0)
        desk.write(AGENT)
        await desk.changed.wait()
    await desk.watched.close()
    assert "555" not in str(logged)
    assert logged[0]["error"] == "RuntimeError"


async def test_a_change_that_keeps_the_size_counts(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.watched.first()
    desk.agents.write_text(AGENT.replace("Anna", "Anne"), encoding="utf-8")
    os.utime(desk.agents, ns=(0, desk.agents.stat().st_mtime_ns + 1_000_000))
    await desk.look(2)
    assert desk.names == [["Anne"]]
