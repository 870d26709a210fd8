"""Evidence made by hand from a fixture call: every line lies in the recordings at its time, its translation later."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from telephony.audio.tones import Ringback
from telephony.replay.evidence import Evidence, Recognised, Said, Spoken, Told
from telephony.simulator import mulaw, recordings
from telephony.simulator.scenario import End, Line, Scenario, Who, load

CALLS = Path(__file__).parents[2] / "fixtures" / "calls"

ORIGIN = 5000.0
MENU, RINGING, CLOSING = 4.0, 6.0, 2.0
"""Seconds: the menu from the beginning, the ringing after it, and what is told to who is left."""

TALKED = 20.0
"""Seconds of the talk in `short_call`: enough for two lines and their translations."""

SPAN = 2.2
DOWN = 0.09
"""Seconds from a message of the interpreter to its sound."""

UP = 0.13
"""Seconds from the newest sound of a chunk to the chunk's arrival at the interpreter."""

MESSAGE = 2000
"""Samples at 8 kHz of a message, 250 ms."""


def short_call(name: str = "clinic-appointment", lines: Sequence[str] = ("a1", "c1"), end: float = TALKED) -> Scenario:
    """The beginning of a fixture call, of few lines so that it is quickly measured."""
    scenario = load(CALLS / name)
    kept = tuple(line for line in scenario.lines if line.id in lines)
    return replace(scenario, lines=kept, end=End(scenario.end.who, at=end))


def evidence_of(scenario: Scenario, lost: Sequence[str] = ()) -> Evidence:
    """As if the call had been played without a fault, but that nobody heard the lines that are `lost`."""
    talk = ORIGIN + MENU + RINGING
    over = talk + (scenario.end.at or 0.0)
    until = over + CLOSING
    silence = np.zeros(round((until - ORIGIN) * recordings.RATE), np.int16)
    said, heard = ({who: silence.copy() for who in Who} for _ in range(2))
    lay(heard[Who.CALLER], ringback(1.0), MENU)
    for line in scenario.lines:
        at = talk + line.at - ORIGIN
        lay(said[line.who], recordings.read(line.recording), at, over - ORIGIN)
        if line.id not in lost:
            lay(heard[line.who.other], recordings.read(line.translated), at + SPAN, over - ORIGIN)
    return Evidence(
        scenario=scenario,
        origin=ORIGIN,
        until=until,
        said={who: mulaw.encode(sound) for who, sound in said.items()},
        heard={who: mulaw.encode(sound) for who, sound in heard.items()},
        talk_began=talk,
        talk_ended=dict.fromkeys(Who, over),
        lines=tuple(Said(line.id, talk + line.at, ended(line, talk, over)) for line in scenario.lines),
        recognised=tuple(recognised(line, talk) for line in scenario.lines),
        spoken=tuple(piece for line in scenario.lines for piece in pieces(line, talk) if piece.at < over),
        arrivals={session: arrivals(talk, over) for session in range(2)},
        told=(
            Told(Who.CALLER, ORIGIN, "Welcome to the interpreter line."),
            Told(Who.AGENT, talk - 3.0, "A caller who speaks another language. Press 1 to accept."),
            Told(Who.AGENT, over, "The other party has hung up. Goodbye."),
        ),
        underruns=dict.fromkeys(Who, 0),
        warnings=(),
        outcome=scenario.expected_end,
        left_running=(),
    )


def lay(recording: NDArray[np.int16], sound: NDArray[np.int16], at: float, until: float = 1e6) -> None:
    """Lays `sound` into `recording` from `at` seconds on, at most up to `until`."""
    place, end = (round(seconds * recordings.RATE) for seconds in (at, until))
    room = recording[place : min(end, place + sound.size)]
    room[:] = sound[: room.size]


def ringback(seconds: float) -> NDArray[np.int16]:
    tone = Ringback()
    return mulaw.decode(b"".join(tone.frame() for _ in range(round(seconds / 0.02))))


def ended(line: Line, talk: float, over: float) -> float | None:
    end = talk + line.at + recordings.read(line.recording).size / recordings.RATE
    return end if end <= over else None


def recognised(line: Line, talk: float) -> Recognised:
    """Each party's session begins with the talk."""
    return Recognised(line.id, list(Who).index(line.who), talk + line.at + 1.0, round(line.at * 16000), 0.0)


def arrivals(talk: float, over: float) -> tuple[tuple[float, int], ...]:
    """A chunk of 100 ms after the other; `samples` are those of all chunks up to it."""
    chunks = range(1, int((over - talk) * 10))
    return tuple((talk + chunk / 10 + UP, chunk * 1600) for chunk in chunks)


def pieces(line: Line, talk: float) -> list[Spoken]:
    """The interpreter's messages for a line."""
    begins = range(0, recordings.read(line.translated).size, MESSAGE)
    return [Spoken(line.id, talk + line.at + SPAN + at / recordings.RATE - DOWN, at * 3) for at in begins]
