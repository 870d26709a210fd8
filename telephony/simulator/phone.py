"""One person with a telephone: speaks a scenario's lines, presses keys, hangs up, and keeps what was said and heard.

PURE: `now` is a parameter (seconds on one clock), sound is frames of 160 bytes of mu-law. Whoever carries the phone (a
carrier over sockets, or one in memory and virtual time) says what happens to it and asks what it does.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from telephony.simulator.key_sounds import KeySounds
from telephony.simulator.manners import Manners, manners_of
from telephony.simulator.scenario import AgentPhone, KeyPress, Line, Scenario, Who
from telephony.simulator.speakerphone import Loudspeaker
from telephony.simulator.tape import Tape

LINE_NOISE = bytes([0xFF, 0x7F] * 80)
"""20 ms of a quiet line as a telephone network carries it: plus and minus zero by turns."""

_BETWEEN_KEYS = 0.25
"""Seconds between two keys of one press."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the carrier itself said to this phone (a TwiML Say)."""

    text: str = field(repr=False)
    language: str
    voice: str
    at: float


@dataclass(frozen=True, slots=True)
class LineEvent:
    """A line of the scenario began to be said, or (`over`) was said to its end."""

    line: str
    at: float
    over: bool


class Phone:
    """`spoken` has the mu-law recording of each of this party's lines; `agent` is the agents' phone it is, if any."""

    def __init__(
        self, who: Who, scenario: Scenario, spoken: Mapping[str, bytes], *, agent: AgentPhone | None = None
    ) -> None:
        self.who = who
        self.number = agent.number if agent else scenario.caller_number
        self.manners: Manners = manners_of(who, scenario, agent)
        self.told_log: list[Told] = []
        self.said = Tape()
        self.heard = Tape()
        self._spoken = spoken
        self._waiting: deque[Line] = deque(sorted((s for s in scenario.lines if s.who is who), key=lambda s: s.at))
        self._voice = bytearray()
        self._line: Line | None = None
        self._events: list[LineEvent] = []
        self._keys: list[tuple[float, str]] = []
        self._key_sounds = KeySounds()
        speakerphone = scenario.speakerphones.get(who)
        self._loudspeaker = Loudspeaker(speakerphone) if speakerphone else None
        self._words: list[tuple[float, str]] = []
        self._talk: float | None = None
        self._leaves: float | None = None

    # What happens to the phone.

    def answered(self, now: float) -> None:
        """Somebody (or something) picked up."""
        self._leave(now, self.manners.leaves_after_answer)

    def asked(self, gather: int, now: float) -> None:
        """The carrier asks for keys or words; `gather` counts this phone's questions from 1."""
        for press in self.manners.keys:
            if press.gather == gather:
                self._press(press, now + press.after)
        for words in self.manners.words:
            if words.gather == gather:
                self._words.append((now + words.after, words.text))
        self._leave(now, self.manners.leaves_after_question)

    def told(self, text: str, language: str, voice: str, now: float) -> None:
        """The carrier speaks to this phone. Kept as text; it is no sound on the line."""
        self.told_log.append(Told(text, language, voice, now))

    def ringback_began(self, now: float) -> None:
        """This party waits on the line while the other's phone rings."""
        if self._talk is None:
            self._leave(now, self.manners.leaves_after_ringback)

    def talk_began(self, now: float) -> None:
        """Both parties are connected: the scenario's clock starts."""
        self._talk = now
        self._leaves = None
        self._leave(now, self.manners.leaves_after_talk)
        for press in self.manners.keys:
            if press.at is not None:
                self._press(press, now + press.at)

    def hear(self, frame: bytes, now: float) -> None:
        """20 ms that this party hears, beginning at `now`."""
        self.heard.add(frame, now)
        if self._loudspeaker:
            self._loudspeaker.play(frame, now)

    def talking(self, now: float) -> float | None:
        """Seconds into the talk; None before it."""
        return None if self._talk is None else now - self._talk

    # What the phone does.

    def frame(self, now: float) -> bytes:
        """The 20 ms this party says from `now` on."""
        self._begin_line(now)
        taken = bytes(self._voice[: len(LINE_NOISE)])
        del self._voice[: len(LINE_NOISE)]
        if self._line and not self._voice:
            self._events.append(LineEvent(self._line.id, now + len(taken) / 8000, over=True))
            self._line = None
        frame = self._key_sounds.over(taken + LINE_NOISE[len(taken) :], now)
        if self._loudspeaker:
            frame = self._loudspeaker.pick_up(frame, now)
        self.said.add(frame, now)
        return frame

    def keys_due(self, now: float) -> str:
        """The keys pressed since this was asked last."""
        return "".join(_due(self._keys, now))

    def words_due(self, now: float) -> str:
        """What was answered in words to a spoken question since this was asked last."""
        return " ".join(_due(self._words, now))

    def hangs_up(self, now: float) -> bool:
        """Whether this party hangs up by now."""
        return self._leaves is not None and now >= self._leaves

    def line_events(self) -> list[LineEvent]:
        """Lines begun and ended since this was asked last."""
        events, self._events = self._events, []
        return events

    # What it keeps.

    def recording_said(self, origin: float, until: float) -> bytes:
        """What this party said from `origin` to `until`, mu-law at 8 kHz."""
        return self.said.between(origin, until)

    def recording_heard(self, origin: float, until: float) -> bytes:
        """What this party heard from `origin` to `until`, mu-law at 8 kHz."""
        return self.heard.between(origin, until)

    def _leave(self, now: float, after: float | None) -> None:
        if after is not None:
            self._leaves = now + after

    def _press(self, press: KeyPress, at: float) -> None:
        for place, digit in enumerate(press.digits):
            self._keys.append((at + place * _BETWEEN_KEYS, digit))
            if press.sounds:
                self._key_sounds.press(digit, at + place * _BETWEEN_KEYS)
        self._keys.sort()

    def _begin_line(self, now: float) -> None:
        """Start the next line when its time has come and the one before has been said."""
        if self._talk is None or self._line or not self._waiting or now < self._talk + self._waiting[0].at:
            return
        self._line = self._waiting.popleft()
        self._voice = bytearray(self._spoken[self._line.id])
        self._events.append(LineEvent(self._line.id, now, over=False))


def _due(waiting: list[tuple[float, str]], now: float) -> list[str]:
    """Take from `waiting`, which is in order of time, what has come due."""
    due = [what for at, what in waiting if at <= now]
    waiting[:] = [(at, what) for at, what in waiting if at > now]
    return due
