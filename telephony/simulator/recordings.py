"""The recordings of a fixture call, read as the simulator hears them: through its own mu-law table."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from telephony.audio import wav
from telephony.audio.format import Encoding
from telephony.simulator import mulaw

RATE = 8000
"""Samples a second of every recording of a fixture call."""


class RecordingError(Exception):
    """The file is no recording of a fixture call; the text says why."""


def read(path: Path) -> NDArray[np.int16]:
    """The samples of an 8 kHz mono WAV file, mu-law or PCM16. Raises RecordingError."""
    try:
        sound, form = wav.read(path)
    except OSError as error:
        raise RecordingError(f"it cannot be read ({error.strerror})") from None
    except wav.WavError as error:
        raise RecordingError(str(error).removeprefix(f"{path}: ")) from None
    if form.rate != RATE:
        raise RecordingError(f"it has {form.rate} samples a second")
    return mulaw.decode(sound) if form.encoding is Encoding.PCMU else np.frombuffer(sound, dtype="<i2").astype(np.int16)
