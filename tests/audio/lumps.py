"""Speech that never repeats, and the lumps in which Live Translate sends it."""

import random

from telephony.audio import g711

MESSAGE = 2000
"""250 ms of PCMU: what Live Translate sends at a time."""

LEAD, CUSHION = 0.06, 0.08
QUIET = g711.SILENCE


def speech(seconds: float, voice: int = 1) -> bytes:
    """Sound without a silent byte, no stretch of which occurs twice, nor in another `voice`."""
    rng = random.Random(voice)
    return bytes(rng.choice(b"\x10\x11\x12\x90\x91\x92\x20\x21\xa0\xa1") for _ in range(round(seconds * 8000)))


def messages(sound: bytes, first: float = 0.0, lateness: float | list[float] = 0.0) -> list[tuple[float, bytes]]:
    """`sound` as Live Translate sends it: 250 ms at a time, each as much later as `lateness` says."""
    parts = [sound[at : at + MESSAGE] for at in range(0, len(sound), MESSAGE)]
    late = lateness if isinstance(lateness, list) else [lateness] * len(parts)
    return [(first + 0.25 * index + late[index], part) for index, part in enumerate(parts)]


def start_of(line: bytes, sound: bytes) -> float:
    """Seconds into `line` at which `sound` stands unbroken; fails where it does not."""
    assert sound in line
    return line.index(sound) / 8000
