"""WAV files of one channel: PCM16 and mu-law, the latter being what the standard library's `wave` cannot read.

Layout from Microsoft's "Multimedia Programming Interface and Data Specifications 1.0" and RFC 2361: a RIFF of chunks,
each a four-letter name, a 32-bit length and a body padded to an even length; `fmt ` says what `data` holds.
"""

import struct
from pathlib import Path

from telephony.audio.format import AudioFormat, Encoding

PCM, MULAW, EXTENSIBLE = 1, 7, 0xFFFE
OPEN_ENDED = 0x7FFFF000
"""From this length on a program that writes into a pipe did not know it yet: the rest of the file is meant."""

Chunks = dict[bytes, bytes]


class WavError(ValueError):
    """A file is not a WAV that we can play; the text names it, what it holds and what was expected."""


def read(path: Path | str) -> tuple[bytes, AudioFormat]:
    """The sound in a WAV file and its format. Raises WavError, and OSError where there is no such file."""
    whole = Path(path).read_bytes()
    if whole[:4] != b"RIFF" or whole[8:12] != b"WAVE":
        raise WavError(f"{path}: not a WAV file: expected RIFF and WAVE in its first 12 bytes")
    chunks = _chunks(whole, path)
    for name in (b"fmt ", b"data"):
        if name not in chunks:
            raise WavError(f"{path}: no '{name.decode()}' chunk: expected 'fmt ' and 'data'")
    form = _format(chunks[b"fmt "], path)
    audio = chunks[b"data"]
    return audio[: len(audio) - len(audio) % form.sample_bytes], form


def write(path: Path | str, audio: bytes, form: AudioFormat) -> None:
    """Write `audio` as a WAV file, over whatever is there."""
    size = form.sample_bytes
    code, extra = (MULAW, b"\0\0") if form.encoding is Encoding.PCMU else (PCM, b"")
    described = struct.pack("<HHIIHH", code, 1, form.rate, form.rate * size, size, 8 * size) + extra
    body = _chunk(b"fmt ", described)
    if code != PCM:
        body += _chunk(b"fact", struct.pack("<I", len(audio) // size))
    body += _chunk(b"data", audio)
    Path(path).write_bytes(_chunk(b"RIFF", b"WAVE" + body))


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _chunks(whole: bytes, path: Path | str) -> Chunks:
    """The first chunk of each name. What is cut short after `data` does not matter, `data` itself must be whole."""
    found: Chunks = {}
    at = 12
    while at + 8 <= len(whole):
        name, size = struct.unpack_from("<4sI", whole, at)
        body = whole[at + 8 : at + 8 + size]
        if name == b"data" and size >= OPEN_ENDED:
            body = whole[at + 8 :]
        elif len(body) < size and b"data" not in found:
            label = name.decode("ascii", "replace")
            raise WavError(f"{path}: ends inside '{label}': expected {size} bytes, holds {len(body)}")
        found.setdefault(name, body)
        at += 8 + size + size % 2
    return found


def _format(described: bytes, path: Path | str) -> AudioFormat:
    if len(described) < 16:
        raise WavError(f"{path}: 'fmt ' of {len(described)} bytes: expected at least 16")
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", described)
    if code == EXTENSIBLE and len(described) >= 26:
        (code,) = struct.unpack_from("<H", described, 24)
    encoding = {(PCM, 16): Encoding.PCM16, (MULAW, 8): Encoding.PCMU}.get((code, bits))
    if encoding is None or channels != 1 or rate == 0:
        raise WavError(
            f"{path}: format {code} of {bits} bits, {channels} channel(s), {rate} Hz:"
            " expected PCM of 16 bits (format 1) or mu-law of 8 (format 7), one channel"
        )
    return AudioFormat(encoding, rate)
