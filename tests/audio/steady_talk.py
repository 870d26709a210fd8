"""Ten minutes of an interpreter that needs 1.3 times as long as the speaker, in words that can be told apart by ear.

Each sentence of 6 s becomes one of 7.8 s. It has four phrases; a pause after the first and the third is half as long
as one after the second and the last, as between clauses and between sentences. With pauses of 15 % in all, those are
0.2 and 0.4 s; speech that is read aloud has 15 to 25 %, the fixture calls' voices have 12 to 22 %. The interpreter
begins 2 s after the speaker and sends messages of 250 ms evenly, as fast as the sentence comes in.

Words last 0.2 to 0.45 s and have numbers: a pair of tones, one of eight and one of eight, says which of 64 it is.
"""

from dataclasses import dataclass

import numpy as np

from telephony.audio import g711
from telephony.audio.playout import Playout
from tests.audio.phone import Phone
from tests.audio.signals import Samples, from_pcm, to_pcm

SENTENCE, RATIO, LATE = 6.0, 1.3, 2.0
PHRASES = (1 / 6, 1 / 3, 1 / 6, 1 / 3)
"""For each phrase, the share of the sentence's pauses that follows it."""

LOW, HIGH = np.arange(300, 1001, 100), np.arange(1300, 3401, 300)
LOUD = 1000.0
WINDOW = 160
SURE = 3
"""Windows in a row that must have the same number."""


@dataclass(frozen=True)
class Talk:
    """`pauses`: share of the translation; `breath`: the level of noise in them; `rest`: seconds between sentences
    in which the speaker says nothing. `rate`: how much faster than it is spoken the translation is sent."""

    pauses: float = 0.15
    breath: float = 0.0
    rest: float = 0.0
    rate: float = RATIO
    minutes: float = 10.0


@dataclass(frozen=True)
class Heard:
    """What came of it. `backlogs` are seconds, ten a second."""

    playout: Playout
    line: bytes
    words: int
    voiced: float
    """Seconds of words that were pushed."""
    backlogs: Samples

    def percentiles(self) -> tuple[float, float, float]:
        p50, p95, most = np.quantile(self.backlogs, (0.5, 0.95, 1.0))
        return float(p50), float(p95), float(most)


def word(number: int, seconds: float) -> Samples:
    time = np.arange(round(8000 * seconds)) / 8000
    low, high = LOW[number % 8], HIGH[number // 8 % 8]
    sound: Samples = 4000 * (np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time))
    fade = np.minimum(1.0, np.minimum(np.arange(len(time)), np.arange(len(time))[::-1]) / 40 + 0.1)
    return sound * fade


def spoken(talk: Talk) -> tuple[list[tuple[float, bytes]], int, float]:
    """Messages with their times, how many words they hold, and seconds of words."""
    chance = np.random.default_rng(1)
    messages: list[tuple[float, bytes]] = []
    words, voiced, free = 0, 0.0, 0.0
    length = SENTENCE * RATIO
    for sentence in range(round(talk.minutes * 60 / (SENTENCE + talk.rest))):
        parts = []
        for share in PHRASES:
            left = length * (1 - talk.pauses) / len(PHRASES)
            while left > 0:
                seconds = left if left < 0.45 else min(float(chance.uniform(0.2, 0.45)), left - 0.2)
                parts.append(word(words, seconds))
                words, voiced, left = words + 1, voiced + seconds, left - seconds
            parts.append(talk.breath * chance.normal(size=round(8000 * length * talk.pauses * share)))
        sound = g711.encode(to_pcm(np.concatenate(parts)))
        begin = max(sentence * (SENTENCE + talk.rest) + LATE, free)
        messages += [(begin + at / 8000 / talk.rate, sound[at : at + 2000]) for at in range(0, len(sound), 2000)]
        free = begin + len(sound) / 8000 / talk.rate
    return messages, words, voiced


def listen(talk: Talk, playout: Playout) -> Heard:
    """What a phone hears of `talk`."""
    messages, words, voiced = spoken(talk)
    phone, now = Phone(), 0.0
    backlogs: list[float] = []
    for at, message in [*messages, (messages[-1][0] + 100.0, b"")]:
        while (moment := playout.next_due()) is not None and moment < at:
            now = max(now, moment)
            phone.take(playout.due(now), now)
            if now >= LATE + len(backlogs) / 10 and message:
                backlogs.append(playout.backlog(now))
        playout.push(message, at)
    return Heard(playout, phone.line, words, voiced, np.array(backlogs))


def numbers(line: bytes) -> tuple[list[int], float]:
    """The numbers of the words on a line, in order, and how many seconds of words those are."""
    samples = from_pcm(g711.decode(line))
    windows = samples[: len(samples) - len(samples) % WINDOW].reshape(-1, WINDOW)
    time = np.arange(WINDOW) / 8000
    near = [np.abs(windows @ np.exp(2j * np.pi * np.outer(time, tones))).argmax(1) for tones in (LOW, HIGH)]
    loud = np.sqrt(np.mean(windows**2, axis=1)) > LOUD
    seen = np.where(loud, near[0] + 8 * near[1], -1)
    said: list[int] = []
    for index in range(len(seen) - SURE + 1):
        number = int(seen[index])
        if number >= 0 and (seen[index : index + SURE] == number).all() and said[-1:] != [number]:
            said.append(number)
    return said, float(np.count_nonzero(loud)) * WINDOW / 8000
