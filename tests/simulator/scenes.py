"""Scenarios, phones and tones for tests of the simulator."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from telephony.simulator import mulaw
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import AgentPhone, Answers, End, KeyPress, Line, Pace, Scenario, Who
from telephony.simulator.talk import Talk

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token of no account"
OURS, CALLER, AGENT, SECOND = "+12025550100", "+12025550111", "+12025550122", "+12025550133"


def tone(hertz: float, seconds: float, level: float = 8000) -> bytes:
    """A tone as mu-law at 8 kHz."""
    samples = level * np.sin(2 * np.pi * hertz * np.arange(round(8000 * seconds)) / 8000)
    return mulaw.encode(samples.astype(np.int16))


def share(sound: bytes, hertz: float) -> float:
    """Which share of the sound's energy lies within 15 Hz of `hertz`, from 0 to 1; 0 for silence."""
    samples = mulaw.decode(sound).astype(np.float64)
    power = np.abs(np.fft.rfft(samples)) ** 2
    near = np.abs(np.fft.rfftfreq(samples.size, 1 / 8000) - hertz) < 15
    return float(power[near].sum() / power.sum()) if samples.any() else 0.0


def loud_seconds(sound: bytes) -> float:
    """How many seconds of it are not silent, by frames of 20 ms."""
    samples = mulaw.decode(sound[: len(sound) // 160 * 160]).reshape(-1, 160).astype(np.float64)
    return float((np.abs(samples).max(axis=1) > 500).sum() * 0.02)


def line(ident: str, who: Who, at: float) -> Line:
    return Line(ident, who, at, "words", "their translation", Path("said.wav"), Path("spoken.wav"))


def scenario(**changes: Any) -> Scenario:
    """Nobody says or presses anything, one agent accepts at once, nobody hangs up."""
    plain = Scenario(
        folder=Path(),
        title="A call",
        summary="Of a test.",
        caller_language="es",
        caller_number=CALLER,
        agent_language="en",
        languages=("en", "es"),
        agents=(AgentPhone(AGENT, 0.0, Answers.ACCEPTS),),
        keys=(),
        lines=(),
        end=End(Who.CALLER),
        pace=Pace(),
        expected_end="caller-hung-up",
    )
    return dataclasses.replace(plain, **changes)


def caller(scene: Scenario, spoken: dict[str, bytes] | None = None) -> Phone:
    return Phone(Who.CALLER, scene, spoken or {})


def agent(scene: Scenario, spoken: dict[str, bytes] | None = None, place: int = 0) -> Phone:
    return Phone(Who.AGENT, scene, spoken or {}, agent=scene.agents[place])


def talk(scene: Scenario, spoken: dict[str, bytes] | None = None) -> Talk:
    """The phones of the scene."""
    return Talk(caller(scene, spoken), [agent(scene, spoken, place) for place in range(len(scene.agents))])


def press(
    who: Who,
    digits: str,
    gather: int | None = None,
    after: float = 0.0,
    at: float | None = None,
    sounds: bool = False,
) -> KeyPress:
    return KeyPress(who, digits, gather, after, at, sounds)
