"""What goes down to a phone: the interpreter, and beneath it the speaker, in exact 20 ms frames at their own times.

Twilio plays what it gets at once and in order and keeps a buffer of its own (twilio.com/docs/voice/media-streams), so
a frame is best sent a little before it is to be heard: by `lead`. Nothing is sent while there is nothing to say.

- `push` is what the interpreter says. It comes in lumps, is heard in its order and to its last word (`spoken`), and is
  what `backlog`, marks and `underruns` are about. Where there is nothing else it leaves bit for bit.
- `original` is what the speaker says, frame by frame as it comes, whether it is to be heard or not. It is never queued
  behind the interpreter: what is heard of it is DELAY old (`original`), and how loud it is depends on whether the
  interpreter is to be heard at that moment (`beneath`). What comes too late of it is left out, and no mark waits for
  it.
- While either flows, all sound is on one grid of 20 ms: the interpreter begins at the frame nearest to its own time.
  A frame in which both sound waits for the speaker no longer than until GUARD before it is to be heard.
"""

import math
from dataclasses import dataclass, field

from telephony.audio.beneath import Beneath
from telephony.audio.pace import FASTEST
from telephony.audio.spoken import EARLY, FRAME_S, Spoken

__all__ = ["FRAME_S", "Frame", "Mark", "Playout"]

GUARD = 0.02
"""Seconds before a frame is to be heard at which the speaker's part of it is given up."""


@dataclass(frozen=True, slots=True)
class Frame:
    """20 ms of PCMU to send: 160 bytes."""

    audio: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark to send: everything before it has been sent."""

    name: str


class Playout:
    """The queue in front of one phone. All times are seconds of the one monotonic clock that `now` is read from.

    The phone is taken to run dry when a frame is sent later than it was to be heard. The rest of what flows is then
    heard that much later, too.
    """

    def __init__(
        self,
        *,
        lead: float = 0.06,
        cushion: float = 0.08,
        pause: float = 0.4,
        bound: float = 30.0,
        fastest: float = FASTEST,
    ) -> None:
        self.lead = lead
        """How many seconds before it is to be heard a frame is sent."""
        self._spoken = Spoken(lead=lead, cushion=cushion, pause=pause, bound=bound, fastest=fastest)
        self._beneath = Beneath()
        self._flowing = False
        """Whether frame follows frame whatever the interpreter does."""

    def push(self, pcmu: bytes, now: float) -> None:
        """Sound of any length to be heard after what is held."""
        self._spoken.push(pcmu, now)

    def original(self, pcmu: bytes, now: float) -> None:
        """What has just come from the speaker, 20 ms: to be called with every frame, in every setting.

        It is from these frames alone that the comfort sound is decided.
        """
        self._beneath.hear(pcmu, now)

    def mark(self, label: str) -> str:
        """Set a mark behind what is held of the interpreter; returns the name that it has on the wire."""
        return self._spoken.held.marks.add(label)

    def is_current(self, name: str) -> bool:
        """Whether a mark that came back was set since the last `clear`."""
        return self._spoken.held.marks.is_current(name)

    def due(self, now: float) -> list[Frame | Mark]:
        """What leaves now, in order."""
        marks = self._spoken.held.marks
        items: list[Frame | Mark] = [Mark(name) for name in marks.due()]
        while (moment := self._moment()) is not None and moment <= now + EARLY:
            items += [Frame(audio) for audio in self._step(now)]
            if marks.ready:
                items += [Mark(name) for name in marks.due()]
        return items

    def next_due(self) -> float | None:
        """When `due` will have something next, minus infinity for at once; None: not before the next sound comes."""
        return -math.inf if self._spoken.held.marks.ready else self._moment()

    def backlog(self, now: float) -> float:
        """Seconds until the last of what the interpreter said has been heard; 0 where nothing of it is held."""
        return max(0.0, self._spoken.end() - now) if self._spoken.held else 0.0

    def clear(self) -> None:
        """Drop all that is held, marks too, and begin a new epoch. For when the phone's own buffer is cleared."""
        self._spoken.clear()
        self._beneath.clear()
        self._flowing = False

    @property
    def direct(self) -> bool:
        """Whether nobody interprets: the speaker is heard at full level, bit for bit but for what `push` adds."""
        return self._beneath.direct

    @direct.setter
    def direct(self, direct: bool) -> None:
        self._beneath.direct = direct

    @property
    def original_under(self) -> float | None:
        """dB of the speaker's voice while the interpreter is to be heard; None: it is never heard but in `direct`."""
        return self._beneath.under

    @original_under.setter
    def original_under(self, decibels: float | None) -> None:
        self._beneath.under = decibels

    @property
    def original_alone(self) -> float:
        """dB of the speaker's voice while the interpreter is not to be heard; unused where `original_under` is None."""
        return self._beneath.alone

    @original_alone.setter
    def original_alone(self, decibels: float) -> None:
        self._beneath.alone = decibels

    @property
    def comfort(self) -> bool:
        """Whether a quiet sound tells that a translation is coming (`comfort`)."""
        return self._beneath.comfort.enabled

    @comfort.setter
    def comfort(self, enabled: bool) -> None:
        self._beneath.comfort.enabled = enabled

    @property
    def tempo(self) -> float:
        """The speed of the interpreter that the listener wishes, 0.8 to 1.3 (`pace`)."""
        return self._spoken.pace.tempo

    @tempo.setter
    def tempo(self, wish: float) -> None:
        self._spoken.pace.tempo = wish

    @property
    def unplayed(self) -> float:
        """Seconds of sound beyond the lead that wait at the carrier, as far as its marks tell. For who reads them."""
        return self._spoken.unplayed

    @unplayed.setter
    def unplayed(self, seconds: float) -> None:
        self._spoken.unplayed = seconds

    @property
    def underruns(self) -> int:
        """Times the queue of the interpreter ran dry inside sound."""
        return self._spoken.underruns

    @property
    def late(self) -> int:
        """Times `due` was called so late that the phone ran dry, whoever was to be heard."""
        return self._spoken.late

    @property
    def dropped_ms(self) -> float:
        """Sound of the interpreter that was refused because too much was held."""
        return self._spoken.dropped_ms

    @property
    def trimmed_ms(self) -> float:
        """Silence that was left out of pauses."""
        return self._spoken.trimmed_ms

    @property
    def stretched_ms(self) -> float:
        """How much shorter speech became because it was sped up."""
        return self._spoken.stretched_ms

    @property
    def slowed_ms(self) -> float:
        """How much longer speech became because the listener wished it slower."""
        return self._spoken.slowed_ms

    @property
    def original_dropped_ms(self) -> float:
        """Sound of the speaker that was left out because it came too late, in too large a bunch."""
        return self._beneath.original.dropped_ms

    @property
    def original_gaps(self) -> int:
        """Times the speaker's sound was missing in the middle."""
        return self._beneath.original.gaps

    def _moment(self) -> float | None:
        """When the next frame leaves, or is given up waiting for."""
        if self._flowing:
            spoken = self._spoken.until - (0.0 if self._spoken.wanting() else self.lead)
            return max(spoken, self._spoken.until - (self.lead if self._beneath.ready else GUARD))
        moment = self._spoken.moment()
        begins = self._begins()
        return moment if begins is None else begins if moment is None else min(begins, moment)

    def _begins(self) -> float | None:
        """When the first frame of what is not the interpreter leaves; None: it joins a run, or is not there."""
        if self._spoken.running or (begins := self._beneath.begins) is None:
            return None
        return max(begins, self._spoken.until - self.lead)

    def _step(self, now: float) -> list[bytes]:
        """Deal with one frame whose moment has come; returns what is to be sent."""
        if not self._flowing and (begins := self._begins()) is not None:
            self._flow(begins, now)
        if self._flowing and not self._spoken.join():
            return self._aside(now)
        frames = self._spoken.step(now)
        return frames if self._beneath.absent else self._mixed(frames, now)

    def _flow(self, begins: float, now: float) -> None:
        """Let what is not the interpreter begin, if it is the first to."""
        moment = self._spoken.moment()
        if moment is None or begins <= moment:
            self._spoken.wait(now)
            self._flowing = True

    def _mixed(self, frames: list[bytes], now: float) -> list[bytes]:
        """Frames of the interpreter with what is beneath them."""
        mixed = [self._beneath.mix(frame, now) for frame in frames]
        self._flowing = self._beneath.flowing
        return [frame for frame in mixed if frame is not None]

    def _aside(self, now: float) -> list[bytes]:
        """A frame without the interpreter, or the end of the flow."""
        frame = self._beneath.mix(None, now)
        self._flowing = self._beneath.flowing
        if frame is None:
            return []
        self._spoken.stand_aside(now)
        return [frame]
