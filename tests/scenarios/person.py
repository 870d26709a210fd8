"""Somebody with a telephone who does what the test says: hums a tone of their own, presses keys, hangs up."""

import asyncio
from dataclasses import replace

from telephony.audio import g711
from telephony.audio.level import rms_dbfs
from telephony.replay.memory_stream import now
from telephony.simulator.manners import Manners
from telephony.simulator.scenario import Answers, Who
from telephony.simulator.tape import Tape
from tests.fakes import hum, share_of

QUIET = b"\xff\x7f" * 80
BETWEEN_KEYS = 0.25
LOUD = -27.0
"""dBFS, below ringback, and above a single frame of a voice in half a second."""


class Person:
    """`number` is the phone's; `tone` (Hz) what is hummed while `speaks`; `answers` are the keys pressed a second into
    each question, `always` where they are used up."""

    def __init__(self, number: str, tone: float = 500.0, *answers: str, always: str = "", rings: float = 2.0) -> None:
        self.number = number
        self.who = Who.CALLER
        self.tone = tone
        self.manners = Manners(rings=rings)
        self.speaks = True
        self.answers = list(answers)
        self.always = always
        self.words = ""
        self.told_log: list[tuple[float, str]] = []
        self.heard = Tape()
        self.questions = 0
        self._keys: list[tuple[float, str]] = []
        self._leaves_at = float("inf")
        self._sample = 0
        self.second = g711.encode(hum(tone, 1.0))

    # What the test has this person do.

    def press(self, keys: str) -> None:
        """Presses `keys`, one after the other, from now on."""
        self._keys += [(now() + place * BETWEEN_KEYS, key) for place, key in enumerate(keys)]

    def hang_up(self) -> None:
        self.leaves_in(0.0)

    def leaves_in(self, seconds: float) -> None:
        """Hangs up then, whatever goes on."""
        self._leaves_at = now() + seconds

    def behaves(self, answers: Answers) -> "Person":
        """How this phone is answered when it rings."""
        self.manners = replace(self.manners, answers=answers)
        return self

    # What the test asks.

    @property
    def was_told(self) -> list[str]:
        """What a carrier's voice has said to this phone, in order."""
        return [text for _, text in self.told_log]

    async def is_told(self, text: str, within: float = 60.0) -> float:
        """Waits until this has been said, and returns when that was; fails after `within` seconds."""
        async with asyncio.timeout(within):
            while text not in self.was_told:
                await asyncio.sleep(0.1)
        return next(at for at, said in self.told_log if said == text)

    def hears(self, tone: float, since: float, until: float | None = None) -> bool:
        """Whether most of what was heard from `since` on is this tone, and loud."""
        heard = self.heard.between(since, now() if until is None else until)
        return rms_dbfs(g711.decode(heard)) > LOUD and share_of(tone, heard) > 0.5

    async def comes_to_hear(self, tone: float, within: float) -> float:
        """Waits until half a second of this tone has been heard, and returns how long that took."""
        began = now()
        while now() - began < 0.5 or not self.hears(tone, max(began, now() - 0.5)):
            assert now() - began < within, "the tone was not heard in time"
            await asyncio.sleep(0.1)
        return now() - began

    # What the carrier does to the phone, and asks of it.

    def answered(self, _now: float) -> None:
        self._leaves_at = float("inf")
        self._keys.clear()

    def asked(self, _gather: int, now: float) -> None:
        self.questions += 1
        keys = self.answers.pop(0) if self.answers else self.always
        self._keys += [(now + 1.0 + place * BETWEEN_KEYS, key) for place, key in enumerate(keys)]

    def told(self, text: str, _language: str, _voice: str, now: float) -> None:
        self.told_log.append((now, text))

    def frame(self, _now: float) -> bytes:
        self._sample = (self._sample + 160) % 8000
        return self.second[self._sample : self._sample + 160] if self.speaks else QUIET

    def hear(self, frame: bytes, now: float) -> None:
        self.heard.add(frame, now)

    def keys_due(self, now: float) -> str:
        due = "".join(key for at, key in self._keys if at <= now)
        self._keys = [(at, key) for at, key in self._keys if at > now]
        return due

    def words_due(self, _now: float) -> str:
        words, self.words = self.words, ""
        return words

    def talking(self, _now: float) -> float | None:
        return None

    def hangs_up(self, now: float) -> bool:
        return now >= self._leaves_at

    def ringback_began(self, _now: float) -> None:
        """Hears it, and does nothing about it."""
