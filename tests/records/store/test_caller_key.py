import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from telephony.records.store import DatabaseRefused
from telephony.records.store.caller_key import CallerKey

NUMBER = "+12025550123"


def test_a_number_always_has_the_same_digest(tmp_path: Path) -> None:
    assert CallerKey.of(tmp_path).digest(NUMBER) == CallerKey.of(tmp_path).digest(NUMBER)


def test_the_digest_is_keyed_with_what_the_file_holds(tmp_path: Path) -> None:
    digest = CallerKey.of(tmp_path).digest(NUMBER)
    key = bytes.fromhex((tmp_path / "caller.key").read_text())
    assert digest == hmac.new(key, NUMBER.encode(), hashlib.sha256).hexdigest()


def test_another_data_folder_has_another_key(tmp_path: Path) -> None:
    assert CallerKey.of(tmp_path / "a").digest(NUMBER) != CallerKey.of(tmp_path / "b").digest(NUMBER)


def test_the_key_is_for_its_owner_only(tmp_path: Path) -> None:
    CallerKey.of(tmp_path)
    assert (tmp_path / "caller.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["caller.key"]


@pytest.mark.parametrize(
    "nobody", ["", "anonymous", "client:ana", "+0123", "2025550123", "+1202555o123", "+" + 16 * "1"]
)
def test_what_is_no_number_has_no_digest(tmp_path: Path, nobody: str) -> None:
    assert CallerKey.of(tmp_path).digest(nobody) == ""


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = list(pool.map(lambda _: CallerKey.of(tmp_path).digest(NUMBER), range(8)))
    assert len(set(digests)) == 1


@pytest.mark.parametrize("held", ["", "abc", "zz" * 32, "ab" * 31])
def test_a_file_that_holds_no_key_is_refused_with_the_remedy(tmp_path: Path, held: str) -> None:
    (tmp_path / "caller.key").write_text(held)
    with pytest.raises(DatabaseRefused, match="put a copy back, or delete it"):
        CallerKey.of(tmp_path)


def test_a_folder_that_cannot_be_written_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseRefused, match="TELEPHONY_DATA_DIR"):
        CallerKey.of(tmp_path / "file")
