"""The other side of a playout, in virtual time: a phone that plays what it gets at once and in order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from telephony.audio import g711
from telephony.audio.playout import Frame, Mark, Playout

FRAME_S = 0.02


@dataclass
class Phone:
    """What was heard, and when. `until` is when it runs dry."""

    until: float = 0.0
    heard: list[tuple[float, bytes]] = field(default_factory=list)
    marks: list[tuple[float, str]] = field(default_factory=list)
    furthest: float = 0.0
    """The most sound that was waiting in front of a frame when it came, in seconds."""

    def take(self, items: Iterable[Frame | Mark], now: float) -> None:
        for item in items:
            if isinstance(item, Mark):
                self.marks.append((now, item.name))
                continue
            assert len(item.audio) == 160
            self.furthest = max(self.furthest, self.until - now)
            start = max(self.until, now)
            self.heard.append((start, item.audio))
            self.until = start + FRAME_S

    @property
    def sound(self) -> bytes:
        """Every byte heard, gaps left out."""
        return b"".join(audio for _, audio in self.heard)

    @property
    def line(self) -> bytes:
        """What was on the line from time 0 on: silence where nothing was played."""
        line = bytearray()
        for start, audio in self.heard:
            line += g711.SILENCE * (round(start * 8000) - len(line)) + audio
        return bytes(line)

    def gaps(self) -> list[float]:
        """Seconds of nothing between frames, one for each time the phone ran dry and went on."""
        ends = [start + FRAME_S for start, _ in self.heard]
        starts = [start for start, _ in self.heard]
        return [start - end for end, start in zip(ends, starts[1:], strict=False) if start - end > 1e-6]


def play(
    playout: Playout,
    messages: Iterable[tuple[float, bytes]],
    until: float = 100.0,
    oversleep: Callable[[float], float] = lambda moment: 0.0,
) -> Phone:
    """Push each message at its time and ask for what is due when told to, `oversleep` seconds later."""
    phone = Phone()
    now, asleep = 0.0, 0.0
    for at, message in [*messages, (until, b"")]:
        while (moment := playout.next_due()) is not None and max(moment, asleep) < at:
            now = max(now, moment, asleep)
            phone.take(playout.due(now), now)
            moment = playout.next_due()
            asleep = moment + oversleep(moment) if moment is not None else 0.0
        now = max(now, at)
        playout.push(message, now)
    return phone
