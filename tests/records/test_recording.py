import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from telephony.calls.observer import Role
from telephony.records import recording
from telephony.records.office import Office
from telephony.records.recording import KeptSound, TalkRecorder, TalkRecording
from telephony.records.recording_file import RecordingFile
from telephony.records.store.recordings import Recording
from tests.records.sound_files import sound_in

NOON = datetime(2030, 5, 4, 12, tzinfo=UTC)
C1 = "recordings/c1.wav"


class Times:
    """Two clocks that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def wall(self) -> datetime:
        return NOON + timedelta(seconds=self.now - 100.0)


class Desk:
    """A recorder, and what it tells."""

    def __init__(self, folder: Path) -> None:
        self.times = Times()
        self.kept: list[KeptSound] = []
        self.begun: list[tuple[str, datetime, str]] = []
        self.recorder = TalkRecorder(
            folder, self.times.clock, self.times.wall, self.kept.append, lambda *news: self.begun.append(news)
        )

    def talk(self, one: TalkRecording, seconds: float) -> None:
        """The caller says 1s and hears 4s, the agent says 2s and hears 3s."""
        for _ in range(round(seconds * 50)):
            one.heard(Role.CALLER, b"\x04" * 160, self.times.now)
            one.heard(Role.AGENT, b"\x03" * 160, self.times.now)
            self.times.now += 0.02
            one.said(Role.CALLER, b"\x01" * 160, self.times.now)
            one.said(Role.AGENT, b"\x02" * 160, self.times.now)


async def test_each_party_has_a_channel_of_what_it_said_and_one_of_what_it_heard(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    one = desk.recorder.record("c1")
    desk.talk(one, 2.5)
    one.end()
    await desk.recorder.close()
    assert sound_in(tmp_path / C1).channels == [bytes([voice]) * 20_000 for voice in (1, 2, 4, 3)]
    assert desk.kept == [KeptSound("c1", NOON, 2.5, C1, incomplete=False)]
    assert desk.begun == [("c1", NOON, C1)]


async def test_a_third_party_has_no_channel(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    one = desk.recorder.record("c1")
    one.said(Role.INTERPRETER, b"\x01" * 160, 101.0)
    one.heard(Role.INTERPRETER, b"\x01" * 160, 101.0)
    one.end()
    await desk.recorder.close()
    assert sound_in(tmp_path / C1).samples == 0


async def test_a_call_that_is_recorded_again_goes_on_in_its_file_at_its_time(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for _ in range(2):
        one = desk.recorder.record("c1")
        desk.talk(one, 1.0)
        one.end()
        desk.times.now += 9.0
    await desk.recorder.close()
    assert sound_in(tmp_path / C1).channels[0] == b"\x01" * 8000 + b"\xff" * 72_000 + b"\x01" * 8000
    assert [kept.seconds for kept in desk.kept] == [1.0, 11.0]
    assert {kept.began for kept in desk.kept} == {NOON}


async def test_another_process_goes_on_where_the_first_one_died(tmp_path: Path) -> None:
    first = Desk(tmp_path)
    one = first.recorder.record("c1")
    first.talk(one, 1.6)
    first.recorder._waiting.put(None)  # nobody ends the recording
    first.recorder._writer.join()
    assert one._part.file is not None
    one._part.file.close()
    second = Desk(tmp_path)
    second.times.now += 5.0
    again = second.recorder.record("c1")
    second.talk(again, 1.0)
    await second.recorder.close()
    assert sound_in(tmp_path / C1).channels[1] == b"\x02" * 8000 + b"\xff" * 32_000 + b"\x02" * 8000
    assert first.kept == []


async def test_closing_ends_what_still_runs_and_leaves_no_thread(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    one = desk.recorder.record("c1")
    desk.talk(one, 1.0)
    await desk.recorder.close()
    assert [kept.seconds for kept in desk.kept] == [1.0]
    assert not desk.recorder._writer.is_alive()
    one.end()
    desk.talk(one, 1.0)
    assert len(desk.kept) == 1


async def test_calls_have_a_file_each(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for call in ("c1", "c2"):
        desk.talk(desk.recorder.record(call), 1.0)
    await desk.recorder.close()
    assert sorted(path.name for path in (tmp_path / "recordings").iterdir()) == ["c1.wav", "c2.wav"]


async def test_a_disk_that_takes_nothing_costs_the_recording_and_not_the_call(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("a file where a folder should be", "utf-8")
    with capture_logs() as logged:
        desk = Desk(tmp_path)
        one = desk.recorder.record("c1")
        desk.talk(one, 3.0)
        await desk.recorder.close()
    assert desk.kept == [KeptSound("c1", NOON, 0.0, C1, incomplete=True)]
    assert [entry["log_level"] for entry in logged] == ["error"]
    assert desk.recorder.dropped == 4


async def test_a_disk_that_is_full_for_a_while_costs_those_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = RecordingFile.write

    def full_at_first(file: RecordingFile, at: int, audio: bytes) -> None:
        if at == 0:
            raise OSError(28, "No space left on device")
        write(file, at, audio)

    monkeypatch.setattr(RecordingFile, "write", full_at_first)
    desk = Desk(tmp_path)
    desk.talk(desk.recorder.record("c1"), 3.0)
    await desk.recorder.close()
    assert sound_in(tmp_path / C1).channels[0] == b"\xff" * 8000 + b"\x01" * 16_000
    assert [(kept.seconds, kept.incomplete) for kept in desk.kept] == [(3.0, True)]


async def test_a_disk_that_is_too_slow_costs_the_newest_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, write = threading.Event(), TalkRecorder._write
    monkeypatch.setattr(recording, "MOST_BLOCKS", 2)
    monkeypatch.setattr(TalkRecorder, "_write", lambda self: (slow.wait(), write(self)))
    desk = Desk(tmp_path)
    one = desk.recorder.record("c1")
    desk.talk(one, 5.0)
    one.end()
    slow.set()
    await desk.recorder.close()
    assert sound_in(tmp_path / C1).channels[0] == b"\x01" * 16_000
    assert [(kept.seconds, kept.incomplete) for kept in desk.kept] == [(2.0, True)]
    assert desk.recorder.dropped == 3


async def test_a_file_that_somebody_else_put_there_is_replaced_and_the_recording_incomplete(tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    (tmp_path / C1).write_bytes(b"RIFF")
    desk = Desk(tmp_path)
    desk.talk(desk.recorder.record("c1"), 1.0)
    await desk.recorder.close()
    assert len(sound_in(tmp_path / C1).channels[0]) == 8000
    assert [kept.incomplete for kept in desk.kept] == [True]


async def test_the_store_knows_of_a_recording_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    times = Times()
    office = await Office.open(None, tmp_path, times.clock, times.wall)
    office.sounds.record("c1")
    await office.sounds.close()
    times.now += 3.0
    await office.close()
    office = await Office.open(None, tmp_path, times.clock, times.wall)
    found = await office.store.recordings.find("c1")
    assert found is not None
    assert found.ended is not None
    assert replace(found, ended=None) == Recording("c1", NOON, C1)
    await office.close()
