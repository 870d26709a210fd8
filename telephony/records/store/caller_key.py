"""The key under which callers are remembered: `caller.key` in the data folder, made at first use.

A telephone number has so few digits that a plain digest of it can be undone by trying them all; a keyed one cannot,
without the key. Several nodes that share a database share this file.
"""

import hmac
import os
import re
import secrets
from pathlib import Path

from telephony.records.store.trouble import DatabaseRefused

FILE = "caller.key"
KEY_BYTES = 32

NUMBER = re.compile(r"\+[1-9]\d{1,14}", re.ASCII)
"""E.164: a plus sign, the country code, at most 15 digits (ITU-T E.164, 6.2)."""


class CallerKey:
    """Turns a number into what stands for it in the store."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, data_dir: Path) -> "CallerKey":
        """The key of a data folder. Raises DatabaseRefused where it cannot be read or made."""
        path = data_dir / FILE
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _make(path)
            key = bytes.fromhex(path.read_text("ascii"))
        except OSError as refused:
            reason = refused.strerror or type(refused).__name__
            raise DatabaseRefused(f"{path} cannot be read or made: {reason}; correct TELEPHONY_DATA_DIR") from None
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise DatabaseRefused(f"{path} holds no key; put a copy back, or delete it and forget who called before")
        return cls(key)

    def digest(self, number: str) -> str:
        """HMAC-SHA256 in 64 hexadecimal digits (RFC 2104); "" for what is no E.164 number, such as "anonymous"."""
        if not NUMBER.fullmatch(number):
            return ""
        return hmac.digest(self._key, number.encode(), "sha256").hex()


def _make(path: Path) -> None:
    """Writes a new key beside `path` and gives it that name, unless another process was first."""
    fresh = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
