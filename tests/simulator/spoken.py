"""Made-up speech for tests of the simulated interpreter, and fixture calls that use it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from telephony.audio import wav
from telephony.audio.format import PCMU_8K
from telephony.simulator import mulaw
from telephony.simulator.live_api.lines import KnownLine, learn
from telephony.simulator.live_api.model import Knowledge, LiveModel
from telephony.simulator.live_api.outputs import Audio, InputTranscript, Output, OutputTranscript
from telephony.simulator.scenario import load

Samples = NDArray[np.int16]

CALLS = Path(__file__).parents[2] / "fixtures" / "calls"
WIRE = Path(__file__).parents[2] / "fixtures" / "live"

HEAD = """title = "A call of a test"
summary = "Nobody calls."
[service]
languages = ["en", "es"]
agent_language = "en"
[caller]
language = "es"
number = "+12025550111"
[[agent]]
number = "+12025550122"
rings = 2.0
answers = "accepts"
"""
TAIL = """[end]
who = "caller"
at = 41.0
[expect]
end = "caller-hung-up"
"""


def voice(seed: int, seconds: float) -> Samples:
    """Something like speech at 8 kHz, about -24 dBFS: syllables of a fifth of a second, a breath after every third.

    Each syllable has its own colour, and a pitch that glides, so that no piece of it is like another.
    """
    random = np.random.default_rng(seed)
    sound = np.zeros(round(8000 * seconds))
    for nth, start in enumerate(range(0, sound.size, 1600)):
        if nth % 4 == 3:
            continue
        length = min(1600, sound.size - start)
        time = np.arange(length) / 8000
        pitch, glide, colour = random.uniform(90, 220), random.uniform(-1.5, 1.5), random.uniform(300, 2500)
        harmonics = np.arange(1, int(3400 / pitch))
        weights = np.exp(-(((harmonics * pitch - colour) / 500) ** 2)) + 0.15
        turns = pitch * (time + glide * time**2 / 2)
        phases = 2 * np.pi * harmonics[:, None] * turns + random.uniform(0, 6, harmonics.size)[:, None]
        syllable = (weights[:, None] * np.sin(phases)).sum(axis=0) * np.hanning(length)
        sound[start : start + length] = syllable / np.abs(syllable).max() * 6000
    return sound.astype(np.int16)


@dataclass(frozen=True)
class Said:
    """A line of a made-up call."""

    id: str
    who: str
    seconds: float = 3.0
    translated_seconds: float = 3.0


def call(folder: Path, *lines: Said, lag: float = 1.0) -> Path:
    """A fixture call of these lines, in `folder`; every line has a voice of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = [_line(folder, nth, line) for nth, line in enumerate(lines)]
    text = HEAD + "".join(tables) + f"[interpreter]\nlag = {lag}\n" + TAIL
    (folder / "call.toml").write_text(text, encoding="utf-8")
    return folder


def _line(folder: Path, nth: int, line: Said) -> str:
    for number, seconds, name in ((0, line.seconds, "said"), (1, line.translated_seconds, "translated")):
        recording = mulaw.encode(voice(10 * nth + number, seconds))
        wav.write(folder / f"{line.id}.{name}.wav", recording, PCMU_8K)
    return f"""[[line]]
id = "{line.id}"
who = "{line.who}"
at = {nth}.0
text = "uno dos tres cuatro cinco seis siete ocho"
translation = "one two three four five six seven eight"
recording = "{line.id}.said.wav"
translated = "{line.id}.translated.wav"
"""


def known(folder: Path) -> dict[str, KnownLine]:
    return {line.id: line for line in learn([load(folder)])}


def over_the_line(*sounds: Samples, gain: float = 1.0) -> bytes:
    """Sounds at 8 kHz one after the other, as they arrive at 16 kHz."""
    joined = np.concatenate(sounds).astype(np.float64) / 32768
    arrived = soxr.resample(joined, 8000, 16000) * gain
    samples: Samples = np.clip(np.rint(arrived * 32768), -32768, 32767).astype("<i2")
    return samples.tobytes()


def quiet(seconds: float) -> Samples:
    return np.zeros(round(8000 * seconds), dtype=np.int16)


@dataclass
class Sitting:
    """A model in virtual time: what it is given arrives as fast as it would be spoken."""

    model: LiveModel
    now: float = 0.0
    chunk_ms: int = 100

    def __post_init__(self) -> None:
        self.outputs: list[Output] = []

    def hear(self, *sounds: Samples, gain: float = 1.0) -> None:
        self.hear_pcm(over_the_line(*sounds, gain=gain))

    def hear_pcm(self, pcm: bytes) -> None:
        size = 32 * self.chunk_ms
        for at in range(0, len(pcm), size):
            chunk = pcm[at : at + size]
            self._wait_until(self.now + len(chunk) / 32000)
            self.model.hear(chunk, self.now)
            self.outputs += self.model.due(self.now)

    def _wait_until(self, then: float) -> None:
        while (due := self.model.next_due()) is not None and due < then:
            self.outputs += self.model.due(due)
        self.now = then

    def reported(self, kind: type) -> list[object]:
        return [event for event in self.model.report if isinstance(event, kind)]

    @property
    def audio(self) -> list[Audio]:
        return [output for output in self.outputs if isinstance(output, Audio)]

    @property
    def spoken(self) -> bytes:
        """Everything that was said, silence and all, 24 kHz."""
        return b"".join(audio.pcm24k for audio in self.audio)

    @property
    def heard_words(self) -> list[str]:
        return [output.text_delta for output in self.outputs if isinstance(output, InputTranscript)]

    @property
    def spoken_words(self) -> list[str]:
        return [output.text_delta for output in self.outputs if isinstance(output, OutputTranscript)]


def sitting(folder: Path, target: str, *, echo: bool = False, chunk_ms: int = 100) -> Sitting:
    """A session with this target language that knows the lines of one call."""
    return Sitting(LiveModel(Knowledge(known(folder).values(), target), echo=echo), chunk_ms=chunk_ms)
