"""The sounds in what each party heard, told apart: the interpreter's, the other party's own voice, the tones."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from telephony.audio import g711, silence
from telephony.audio.tones import attention
from telephony.replay.evidence import Evidence
from telephony.replay.likeness import Searched, Sound
from telephony.replay.own_voice import NOWHERE, Gains, gains_at, level_alone, level_under, own_voice, unheard
from telephony.replay.passages import FRAME, Passages
from telephony.simulator.scenario import Scenario, Who

RATE = 8000

LEAST = 0.16
"""The factor (-16 dB) from which a voice counts as heard that is to be heard directly: what is told in between has it
at -12 dB."""

BEEP_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class VoiceHeard:
    """What the listener heard of a line in its speaker's own voice. `at`: when it was first heard, None: never; `lost`:
    seconds of it that could not be heard, counted from where it is to be heard directly; `alone` and `under`: dB
    against what was said, where the interpreter was silent and where it spoke over it (None: too little to measure)."""

    at: float | None
    lost: float
    alone: float | None
    under: float | None


def may_be_heard(scenario: Scenario) -> bool:
    """Whether any of the two is to be heard in their own voice."""
    return scenario.original_voice is not None or any(line.direct is not None for line in scenario.lines)


class Voices:
    """What one party heard. `rest` is that without the other party's own voice, where this may be heard in the call."""

    def __init__(self, evidence: Evidence, who: Who) -> None:
        self._origin = evidence.origin
        self._said, self._heard = decoded(evidence.said[who.other]), decoded(evidence.heard[who])
        self._voice = own_voice(self._said, self._heard) if may_be_heard(evidence.scenario) else None
        self.rest = self._heard - self._voice.sound if self._voice else self._heard
        self._interpreter = np.zeros_like(self._heard)

    def spoken(self, translation: Sound, heard: Passages) -> None:
        """This translation is in it, at these places."""
        for hearing in heard.hearings:
            for frame in np.flatnonzero(hearing != NOWHERE):
                part, place = translation[frame * FRAME : (frame + 1) * FRAME], int(hearing[frame])
                room = self._interpreter[place : place + FRAME]
                factor = float(self._heard[place : place + FRAME] @ part[: room.size]) / max(float(part @ part), 1.0)
                room[:] = factor * part[: room.size]

    def of_line(self, said_at: float, ended: float, direct: float | None) -> VoiceHeard | None:
        """The other party's own voice between two moments, to be heard directly from `direct` seconds on."""
        if self._voice is None:
            return None
        first, last = (round((at - self._origin) * RATE) for at in (said_at, ended))
        begins = first if direct is None else min(last, first + round(direct * RATE))
        sounds = self._said, self._heard, self._interpreter, self._voice.places
        return VoiceHeard(
            self._first_heard(first, last),
            unheard(self._said, self._gains, (begins, last), LEAST),
            level_alone(*sounds, (begins, last)),
            level_under(*sounds, (first, last)),
        )

    def tones(self) -> list[tuple[float, float]]:
        """From when to when each beep was heard of those that say: from here on the line is another one."""
        beep = _beep()
        places = Searched(self.rest, 0, self.rest.size, beep.size).places(beep, BEEP_ALIKE, beep.size)
        begins = [self._origin + place / RATE for place in places]
        return [(begin, begin + beep.size / RATE) for begin in begins]

    @cached_property
    def _gains(self) -> Gains:
        """The factor of each 20 ms of what the other party said, once all that the interpreter said is known."""
        assert self._voice is not None
        return gains_at(self._said, self._heard - self._interpreter, self._voice.places)

    def _first_heard(self, first: int, last: int) -> float | None:
        assert self._voice is not None
        frames = slice(first // FRAME, -(-last // FRAME))
        loud = np.flatnonzero(self._gains[frames] >= LEAST)
        return self._origin + int(self._voice.places[frames][loud[0]]) / RATE if loud.size else None


def decoded(pcmu: bytes) -> Sound:
    """PCMU as samples in the 16-bit range."""
    return np.frombuffer(g711.decode(pcmu), dtype="<i2").astype(np.float32)


@cache
def _beep() -> Sound:
    sound = attention()
    return decoded(sound[: silence.runs(sound)[0][0]])


def any_within(at: float, stretches: Iterable[tuple[float, float]], slack: float) -> bool:
    """Whether a moment lies in one of these stretches, or `slack` seconds beside it."""
    return any(began - slack <= at <= ended + slack for began, ended in stretches)
