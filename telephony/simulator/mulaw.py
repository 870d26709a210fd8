"""The simulator's own G.711 mu-law, written from the recommendation so that it shares no table with the product.

ITU-T G.711 (11/88), section 3 and table 2a/2b: a character is a sign bit (1 = positive), a 3-bit segment and a 4-bit
interval, sent with all its bits inverted. On the 14-bit scale of the recommendation interval `i` of segment `s` begins
at the decision value `((i + 16) << (s + 1)) - 33` and stands for `((2 i + 33) << s) - 33`. A 16-bit sample is that
scale times four.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_BIAS = 33
_LARGEST = 8158
"""The last decision value of table 2a; whatever is louder is sent as the outermost interval."""


def _decoded() -> NDArray[np.int16]:
    characters = np.arange(256) ^ 0xFF
    segment, interval = (characters >> 4) & 7, characters & 15
    magnitude = ((2 * interval + _BIAS) << segment) - _BIAS
    positive = (characters & 0x80) == 0
    return np.where(positive, 4 * magnitude, -4 * magnitude).astype(np.int16)


def _encoded() -> NDArray[np.uint8]:
    samples = np.arange(-32768, 32768)
    biased = np.minimum(np.abs(samples) // 4, _LARGEST) + _BIAS
    segment = np.floor(np.log2(biased)).astype(np.int64) - 5
    interval = (biased >> (segment + 1)) & 15
    sign = np.where(samples < 0, 0x80, 0)
    characters: NDArray[np.uint8] = ((sign | (segment << 4) | interval) ^ 0xFF).astype(np.uint8)
    return characters


_DECODED = _decoded()
_ENCODED = _encoded()


def decode(characters: bytes) -> NDArray[np.int16]:
    """One linear 16-bit sample for each mu-law byte."""
    return _DECODED[np.frombuffer(characters, dtype=np.uint8)]


def mix(sounds: Sequence[bytes]) -> bytes:
    """Sounds of equal length added up; what would be louder than full scale is cut off there."""
    total = np.sum([decode(sound) for sound in sounds], axis=0, dtype=np.int32)
    return encode(np.clip(total, -32768, 32767).astype(np.int16))


def encode(samples: NDArray[np.int16]) -> bytes:
    """One mu-law byte for each linear 16-bit sample."""
    return _ENCODED[samples.astype(np.int64) + 32768].tobytes()
