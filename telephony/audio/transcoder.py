"""One stream of sound from one format to another: what stands at both ends of an interpreter."""

from telephony.audio import g711
from telephony.audio.format import AudioFormat, Encoding
from telephony.audio.resampler import Resampler


class Transcoder:
    """`source` to `target`, chunk by chunk, with the filter's memory in between.

    Takes PCM16 that is cut inside a sample: the half waits for the next chunk. Raises ValueError where the rates are
    not a whole-number ratio apart.
    """

    def __init__(self, source: AudioFormat, target: AudioFormat) -> None:
        try:
            self._resampler = Resampler(source.rate, target.rate)
        except ValueError:
            raise ValueError(
                f"no streaming from {source.encoding} {source.rate} Hz to {target.encoding} {target.rate} Hz:"
                " expected rates a whole-number ratio apart"
            ) from None
        self._same = source == target
        self._decodes = source.encoding is Encoding.PCMU
        self._encodes = target.encoding is Encoding.PCMU
        self._half = b""

    @property
    def delay(self) -> float:
        """Seconds by which the output lags the input."""
        return self._resampler.delay

    def push(self, audio: bytes) -> bytes:
        """The next chunk in the target format; may be empty."""
        pcm = g711.decode(audio) if self._decodes and not self._same else self._whole(audio)
        return pcm if self._same else self._written(self._resampler.push(pcm))

    def flush(self) -> bytes:
        """What the filter still holds; half a sample is dropped. Then as new."""
        tail = self._written(self._resampler.flush())
        self._half = b""
        return tail

    def reset(self) -> None:
        """Forget everything: the next chunk has nothing to do with the last."""
        self._resampler.reset()
        self._half = b""

    def _whole(self, audio: bytes) -> bytes:
        if self._decodes or not (self._half or len(audio) % 2):
            return audio
        stream = self._half + audio
        cut = len(stream) - len(stream) % 2
        self._half = stream[cut:]
        return stream[:cut]

    def _written(self, pcm: bytes) -> bytes:
        return g711.encode(pcm) if self._encodes else pcm
