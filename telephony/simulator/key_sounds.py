"""The sound of the keys that a phone presses, on the line with its voice. PURE; frames are 160 bytes of mu-law."""

from telephony.simulator import mulaw, tones

_FRAME = 160
_RATE = 8000


class KeySounds:
    """What is still to sound. Most telephone networks take the sound out and signal the key; some leave it in."""

    def __init__(self) -> None:
        self._coming: list[tuple[float, bytes]] = []

    def press(self, key: str, at: float) -> None:
        """`key` sounds from `at` on."""
        self._coming.append((at, tones.of_key(key)))

    def over(self, frame: bytes, now: float) -> bytes:
        """`frame`, which begins at `now`, with the keys that sound meanwhile."""
        sounding = [_part(sound, at - now) for at, sound in self._coming if at < now + _FRAME / _RATE]
        self._coming = [(at, sound) for at, sound in self._coming if at + len(sound) / _RATE > now + _FRAME / _RATE]
        heard = [part for part in sounding if part]
        return mulaw.mix([frame, *heard]) if heard else frame


def _part(sound: bytes, begins: float) -> bytes | None:
    """The 20 ms of a sound that begins so many seconds into them (or did before); None where it is over."""
    place = round(begins * _RATE)
    part = (b"\xff" * max(0, place) + sound[max(0, -place) :])[:_FRAME]
    return part.ljust(_FRAME, b"\xff") if place > -len(sound) else None
