"""Several voices on one time line, mu-law at 8 kHz, cut into blocks of interleaved samples. PURE.

Sound is put where it belongs by the clock, give or take what a line's unevenness makes of it: what comes in one flow
stays in one piece, a pause becomes silence. What came in a bunch is in its place again after the next pause.
"""

from dataclasses import dataclass, field

from telephony.audio import g711
from telephony.audio.format import PCMU_8K
from telephony.audio.silence import is_silent

SLACK = PCMU_8K.bytes_in(60)
"""Sound that comes less than this after the end of what came before goes on from there."""

SETTLED = 0.5
"""Seconds for which sound may still come for a moment that is past."""

MOST_AHEAD = PCMU_8K.bytes_in(30_000)
"""More than this of one voice cannot wait for its time; what is beyond is lost."""

BLOCK = PCMU_8K.rate
"""Samples of each voice in one block: a second."""


@dataclass(frozen=True, slots=True)
class Block:
    """`at`: samples from the beginning. `audio`: one byte a voice, in turn; every block before it that is not there
    is silence."""

    at: int
    audio: bytes = field(repr=False)


class Tracks:
    """`voices` of them, from `began` on. `lost` counts samples for which there was no room."""

    def __init__(self, voices: int, began: float) -> None:
        self._began = began
        self._at = 0
        self._tracks = [bytearray() for _ in range(voices)]
        self.lost = 0

    def put(self, voice: int, pcmu: bytes, begins: float) -> None:
        """Sound of one voice that begins then. Sound comes in order; silence is left out where it runs ahead."""
        track = self._tracks[voice]
        place = round((begins - self._began) * PCMU_8K.rate) - self._at
        if place > len(track) + SLACK:
            track += g711.SILENCE * (place - len(track))
        elif len(track) > place + SLACK and is_silent(pcmu):
            return
        if len(track) - max(place, 0) > MOST_AHEAD:
            self.lost += len(pcmu)
        else:
            track += pcmu

    def due(self, now: float) -> list[Block]:
        """Every whole second that is past; those in which there was silence only are left out."""
        settled = round((now - self._began - SETTLED) * PCMU_8K.rate)
        blocks = [self._cut(BLOCK) for _ in range(max(0, settled - self._at) // BLOCK)]
        return [block for block in blocks if block is not None]

    def rest(self) -> list[Block]:
        """All that is left, when nothing more comes."""
        blocks = []
        while longest := max(map(len, self._tracks)):
            blocks.append(self._cut(min(longest, BLOCK)))
        return [block for block in blocks if block is not None]

    def _cut(self, samples: int) -> Block | None:
        at, self._at = self._at, self._at + samples
        parts = [bytes(track[:samples]) for track in self._tracks]
        for track in self._tracks:
            del track[:samples]
        if all(is_silent(part) for part in parts):
            return None
        audio = bytearray(len(parts) * samples)
        for voice, part in enumerate(parts):
            audio[voice :: len(parts)] = part.ljust(samples, g711.SILENCE)
        return Block(at, bytes(audio))
