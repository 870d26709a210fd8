"""What feeds a session: one party's sound in exact chunks, without a gap for as long as the leg lives.

Live Translate wants chunks of 100 ms, silence included (ai.google.dev, live-translate), and says its last words only
while sound keeps coming. A telephone leg is not that even: its frames may pause, and arrive late in a bunch.
"""

import math
from collections.abc import Callable

from telephony.audio import g711
from telephony.audio.level import VoiceTracker
from telephony.audio.packetizer import Packetizer

FRAME_S = 0.02


class Inlet:
    """Decides which sound goes up, on a clock that starts with the first `push` or `due`.

    A chunk leaves as soon as it is complete. Until `open`, and while no sound comes, chunks of silence leave as the
    clock demands. Sound may fall `tolerance` seconds behind the clock before silence is filled in, up to the clock.

    What comes late after that puts the stream ahead of the clock. It goes up all the same; then frames without voice
    are left out until the stream is within `margin` of the clock. Frames with voice are dropped only while the stream
    is `bound` seconds ahead, or as much waits to be fetched. Formats other than PCMU bring their own `voiced`.
    """

    def __init__(
        self,
        chunk_bytes: int,
        frame_silence: bytes,
        *,
        tolerance: float = 0.2,
        margin: float = 0.04,
        bound: float = 5.0,
        voiced: Callable[[bytes], bool] | None = None,
    ) -> None:
        self._chunk = chunk_bytes
        self._silence = frame_silence
        self._rate = len(frame_silence) / FRAME_S
        self._tolerance = tolerance
        self._margin = margin
        self._bound = bound
        self._voiced = voiced or _pcmu_voice()
        self._frames = Packetizer(len(frame_silence))
        self._held = bytearray()
        self._supplied = 0
        self._start: float | None = None
        self._open = False
        self._flowing = False
        self.filled_ms = 0.0
        """Silence filled in since `open` because no sound came."""
        self.skipped_ms = 0.0
        """Sound without voice that was left out to catch up with the clock."""
        self.dropped_ms = 0.0
        """Voice that was dropped because the stream was too far ahead."""

    def open(self) -> None:
        """People are connected: from now on what is pushed goes up."""
        self._open = True

    def push(self, audio: bytes, now: float) -> None:
        """Sound from the leg, any length. Ignored until `open`."""
        start = self._begun(now)
        if not (self._open and audio):
            return
        self._flowing = True
        for frame in self._frames.push(audio):
            self._take(frame, now - start)

    def due(self, now: float) -> list[bytes]:
        """The chunks that leave now, in order."""
        start = self._begun(now)
        if now >= self._deadline(start):
            self._fill(now - start)
        whole = len(self._held) - len(self._held) % self._chunk
        chunks = [bytes(self._held[at : at + self._chunk]) for at in range(0, whole, self._chunk)]
        del self._held[:whole]
        return chunks

    def next_due(self) -> float:
        """When `due` has something next, at the latest; minus infinity: at once."""
        if self._start is None or len(self._held) >= self._chunk:
            return -math.inf
        return self._deadline(self._start)

    def _begun(self, now: float) -> float:
        if self._start is None:
            self._start = now
        return self._start

    def _deadline(self, start: float) -> float:
        """When the chunk in the making has to be filled up with silence."""
        end = (self._supplied // self._chunk + 1) * self._chunk
        return start + end / self._rate + (self._tolerance if self._flowing else 0.0)

    def _take(self, frame: bytes, elapsed: float) -> None:
        voiced = self._voiced(frame)
        ahead = self._supplied / self._rate - elapsed
        unfetched = len(self._held) / self._rate
        if ahead > (self._bound if voiced else self._margin) or unfetched > self._bound:
            self._leave_out(voiced)
            return
        self._held += frame
        self._supplied += len(frame)

    def _leave_out(self, voiced: bool) -> None:
        if voiced:
            self.dropped_ms += FRAME_S * 1000
        else:
            self.skipped_ms += FRAME_S * 1000

    def _fill(self, elapsed: float) -> None:
        """Complete the chunk in the making, and as many more as bring the stream up to the clock."""
        behind = elapsed - self._supplied / self._rate
        if behind > self._bound and self._start is not None:
            # A machine that slept must not send hours of silence: the clock moves instead.
            self._start += behind - self._bound
            elapsed -= behind - self._bound
        whole = math.floor(elapsed * self._rate / self._chunk + 1e-6)
        size = max(whole, self._supplied // self._chunk + 1) * self._chunk - self._supplied
        self._held += (self._silence * -(-size // len(self._silence)))[:size]
        self._supplied += size
        self._flowing = False
        if self._open:
            self.filled_ms += size / self._rate * 1000


def _pcmu_voice() -> Callable[[bytes], bool]:
    tracker = VoiceTracker()
    return lambda frame: tracker.push(g711.decode(frame))
