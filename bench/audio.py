"""What the audio path costs a leg, and what its filters let through: `python -m bench.audio`.

CPU time of this process (BLAS threads included) for each step of 20 ms, the median of interleaved rounds.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
from rich.console import Console
from rich.table import Table

from bench import speech
from telephony.audio import g711
from telephony.audio.format import PCM16_16K, PCM16_24K, PCMU_8K
from telephony.audio.inlet import Inlet
from telephony.audio.level import VoiceTracker
from telephony.audio.loudness import Loudness
from telephony.audio.pace import FASTEST
from telephony.audio.playout import Playout
from telephony.audio.resampler import Resampler
from telephony.audio.transcoder import Transcoder
from tests.audio.line import INTERPRETER, SPEAKER, from_interpreter, from_speaker, level, listen, pcmu_tone

ROUNDS = 15
LOOPS = 400
MESSAGE_FRAMES = 12.5
"""Frames in one message of Live Translate."""

STRAYS = (3000, 3400, 4300, 4600, 5000, 7000)
"""Tones that leave an image going up, or an alias going down."""

Step = Callable[[], object]


def noise(rate: int, milliseconds: int) -> bytes:
    """Loud PCM16 of `milliseconds`."""
    return np.random.default_rng(1).integers(-20000, 20000, rate * milliseconds // 1000).astype("<i2").tobytes()


def voice(rate: int, milliseconds: int, peak: float = 6000) -> bytes:
    """A vowel as PCM16, twice as loud at its end as at its start."""
    time = np.arange(rate * milliseconds // 1000) / rate
    harmonics = sum(np.sin(2 * np.pi * 121 * n * time + n) / n for n in range(1, 12))
    return np.rint(peak * harmonics * np.linspace(0.2, 0.4, len(time))).astype("<i2").tobytes()


def playing() -> Step:
    """One message of Live Translate pushed and all of its frames taken, each at its own time."""
    playout, message, now = Playout(), g711.encode(noise(8000, 250)), 0.0

    def step() -> None:
        nonlocal now
        playout.push(message, now)
        now += 0.25
        while (moment := playout.next_due()) is not None and moment < now:
            playout.due(moment)

    return step


def hurrying() -> Step:
    """The same while 4 s wait all the time, so that speech leaves 1.25 times faster."""
    playout, message, now = Playout(), g711.encode(voice(8000, 250)), 0.0
    for _ in range(16):
        playout.push(message, now)

    def step() -> None:
        nonlocal now
        playout.push(message, now)
        until = now + 0.25 / FASTEST
        while (moment := playout.next_due()) is not None and moment < until:
            playout.due(moment)
        now = until

    return step


def beneath(direct: bool, comfort: bool = False) -> Step:
    """The same as `playing`, with twelve and a half frames of the speaker mixed into each message of the interpreter.

    With `direct` there are no messages, and the speaker leaves as it came.
    """
    playout, message, now = Playout(), g711.encode(voice(8000, 240)) + g711.SILENCE * 80, 0.0
    playout.direct, playout.comfort = direct, comfort
    spoken = [g711.encode(noise(8000, 20)) for _ in range(25)]
    turn = 0

    def step() -> None:
        nonlocal now, turn
        turn += 1
        if not direct:
            playout.push(message, now)
        for frame in spoken[: 12 + turn % 2]:
            playout.original(frame, now)
            now += 0.02
            playout.due(now)

    return step


def levelling() -> Step:
    """One message of Live Translate whose level rises and falls, so that the gain keeps moving."""
    loudness, spoken = Loudness(24000), [voice(24000, 250, peak) for peak in (400, 3000, 14000, 1500)]
    turn = 0

    def step() -> None:
        nonlocal turn
        turn += 1
        loudness.push(spoken[turn % len(spoken)])

    return step


def feeding() -> Step:
    """One frame of a leg pushed, and every chunk that it completes taken."""
    inlet, frame, now = Inlet(800, g711.SILENCE * 160), g711.encode(noise(8000, 20)), 0.0
    inlet.open()

    def step() -> None:
        nonlocal now
        now += 0.02
        inlet.push(frame, now)
        inlet.due(now)

    return step


def steps() -> dict[str, tuple[Step, float]]:
    """Every step by name, and how many frames of 20 ms one call of it deals with."""
    table: dict[str, tuple[Step, float]] = {"playout": (playing(), MESSAGE_FRAMES), "inlet": (feeding(), 1)}
    table["playout, hurrying"] = (hurrying(), MESSAGE_FRAMES / FASTEST)
    table["playout, speaker mixed in"] = (beneath(direct=False), MESSAGE_FRAMES)
    table["playout, speaker mixed in, comfort decided"] = (beneath(direct=False, comfort=True), MESSAGE_FRAMES)
    table["playout, speaker directly"] = (beneath(direct=True), MESSAGE_FRAMES)
    table["loudness at 24 kHz, gain moving"] = (levelling(), MESSAGE_FRAMES)
    tracker, line, frame = VoiceTracker(), noise(8000, 20), g711.encode(noise(8000, 20))
    table["G.711 decode"] = (lambda: g711.decode(frame), 1)
    table["G.711 encode"] = (lambda: g711.encode(line), 1)
    table["voice tracker"] = (lambda: tracker.push(line), 1)
    for milliseconds in (20, 100, 250):
        frames = milliseconds / 20
        for source, target in ((8000, 16000), (24000, 8000)):
            resampler, pcm = Resampler(source, target), noise(source, milliseconds)
            name = f"{source // 1000} -> {target // 1000} kHz, {milliseconds} ms at a time"
            table[name] = (lambda resampler=resampler, pcm=pcm: resampler.push(pcm), frames)  # type: ignore[misc]
    up, down, live = Transcoder(PCMU_8K, PCM16_16K), Transcoder(PCM16_24K, PCMU_8K), noise(24000, 20)
    table["the whole way up, 20 ms at a time"] = (lambda: up.push(frame), 1)
    table["the whole way down, 20 ms at a time"] = (lambda: down.push(live), 1)
    return table


def measure() -> dict[str, tuple[float, float, float]]:
    """For each step: median, least and most microseconds a frame of 20 ms."""
    table = steps()
    seen: dict[str, list[float]] = {name: [] for name in table}
    for _ in range(ROUNDS):
        for name, (step, frames) in table.items():
            loops = max(20, round(LOOPS / frames))
            begun = time.process_time_ns()
            for _ in range(loops):
                step()
            seen[name].append((time.process_time_ns() - begun) / 1000 / loops / frames)
    return {name: (statistics.median(times), min(times), max(times)) for name, times in seen.items()}


def tone(frequency: float, rate: int, amplitude: float = 16000) -> bytes:
    """One second of PCM16."""
    return np.rint(amplitude * np.sin(2 * np.pi * frequency * np.arange(rate) / rate)).astype("<i2").tobytes()


def fit(pcm: bytes, frequency: float, rate: int) -> tuple[float, float]:
    """Amplitude of the sine that suits `pcm` best, and the amplitude of all the rest as if it were one sine."""
    samples = np.frombuffer(pcm, "<i2").astype(float)
    angle = 2 * np.pi * frequency * np.arange(len(samples)) / rate
    basis = np.stack((np.sin(angle), np.cos(angle)), axis=1)[400:-400]
    parts, *_ = np.linalg.lstsq(basis, samples[400:-400], rcond=None)
    rest = samples[400:-400] - basis @ parts
    return float(np.hypot(*parts)), float(np.sqrt(2 * np.mean(rest**2)))


def decibels(ratio: float) -> float:
    """A ratio of amplitudes."""
    return float(20 * np.log10(max(ratio, 1e-7)))


def spectrum(source: int, target: int) -> list[str]:
    """One row of figures for a pair of rates."""
    heard = {frequency: Resampler(source, target).push(tone(frequency, source)) for frequency in range(300, 3401, 100)}
    gains = [decibels(fit(pcm, frequency, target)[0] / 16000) for frequency, pcm in heard.items()]
    amplitude, rest = fit(heard[1000], 1000, target)
    return [
        f"{source // 1000} -> {target // 1000} kHz",
        f"{decibels(amplitude / rest):.1f}",
        f"{max(gains) - min(gains):.4f}",
        f"{gains[-1]:+.4f}",
        ", ".join(stray(source, target, frequency) for frequency in STRAYS),
        f"{Resampler(source, target).delay * 1000:.2f}",
    ]


def stray(source: int, target: int, frequency: int) -> str:
    """Decibels of the image above 4 kHz (going up) or the alias below it (going down) that a loud tone leaves."""
    if (target > source) == (frequency > 4000):
        return "-"
    heard = Resampler(source, target).push(tone(frequency, source, 32000))
    return f"{decibels(fit(heard, 8000 - frequency, target)[0] / 32000):.0f}"


def costs() -> Table:
    """What each step costs."""
    table = Table("step", "us per 20 ms: median", "least", "most", title="CPU")
    for name, figures in measure().items():
        table.add_row(name, *(f"{figure:.2f}" for figure in figures))
    return table


def filters() -> Table:
    """What each filter lets through."""
    table = Table("filter", "SNR 1 kHz, dB", "ripple .3-3.4 kHz, dB", "3.4 kHz, dB", title="filters")
    table.add_column("image or alias of " + ", ".join(f"{frequency / 1000:g}" for frequency in STRAYS) + " kHz, dB")
    table.add_column("delay, ms")
    for pair in ((8000, 16000), (24000, 8000)):
        table.add_row(*spectrum(*pair))
    return table


def ducking() -> Table:
    """What a listener hears of a speaker (500 Hz), and when, while an interpreter (1200 Hz) speaks from 2 s to 4 s."""
    table = Table(
        "setting", "ms from in to heard", "alone, dB", "under, dB", "interpreter, dB", title="the speaker beneath"
    )
    for name, direct, under in (("-18 dB", False, -18.0), ("-12 dB", False, -12.0), ("direct", True, -18.0)):
        playout = Playout()
        playout.direct, playout.original_under = direct, under
        events = [*from_speaker(pcmu_tone(SPEAKER, 6.0)), *from_interpreter(pcmu_tone(INTERPRETER, 2.0), first=2.0)]
        phone = listen(playout, events, until=20.0)
        levels = (
            level(phone.line, *where) for where in ((SPEAKER, 0.5, 1.9), (SPEAKER, 2.3, 4), (INTERPRETER, 2.3, 4))
        )
        table.add_row(name, f"{phone.heard[0][0] * 1000:.0f}", *(f"{decibel:.1f}" for decibel in levels))
    return table


def main() -> None:
    """Measure and print."""
    console = Console()
    console.print(costs())
    console.print(filters())
    console.print(ducking())
    console.print(speech.faster())
    console.print(speech.levels())
    console.print(speech.backlogs())


if __name__ == "__main__":
    main()
