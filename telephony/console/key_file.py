"""The key that signs the console's cookies: `console.key` in the data folder, made at first use, for its owner only.

Without it everybody is signed out, and that is all. Several nodes behind one address share this file.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from telephony.records.store.trouble import DatabaseRefused

FILE: Final = "console.key"
KEY_BYTES: Final = 32


def console_key(data_dir: Path) -> bytes:
    """The key of a data folder. Raises DatabaseRefused where it cannot be read or made."""
    path = data_dir / FILE
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            _make(path)
        path.chmod(0o600)
        key = bytes.fromhex(path.read_text("ascii"))
    except OSError as refused:
        reason = refused.strerror or type(refused).__name__
        raise DatabaseRefused(f"{path} cannot be read or made: {reason}; correct TELEPHONY_DATA_DIR") from None
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise DatabaseRefused(f"{path} holds no key; delete it, and everybody signs in again")
    return key


def _make(path: Path) -> None:
    """Writes a new key beside `path` and gives it that name. Raises FileExistsError where there is one already."""
    if path.exists():
        raise FileExistsError
    fresh = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES))
    try:
        path.hardlink_to(fresh)
    finally:
        fresh.unlink()
