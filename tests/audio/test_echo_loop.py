"""Two speakerphones and an interpreter who translates whatever it hears: does it ever stop talking to itself?"""

from collections import deque

import pytest

from telephony.audio import g711
from telephony.audio.echo import EchoGate
from telephony.simulator.speakerphone import Loudspeaker, Speakerphone
from tests.audio.echoes import FRAME, Gate, Open, at_level, clipped, frame_powers, lines
from tests.audio.signals import from_pcm

SILENT = g711.SILENCE * FRAME
VOICED = 32768**2 * 10**-5.0
"""-50 dBFS."""


class Parrot:
    """Whatever is voiced for 100 ms is translated, a second after it ended, into a sentence of somebody else's."""

    def __init__(self, spoken: str) -> None:
        self._sentences = [g711.encode(clipped(at_level(samples, -25))) for samples in lines(spoken)]
        self._voiced = self._quiet = 0
        self._begins: deque[float] = deque(maxlen=50)
        self._left = b""
        self.said: list[float] = []
        """When each sentence began."""

    def hear(self, frame: bytes, now: float) -> None:
        if frame_powers(from_pcm(g711.decode(frame)))[0] > VOICED:
            self._voiced, self._quiet = self._voiced + 1, 0
            return
        self._quiet += 1
        if self._quiet == 15:
            if self._voiced >= 5:
                self._begins.append(now + 1.0)
            self._voiced = 0

    def speak(self, now: float) -> bytes | None:
        if not self._left and self._begins and self._begins[0] <= now:
            self._begins.popleft()
            self._left = self._sentences[len(self.said) % len(self._sentences)]
            self.said.append(now)
        frame, self._left = self._left[:FRAME], self._left[FRAME:]
        return frame.ljust(FRAME, g711.SILENCE) if frame else None


class Party:
    """A loud phone, the carrier's buffer of 100 ms, and the gate of its leg."""

    def __init__(self, setting: Speakerphone, gate: Gate) -> None:
        self._phone = Loudspeaker(setting)
        self._gate = gate
        self._buffer: deque[bytes] = deque([SILENT] * 5)

    def pass_20_ms(self, spoken: bytes | None, voice: bytes, now: float) -> bytes:
        """What the party is told, what it says itself; returns what its interpreter hears."""
        if spoken is not None:
            self._gate.heard(spoken, now)
        self._buffer.append(spoken or SILENT)
        self._phone.play(self._buffer.popleft(), now)
        return self._gate.said(self._phone.pick_up(voice, now - 0.02), now)


def sentences_in_a_minute(caller_gate: Gate, agent_gate: Gate, caller_db: float, agent_db: float) -> list[float]:
    """One sentence is said at the start; when each translation of something began."""
    caller = Party(Speakerphone(caller_db, 180), caller_gate)
    agent = Party(Speakerphone(agent_db, 320), agent_gate)
    into_english, into_spanish = Parrot("clinic-appointment/c*.en.wav"), Parrot("clinic-appointment/a*.es.wav")
    opening = g711.encode(clipped(at_level(lines("clinic-appointment/c1.es.wav")[0], -22)))
    for place in range(60 * 50):
        now = 10 + place * 0.02
        voice = opening[place * FRAME : (place + 1) * FRAME].ljust(FRAME, g711.SILENCE)
        from_caller = caller.pass_20_ms(into_spanish.speak(now), voice, now)
        from_agent = agent.pass_20_ms(into_english.speak(now), SILENT, now)
        into_english.hear(from_caller, now)
        into_spanish.hear(from_agent, now)
    return sorted(at - 10 for at in (*into_english.said, *into_spanish.said))


def test_without_the_gate_it_goes_on_for_ever() -> None:
    said = sentences_in_a_minute(Open(), Open(), -12, -16)
    assert len(said) >= 8
    assert said[-1] > 45


@pytest.mark.parametrize("levels", [(-10, -10), (-12, -16), (-20, -25), (-30, -11), (-15, -10)])
def test_with_the_gate_only_what_was_said_is_translated(levels: tuple[float, float]) -> None:
    assert sentences_in_a_minute(EchoGate(), EchoGate(), *levels) == sentences_in_a_minute(Open(), Open(), -90, -90)


def test_one_gate_is_enough_to_end_it() -> None:
    assert sentences_in_a_minute(EchoGate(), Open(), -12, -16)[-1] < 30
