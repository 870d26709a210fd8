"""What comes from a telephone line, put right as far as that can be; what was wrong with it is counted. PURE

A line is to give one message of 20 ms every 20 ms, numbered from 1, with the milliseconds since the stream began
(twilio.com/docs/voice/media-streams/websocket-messages: `chunk`, `timestamp`; captured timestamps are a millisecond or
two off that grid). Order is put right, doubles go, short holes become silence, an offset is taken out. Time is not
touched: sound that stops, bunches or comes too fast or too slow is the inlet's to even out, and only counted here.
"""

from dataclasses import asdict, dataclass

from telephony.audio import g711
from telephony.audio.line_order import Order
from telephony.audio.line_pace import Arrivals, Rate
from telephony.audio.line_sound import LineSound

MOST_FILLED = 1600
"""Bytes (200 ms) of a hole that are filled in with silence. A longer one the inlet fills, going by its clock."""


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One leg's line so far: milliseconds of its sound, counts of its messages."""

    heard_ms: float = 0.0
    """Sound that was used."""
    lost: int = 0
    """Messages that never came, or too late."""
    late: int = 0
    """Those of them that came too late, and were left out."""
    out_of_order: int = 0
    """Messages that came after a later one, and were put back into their place."""
    doubled: int = 0
    """Messages that came again, and were left out."""
    renumbered: int = 0
    """How often the far end began to count anew."""
    stops: int = 0
    """Times at which nothing came for 0.3 s or longer."""
    stopped_ms: float = 0.0
    bunches: int = 0
    """Times at which three messages or more came at once."""
    largest_bunch: int = 0
    """Messages in the largest of them."""
    rate: float = 1.0
    """Seconds of sound a second: of those measured over 10 s, the one furthest from 1."""
    stamped_rate: float = 1.0
    """Seconds of sound in a second by the messages' own timestamps, likewise."""
    off_rate_ms: float = 0.0
    """For how long either was wrong by more than a hundredth."""
    offset_ms: float = 0.0
    """Sound from which an offset (DC) was taken."""
    clipped_ms: float = 0.0
    """Sound that was cut off at the largest value."""
    zeros_ms: float = 0.0
    """Sound of one and the same value, for a second or longer."""
    blanked_ms: float = 0.0
    """Tones of keys that were made silent (`dtmf`)."""

    @property
    def troubled(self) -> bool:
        """Whether anything was wrong; the tone of a key is not."""
        counts = (self.lost, self.out_of_order, self.doubled, self.renumbered, self.stops, self.bunches)
        return any(counts) or any((self.off_rate_ms, self.offset_ms, self.clipped_ms, self.zeros_ms))

    def plus(self, later: "LineFigures") -> "LineFigures":
        """Of this stream and a later one of the same leg."""
        mine, theirs = asdict(self), asdict(later)
        both = {name: mine[name] + theirs[name] for name in mine if name not in _NOT_ADDED}
        worst = {name: max(mine[name], theirs[name], key=lambda rate: abs(rate - 1)) for name in _NOT_ADDED[1:]}
        return LineFigures(**both, **worst, largest_bunch=max(self.largest_bunch, later.largest_bunch))


_NOT_ADDED = ("largest_bunch", "rate", "stamped_rate")


class LineCheck:
    """One stream of PCMU at 8 kHz. What it keeps is bounded by `Order`, `Rate` and `LineSound`."""

    def __init__(self) -> None:
        self._order = Order()
        self._arrivals = Arrivals()
        self._clock = Rate()
        self._stamps = Rate()
        self._sound = LineSound()
        self._heard = 0
        self._position = 0
        """Bytes of sound, those that were lost among them."""

    def push(self, audio: bytes, chunk: int, timestamp_ms: int, now: float) -> list[bytes]:
        """The sound to use now, in order: nothing while a message is waited for (60 ms at most) or comes again."""
        if self._arrivals.push(now):
            self._clock.forget()
        pieces = [piece for piece in self._order.push(audio, chunk) if piece[1]]
        sounds = [self._sound_of(missing, sound) for missing, sound in pieces]
        if pieces:
            self._clock.push(self._position / 8000, now)
            self._stamps.push(self._position / 8000, timestamp_ms / 1000)
        return sounds

    def figures(self, now: float) -> LineFigures:
        """Everything so far; a stop that still lasts counts."""
        order, arrivals, sound = self._order, self._arrivals, self._sound
        stopping = arrivals.stopping_ms(now)
        return LineFigures(
            heard_ms=self._heard / 8,
            lost=order.lost,
            late=order.late,
            out_of_order=order.out_of_order,
            doubled=order.doubled,
            renumbered=order.renumbered,
            stops=arrivals.stops + (stopping > 0),
            stopped_ms=round(arrivals.stopped_ms + stopping, 1),
            bunches=arrivals.bunches,
            largest_bunch=arrivals.largest_bunch,
            rate=round(self._clock.worst, 4),
            stamped_rate=round(self._stamps.worst, 4),
            off_rate_ms=max(self._clock.off_ms, self._stamps.off_ms),
            offset_ms=sound.offset_ms,
            clipped_ms=sound.clipped_ms,
            zeros_ms=sound.zeros_ms,
        )

    def _sound_of(self, missing: int, audio: bytes) -> bytes:
        """A message put right, with the silence of a short hole before it."""
        hole = missing * len(audio)
        self._heard += len(audio)
        self._position += hole + len(audio)
        filled = g711.SILENCE * hole if hole <= MOST_FILLED else b""
        return filled + self._sound.push(audio)
