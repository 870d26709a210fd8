import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from telephony.records.recording_file import NotOurs, RecordingFile
from tests.records.sound_files import sound_in

NOON = datetime(2030, 5, 4, 12, tzinfo=UTC)
COMMENT = "1 one, 2 two"


def made(path: Path, began: datetime = NOON) -> RecordingFile:
    return RecordingFile(path, began, 2, COMMENT)


def test_other_programs_can_tell_what_it_is(tmp_path: Path) -> None:
    file = made(tmp_path / "a.wav")
    file.write(0, b"\x01\x02" * 80)
    sound = sound_in(tmp_path / "a.wav")
    assert sound.fmt == (7, 2, 8000, 16000, 2, 8)
    assert sound.samples == 80
    assert sound.channels == [b"\x01" * 80, b"\x02" * 80]
    assert sound.info == {b"ICRD": b"2030-05-04T12:00:00.000000+00:00", b"ICMT": COMMENT.encode()}
    file.close()


def test_it_is_whole_after_every_block_without_being_closed(tmp_path: Path) -> None:
    file = made(tmp_path / "a.wav")
    for number in range(3):
        file.write(number * 10, bytes([number]) * 20)
        assert len(sound_in(tmp_path / "a.wav").channels[0]) == (number + 1) * 10
    file.close()


def test_an_empty_one_is_whole_too(tmp_path: Path) -> None:
    made(tmp_path / "a.wav").close()
    assert sound_in(tmp_path / "a.wav").channels == [b"", b""]


def test_what_is_missing_between_two_blocks_is_silence(tmp_path: Path) -> None:
    file = made(tmp_path / "a.wav")
    file.write(100_000, b"\x01\x02")
    assert sound_in(tmp_path / "a.wav").channels == [b"\xff" * 100_000 + b"\x01", b"\xff" * 100_000 + b"\x02"]
    assert file.seconds == pytest.approx(100_001 / 8000)
    file.close()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    file = made(tmp_path / "a.wav")
    file.write(0, b"\x01\x01" * 10)
    file.write(5, b"\x02\x02" * 10)
    assert sound_in(tmp_path / "a.wav").channels[0] == b"\x01" * 10 + b"\x02" * 10
    file.close()


def test_one_that_is_there_goes_on_and_remembers_when_it_began(tmp_path: Path) -> None:
    first = made(tmp_path / "a.wav", datetime(2030, 5, 4, 14, tzinfo=timezone(timedelta(hours=2))))
    first.write(0, b"\x01\x01" * 10)
    first.close()
    second = made(tmp_path / "a.wav", NOON + timedelta(hours=1))
    assert second.began == NOON
    second.write(20, b"\x02\x02" * 10)
    assert sound_in(tmp_path / "a.wav").channels[0] == b"\x01" * 10 + b"\xff" * 10 + b"\x02" * 10
    second.close()


def test_what_was_half_written_when_the_process_died_is_written_over(tmp_path: Path) -> None:
    first = made(tmp_path / "a.wav")
    first.write(0, b"\x01\x01" * 10)
    first.close()
    with (tmp_path / "a.wav").open("ab") as torn:
        torn.write(b"\x09")
    second = made(tmp_path / "a.wav")
    second.write(10, b"\x02\x02" * 10)
    assert sound_in(tmp_path / "a.wav").channels[1] == b"\x01" * 10 + b"\x02" * 10
    second.close()


@pytest.mark.parametrize("foreign", [b"RIFF", b"something else, long enough to be the beginning of a sound file" * 9])
def test_another_file_of_this_name_is_not_touched(tmp_path: Path, foreign: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(foreign)
    with pytest.raises(NotOurs):
        made(tmp_path / "a.wav")
    assert (tmp_path / "a.wav").read_bytes() == foreign


def test_a_file_of_other_channels_is_another_file(tmp_path: Path) -> None:
    RecordingFile(tmp_path / "a.wav", NOON, 4, COMMENT).close()
    with pytest.raises(NotOurs):
        made(tmp_path / "a.wav")


def test_it_is_for_its_owner_only(tmp_path: Path) -> None:
    made(tmp_path / "recordings" / "a.wav").close()
    assert stat.S_IMODE((tmp_path / "recordings").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "recordings" / "a.wav").stat().st_mode) == 0o600
