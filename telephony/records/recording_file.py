"""A WAV file of several channels that grows while it is made, and says itself when it began.

Mu-law, 8 kHz. What it says of its length is right after every block, so that it can be played whenever the process
that makes it ends. Layout from Microsoft's "Multimedia Programming Interface and Data Specifications 1.0" (`RIFF`,
`fmt `, `fact`, `data`, and `LIST` of `INFO` with the creation date `ICRD` and the comment `ICMT`) and RFC 2361 (format
7, mu-law).
"""

import os
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from telephony.audio import g711
from telephony.audio.format import PCMU_8K

MULAW = 7
LARGEST = 0xFFFFFFFF
CREATED = len("2030-05-04T12:00:00.000000+00:00")
CONSTANT = (slice(0, 4), slice(8, 38), slice(-8, -4))
"""What of the beginning of a file tells no length."""

PADDED = 1 << 16
"""Bytes of silence that are written at a time."""


class NotOurs(Exception):
    """A file of this name is there, but this service did not write it, or not to the end of its first line."""


class RecordingFile:
    """Used from one thread. Whatever the disk refuses is raised as OSError."""

    def __init__(self, path: Path, began: datetime, channels: int, comment: str) -> None:
        """Makes the file, or goes on with the one that is there. Raises NotOurs, and OSError."""
        self.began = began.astimezone(UTC)
        self._channels = channels
        self._comment = comment.encode("ascii") + b"\0" * (len(comment) % 2)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: BinaryIO = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        try:
            self._length = self._found() if path.stat().st_size else self._made()
        except BaseException:
            self._file.close()
            raise

    @property
    def seconds(self) -> float:
        return PCMU_8K.seconds_of(self._length)

    @property
    def header_bytes(self) -> int:
        return len(self._header(0))

    def write(self, at: int, audio: bytes) -> None:
        """Interleaved samples from sample `at` on, with silence between them and what was written before. What was
        written before is not written over: sound that would be goes behind it."""
        while (missing := at - self._length) > 0:
            self._append(g711.SILENCE * (self._channels * min(missing, PADDED)))
        self._append(audio)
        self._write_at(0, self._header(self._length))

    def close(self) -> None:
        self._file.close()

    def _append(self, audio: bytes) -> None:
        self._write_at(self.header_bytes + self._length * self._channels, audio)
        self._length += len(audio) // self._channels

    def _write_at(self, place: int, data: bytes) -> None:
        self._file.seek(place)
        while data:
            data = data[self._file.write(data) :]

    def _made(self) -> int:
        self._write_at(0, self._header(0))
        return 0

    def _found(self) -> int:
        """The length of what is there already, in samples."""
        header = self._file.read(self.header_bytes)
        place = header.find(b"ICRD") + 8
        try:
            self.began = datetime.fromisoformat(header[place : place + CREATED].decode("ascii"))
        except ValueError:
            raise NotOurs from None
        ours = self._header(0)
        if [header[part] for part in CONSTANT] != [ours[part] for part in CONSTANT]:
            raise NotOurs
        return (os.fstat(self._file.fileno()).st_size - len(ours)) // self._channels

    def _header(self, samples: int) -> bytes:
        rate, many = PCMU_8K.rate, self._channels
        size = samples * many
        described = struct.pack("<HHIIHHH", MULAW, many, rate, rate * many, many, 8, 0)
        created = self.began.isoformat(timespec="microseconds").encode("ascii").ljust(CREATED, b"\0")[:CREATED]
        chunks = (
            _chunk(b"fmt ", described)
            + _chunk(b"fact", struct.pack("<I", min(samples, LARGEST)))
            + _chunk(b"LIST", b"INFO" + _chunk(b"ICRD", created) + _chunk(b"ICMT", self._comment))
        )
        whole = 4 + len(chunks) + 8 + size
        return (
            b"RIFF"
            + struct.pack("<I", min(whole, LARGEST))
            + b"WAVE"
            + chunks
            + b"data"
            + struct.pack("<I", min(size, LARGEST))
        )


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
