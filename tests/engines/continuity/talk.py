"""Talk of numbered words.

A frame of 20 ms of a word carries the word's number and its own place in the word, so what a listener hears tells
exactly which words were lost, repeated, torn or out of order.
"""

import asyncio
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from telephony.audio.format import PCM16_16K, PCM16_24K
from telephony.engines.base import Engine, TranslationSession

IN_BYTES = PCM16_16K.bytes_in(20)
OUT_BYTES = PCM16_24K.bytes_in(20)
FRAME_S = 0.02


def coded(word: int, place: int, size: int) -> bytes:
    """A frame of `word`, loud and lively; its first samples are the word's number and the frame's place in it."""
    amplitude = 2000 + (word * 31 + place * 57) % 40 * 150
    return struct.pack("<HHh", word, place, 1234) + (struct.pack("<hh", amplitude, -amplitude) * (size // 4))[6:]


def is_silent(sound: bytes) -> bool:
    return sound == bytes(len(sound))


def decoded(frame: bytes) -> tuple[int, int] | None:
    """Word and place of a coded frame."""
    if len(frame) < 6 or frame[4:6] != b"\xd2\x04":
        return None
    return int.from_bytes(frame[:2], "little"), int.from_bytes(frame[2:4], "little")


@cache
def silence(frames: int, size: int) -> bytes:
    return bytes(frames * size)


@dataclass(frozen=True, slots=True)
class Word:
    """When it is said (seconds into the talk), in frames how long, and to which phrase it belongs."""

    number: int
    begins: float
    frames: int
    phrase: int


class Talk:
    """Phrases of one to eight words, with short gaps between words and pauses between phrases.

    With `turns`, the speaker listens for eight seconds after every few phrases.
    """

    def __init__(
        self, seed: int, seconds: float, *, pauses: tuple[float, float] = (0.3, 1.6), turns: bool = False
    ) -> None:
        chance = random.Random(seed)
        self.words: list[Word] = []
        self._frames: list[bytes | None] = []
        phrase = 0
        while len(self._frames) * FRAME_S < seconds:
            self._rest(chance.uniform(*pauses))
            for _ in range(chance.randint(1, 8)):
                self._say(phrase, chance.randint(8, 24))
                self._rest(chance.uniform(0.04, 0.12))
            phrase += 1
            if turns and chance.random() < 0.2:
                self._rest(8.0)

    def _rest(self, seconds: float) -> None:
        self._frames += [None] * round(seconds / FRAME_S)

    def _say(self, phrase: int, frames: int) -> None:
        number = len(self.words) + 1
        self.words.append(Word(number, len(self._frames) * FRAME_S, frames, phrase))
        self._frames += [coded(number, place, IN_BYTES) for place in range(frames)]

    @property
    def seconds(self) -> float:
        return len(self._frames) * FRAME_S

    def chunks(self, chunk_frames: int, *, then_silence: float = 0.0) -> Iterator[bytes]:
        """The talk in chunks, and silence after it."""
        frames = [*self._frames, *([None] * round(then_silence / FRAME_S))]
        for at in range(0, len(frames) - chunk_frames + 1, chunk_frames):
            part = frames[at : at + chunk_frames]
            if any(part):
                yield b"".join(frame or silence(1, IN_BYTES) for frame in part)
            else:
                yield silence(chunk_frames, IN_BYTES)


async def speak(talk: Talk, session: TranslationSession, engine: Engine, *, then_silence: float = 12.0) -> None:
    """Says the talk in real time, and is silent after it."""
    loop = asyncio.get_running_loop()
    began, frames = loop.time(), engine.chunk_ms // 20
    for number, chunk in enumerate(talk.chunks(frames, then_silence=then_silence), start=1):
        await asyncio.sleep(began + number * frames * FRAME_S - loop.time())
        await session.send_audio(chunk)
