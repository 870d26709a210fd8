"""Say, Play and Pause: how long they take and what is heard of them.

Say is no sound here: the phone is told the text, and its line is silent for as long as a voice would take. A played
file is heard where it is 8 kHz mu-law or a mono WAV file at 8 kHz; other sound is silent for its estimated length.
"""

import math
from dataclasses import dataclass, field

from telephony.simulator.carrier.clip import Clip, clip_of
from telephony.simulator.carrier.exchange import SAY_SECONDS
from telephony.simulator.carrier.request import Reply
from telephony.simulator.carrier.verbs import Pause, Play, Prompt, Say


@dataclass(frozen=True, slots=True)
class Prompting:
    """One verb as it is performed: for how many seconds, with which sound."""

    verb: Prompt
    seconds: float
    sound: bytes = field(default=b"", repr=False)

    def frame(self, offset: float) -> bytes:
        """The 160 bytes heard `offset` seconds into it, fewer or none where there is no sound."""
        place = round(offset * 8000) % len(self.sound) if self.sound else 0
        return self.sound[place : place + 160]


def prompting(verb: Prompt, say_speed: float, reply: Reply | None = None) -> Prompting:
    """`reply` is the file of a Play that has one."""
    if isinstance(verb, Pause):
        return Prompting(verb, verb.length)
    if isinstance(verb, Say):
        return Prompting(verb, _repeated(len(verb.text) * SAY_SECONDS * say_speed, verb.loop))
    clip = clip_of(reply) if reply else Clip(_tones_seconds(verb))
    return Prompting(verb, _repeated(clip.seconds, verb.loop), clip.sound)


def _tones_seconds(play: Play) -> float:
    """A quarter of a second a key; `w` waits half a second, `W` a whole one (twilio.com/docs/voice/twiml/play)."""
    return sum({"w": 0.5, "W": 1.0}.get(key, 0.25) for key in play.digits or "")


def _repeated(seconds: float, loop: int) -> float:
    """A loop of 0 goes on until the call ends."""
    return seconds * loop if loop else math.inf
