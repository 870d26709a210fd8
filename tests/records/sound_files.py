"""Reading a recording as another program would: by the layout of WAV alone."""

import struct
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sound:
    """`fmt` as it stands there; `channels` are bytes of mu-law."""

    fmt: tuple[int, ...]
    samples: int
    info: dict[bytes, bytes]
    channels: list[bytes]


def sound_in(path: Path) -> Sound:
    """Fails where the file is not what its own lengths say."""
    whole = path.read_bytes()
    assert (whole[:4], whole[8:12]) == (b"RIFF", b"WAVE")
    assert struct.unpack_from("<I", whole, 4)[0] == len(whole) - 8
    chunks = dict(chunks_of(whole[12:]))
    fmt = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    many, data = fmt[1], chunks[b"data"]
    info = {name: body.rstrip(b"\0") for name, body in chunks_of(chunks[b"LIST"][4:])}
    return Sound(fmt, struct.unpack("<I", chunks[b"fact"])[0], info, [data[voice::many] for voice in range(many)])


def chunks_of(body: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    while body:
        name, size = struct.unpack_from("<4sI", body)
        assert len(body) >= 8 + size, name
        found.append((name, body[8 : 8 + size]))
        body = body[8 + size + size % 2 :]
    return found
