"""How speech sounds once the audio path has changed it: sped up, brought to its level; part of `python -m bench.audio`.

On the voices of the fixture calls; the ten minutes of steady talk are those of `tests.audio.steady_talk`.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.table import Table

from telephony.audio import g711, wav
from telephony.audio.level import DBM0_OF_0_DBFS, VoiceTracker, rms_dbfs
from telephony.audio.loudness import Loudness
from telephony.audio.playout import Playout
from telephony.audio.resampler import resample
from telephony.audio.sound_queue import SoundQueue
from telephony.audio.stretch import OVERLAP, WINDOW, Stretch, best_skip
from tests.audio.steady_talk import Talk, listen, numbers

CALLS = Path(__file__).parents[1] / "fixtures" / "calls"
FRAME = 160
MEL_WINDOW, BANDS = 256, 24
NEAR = 16
"""Steps of 2.5 ms around the meant place in which the same sound is looked for."""

PAIRS = ((200.0, 500.0), (211.3, 434.9), (440.0, 997.0), (220.0, 277.18))

Samples = npt.NDArray[np.float64]


def voices(every: int) -> list[bytes]:
    """Every so many lines of the fixture calls, mu-law."""
    return [wav.read(path)[0] for path in sorted(CALLS.glob("*/*.wav"))[::every]]


def decoded(pcmu: bytes) -> Samples:
    """PCMU as numbers."""
    return np.frombuffer(g711.decode(pcmu), "<i2").astype(np.float64)


def sped_up(pcmu: bytes, speed: float) -> bytes:
    """Everything in `pcmu`, pauses no more than the rest."""
    queue, stretch, out = SoundQueue(len(pcmu)), Stretch(), b""
    queue.append(pcmu)
    while queue:
        stretch.shorten(queue, FRAME, speed, 0)
        out += queue.take(FRAME)
    return out


def log_mel(samples: Samples, step: float) -> Samples:
    """Spectra in decibels, one every `step` samples."""
    frequencies = np.fft.rfftfreq(MEL_WINDOW, 1 / 8000)
    edges = 700 * (10 ** (np.linspace(147.0, 2078.0, BANDS + 2) / 2595) - 1)
    rising = (frequencies - edges[:-2, None]) / np.diff(edges[:-1])[:, None]
    falling = (edges[2:, None] - frequencies) / np.diff(edges[1:])[:, None]
    bands = np.maximum(0.0, np.minimum(rising, falling))
    places = np.rint(np.arange(0, len(samples) - MEL_WINDOW, step)).astype(int)
    windows = np.lib.stride_tricks.sliding_window_view(samples, MEL_WINDOW)[places] * np.hanning(MEL_WINDOW)
    spectra: Samples = 10 * np.log10(np.abs(np.fft.rfft(windows)) ** 2 @ bands.T + 100)
    return spectra


def spectral_errors(pcmu: bytes, speed: float) -> tuple[float, float]:
    """Mean dB between what is heard and an ideal warp: at the very place, and at the best one within 40 ms."""
    heard = log_mel(decoded(sped_up(pcmu, speed)), 80)
    ideal, around = log_mel(decoded(pcmu), 80 * speed), log_mel(decoded(pcmu), 20)
    count = min(len(heard), len(ideal))
    loud = np.flatnonzero(heard[:count].mean(1) > heard.mean(1).max() - 30)
    best = []
    for index in loud:
        place = round(index * 80 * speed / 20)
        nearby = around[max(place - NEAR, 0) : place + NEAR + 1]
        best.append(np.abs(nearby - heard[index]).mean(1).min() if len(nearby) else 0.0)
    in_place = np.abs(heard[:count] - ideal[:count])[loud].mean()
    return float(in_place), float(np.mean(best))


def two_tones(first: float, second: float) -> float:
    """dB between two tones at 1.25 times the speed and all that is neither, in stretches of 32 ms, in PCM."""
    time = np.arange(16000) / 8000
    rest = 8000 * np.sin(2 * np.pi * first * time) + 8000 * np.sin(2 * np.pi * second * time)
    out: list[Samples] = []
    owed = 0.0
    while len(rest) >= WINDOW + FRAME:
        owed += FRAME / 4
        if owed > 0:
            skip = best_skip(rest[:WINDOW])
            rest = np.concatenate((rest[: skip.at], skip.blend, rest[skip.at + OVERLAP + skip.cut :]))
            owed -= skip.cut
        out.append(rest[:FRAME])
        rest = rest[FRAME:]
    heard = np.concatenate(out)
    pieces = heard[: len(heard) - len(heard) % 256].reshape(-1, 256).T
    angle = 2 * np.pi * np.outer(np.arange(256), (first, second)) / 8000
    basis = np.hstack((np.sin(angle), np.cos(angle)))
    left = pieces - basis @ np.linalg.lstsq(basis, pieces, rcond=None)[0]
    return float(10 * np.log10(np.sum(pieces**2) / max(np.sum(left**2), 1e-9)))


def faster() -> Table:
    """Speech at other than its own speed."""
    table = Table("speed", "reached", "log-mel error: in place", "within 40 ms, dB", title="speech at another speed")
    spoken = voices(8)
    for speed in (0.8, 0.9, 1.1, 1.25, 1.3):
        reached = sum(map(len, spoken)) / sum(len(sped_up(pcmu, speed)) for pcmu in spoken)
        place, near = np.mean([spectral_errors(pcmu, speed) for pcmu in spoken], axis=0)
        table.add_row(f"{speed}", f"{reached:.3f}", f"{place:.2f}", f"{near:.2f}")
    tones = ", ".join(f"{first:g}+{second:g} Hz {two_tones(first, second):.0f}" for first, second in PAIRS)
    table.caption = f"two tones at 1.25, SNR in dB: {tones}"
    return table


def active_dbm0(pcm: bytes) -> float:
    """Mean level of the frames with voice, 24 kHz."""
    voice = VoiceTracker(9.0, -60.0)
    frames = [pcm[at : at + 960] for at in range(0, len(pcm) - 959, 960)]
    powers = [10 ** (rms_dbfs(frame) / 10) for frame in frames if voice.push(frame)]
    return 10 * float(np.log10(np.mean(powers))) + DBM0_OF_0_DBFS


def levels() -> Table:
    """Half a minute of speech at eight levels."""
    table = Table("comes in at, dBFS", "leaves at, dBm0: least", "most of 3 s", "gain at the end, dB", title="level")
    pcm = b"".join(resample(g711.decode(pcmu), 8000, 24000) + bytes(12000) for pcmu in voices(9))
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    own = active_dbm0(pcm) - DBM0_OF_0_DBFS
    for dbfs in range(-40, 0, 5):
        loudness = Loudness(24000)
        moved = np.clip(samples * 10 ** ((dbfs - own) / 20), -32768, 32767).astype("<i2").tobytes()
        out = b"".join(loudness.push(moved[at : at + 12000]) for at in range(0, len(moved), 12000))
        seen = [active_dbm0(out[at : at + 144000]) for at in range(48000, len(out) - 144000, 48000)]
        table.add_row(f"{dbfs}", f"{min(seen):.1f}", f"{max(seen):.1f}", f"{loudness.gain:+.1f}")
    return table


def backlogs() -> Table:
    """Ten minutes of an interpreter that needs 1.3 times as long as the speaker."""
    table = Table("ten minutes at 1.3", "backlog p50, s", "p95", "most", "words heard", title="catching up")
    talks = {
        "pauses 15 %": Talk(),
        "pauses 10 %": Talk(pauses=0.1),
        "pauses 8 %": Talk(pauses=0.08),
        "pauses 6 %": Talk(pauses=0.06),
        "pauses 4 %": Talk(pauses=0.04),
        "pauses 15 %, breath": Talk(breath=25.0),
        "no pauses, the speaker rests": Talk(pauses=0.02, rest=0.8),
        "in bursts at twice the speed": Talk(rate=2.0),
    }
    for name, talk in talks.items():
        heard = listen(talk, Playout())
        said = len(numbers(heard.line)[0])
        table.add_row(name, *(f"{figure:.2f}" for figure in heard.percentiles()), f"{said} of {heard.words}")
    return table
