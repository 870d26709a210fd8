"""G.711 mu-law: one byte a sample on the telephone line, PCM16 little-endian inside the house.

Constants from ITU-T G.711, table 2: 0xFF is +0 and 0x7F -0, 0x80 and 0x00 the largest values either way.
"""

import audioop

SILENCE = b"\xff"
"""One sample of digital silence. (0x00 is the loudest there is.)"""


def decode(pcmu: bytes) -> bytes:
    """Mu-law to PCM16: twice as many bytes."""
    return audioop.ulaw2lin(pcmu, 2)


def encode(pcm: bytes) -> bytes:
    """PCM16 to mu-law: half as many bytes. Raises audioop.error where `pcm` ends inside a sample."""
    return audioop.lin2ulaw(pcm, 2)
