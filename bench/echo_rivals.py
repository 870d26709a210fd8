"""Other ways to keep an echo out, for `bench.echo` to compare: a simple correlator, and WebRTC's canceller twice."""

import importlib
from typing import Any

import numpy as np

from telephony.audio import g711
from telephony.audio.echo_delay import anywhere
from telephony.audio.echo_line import EchoLine, Samples

FRAME = 160
HALF = FRAME
"""Bytes of PCM16 in 10 ms, the only frame that WebRTC's canceller takes."""

ALIKE = 0.4
SLACK = 200
"""Samples around the delay that are looked at."""


class Correlator:
    """Silence wherever the last 40 ms are like what was heard, at the delay where the two are most alike."""

    def __init__(self) -> None:
        self._heard, self._said = EchoLine(20_000), EchoLine(5000)
        self._lag: int | None = None
        self._frames = 0

    def heard(self, pcmu: bytes, now: float) -> None:
        self._heard.put(_decoded(pcmu), max(round(now * 8000), self._heard.end))

    def said(self, pcmu: bytes, now: float) -> bytes:
        at = round(now * 8000) - FRAME
        self._said.put(_decoded(pcmu), max(at, self._said.end))
        self._frames += 1
        if self._frames % 10 == 0 and (found := anywhere(self._heard, self._said)).clear > 100:
            self._lag = found.lag
        return g711.SILENCE * len(pcmu) if self._lag is not None and self._alike() > ALIKE else pcmu

    def _alike(self) -> float:
        end, lag = self._said.end, self._lag or 0
        said = self._said.between(end - 2 * FRAME, end)
        heard = self._heard.between(end - lag - 2 * FRAME - SLACK, end - lag + SLACK)
        windows = np.lib.stride_tricks.sliding_window_view(heard, len(said))
        norms = np.sqrt(np.sum(windows**2, axis=1) * np.sum(said**2)) + 1.0
        return float(np.max(np.abs(windows @ said) / norms))


class _Halves:
    """Feeds frames of 10 ms: what was sent since the last frame, or silence, and then what came."""

    def __init__(self) -> None:
        self._sent = g711.SILENCE * FRAME

    def heard(self, pcmu: bytes, now: float) -> None:
        self._sent = pcmu

    def said(self, pcmu: bytes, now: float) -> bytes:
        sent, came, out = g711.decode(self._sent), g711.decode(pcmu), b""
        self._sent = g711.SILENCE * FRAME
        for at in range(0, len(came), HALF):
            out += self._cancelled(sent[at : at + HALF], came[at : at + HALF])
        return g711.encode(out)

    def _cancelled(self, sent: bytes, came: bytes) -> bytes:
        raise NotImplementedError


class Livekit(_Halves):
    """The AudioProcessingModule of livekit's Python SDK (docs.livekit.io, rtc.AudioProcessingModule)."""

    def __init__(self) -> None:
        super().__init__()
        self._rtc: Any = importlib.import_module("livekit.rtc")
        self._module = self._rtc.AudioProcessingModule(echo_cancellation=True)

    def _cancelled(self, sent: bytes, came: bytes) -> bytes:
        far, near = (self._rtc.AudioFrame(bytearray(pcm), 8000, 1, 80) for pcm in (sent, came))
        self._module.process_reverse_stream(far)
        self._module.process_stream(near)
        return bytes(near.data)


class AecAudioProcessing(_Halves):
    """The package aec-audio-processing (pypi.org/project/aec-audio-processing)."""

    def __init__(self) -> None:
        super().__init__()
        package: Any = importlib.import_module("aec_audio_processing")
        self._canceller = package.AudioProcessor(enable_aec=True, enable_ns=False, enable_agc=False)
        self._canceller.set_stream_format(8000, 1)
        self._canceller.set_reverse_stream_format(8000, 1)

    def _cancelled(self, sent: bytes, came: bytes) -> bytes:
        self._canceller.process_reverse_stream(sent)
        return bytes(self._canceller.process_stream(came))


def _decoded(pcmu: bytes) -> Samples:
    return np.frombuffer(g711.decode(pcmu), "<i2").astype(np.float32)
