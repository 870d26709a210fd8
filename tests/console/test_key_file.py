import stat
from pathlib import Path

import pytest

from telephony.console.key_file import FILE, console_key
from telephony.records.store.trouble import DatabaseRefused


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = console_key(tmp_path / "data")
    path = tmp_path / "data" / FILE
    assert len(first) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert console_key(tmp_path / "data") == first
    assert [one.name for one in path.parent.iterdir()] == [FILE]


def test_a_key_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    console_key(tmp_path)
    (tmp_path / FILE).chmod(0o644)
    console_key(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "not a key", "ab" * 31])
def test_a_file_without_a_key_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(DatabaseRefused, match="delete it"):
        console_key(tmp_path)
