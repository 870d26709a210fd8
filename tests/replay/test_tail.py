from pathlib import Path

import pytest

from telephony.replay.tail import Tail


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transcript.jsonl"


def write(path: Path, text: str | bytes) -> None:
    with path.open("ab") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def test_a_file_that_is_not_there_yet_holds_nothing(path: Path) -> None:
    tail = Tail(path)
    assert tail.read() == []
    write(path, '{"n": 1}\n')
    assert tail.read() == [{"n": 1}]


def test_each_line_is_read_once(path: Path) -> None:
    tail = Tail(path)
    write(path, '{"n": 1}\n{"n": 2}\n')
    assert tail.read() == [{"n": 1}, {"n": 2}]
    assert tail.read() == []
    write(path, '{"n": 3}\n')
    assert tail.read() == [{"n": 3}]


def test_a_line_that_is_being_written_is_read_when_it_is_whole(path: Path) -> None:
    tail = Tail(path)
    line = '{"text": "¿Qué tal?"}\n'.encode()
    for cut in (1, 11, 12):
        write(path, line[:cut])
        assert tail.read() == []
        write(path, line[cut:])
        assert tail.read() == [{"text": "¿Qué tal?"}]


@pytest.mark.parametrize("broken", ["{", "not json", "[1, 2]", "7", "\x00", b"\xff\xfe", ""])
def test_a_line_that_is_no_object_is_passed_over(path: Path, broken: str | bytes) -> None:
    write(path, broken)
    write(path, '\n{"n": 1}\n')
    assert Tail(path).read() == [{"n": 1}]
