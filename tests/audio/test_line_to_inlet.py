"""From a bad line to a session: numbered frames in, and what a session would be sent, against the clock."""

from dataclasses import dataclass
from itertools import groupby

import pytest

from telephony.audio import g711
from telephony.audio.incoming import IncomingLine
from telephony.audio.inlet import Inlet
from telephony.audio.silence import is_silent
from telephony.simulator.line_fault import LineFault, LineKind
from telephony.simulator.line_faults import FaultyLine

MINUTE = 60.0
FIRST = 0x90
"""The loudest code that is used; 48 below it are."""


def numbered(number: int) -> bytes:
    """20 ms of sound that tells its number, up to 2303; its mean is zero."""
    one, other = FIRST + number % 48, FIRST + number // 48
    return bytes([one, one ^ 0x80, other, other ^ 0x80]) * 40


def number_of(frame: bytes) -> int | None:
    """The number of a frame; None of silence, and of one that is torn."""
    known = (frame[0] - FIRST) + 48 * (frame[2] - FIRST)
    return known if 0 <= known < 48 * 48 and frame == numbered(known) else None


@dataclass
class Fed:
    """What a session was sent of a minute: in chunks of 100 ms, and the line."""

    sound: bytes
    line: IncomingLine
    behind: float
    """By how much the sound was ever older or younger than the clock, seconds."""

    @property
    def frames(self) -> list[bytes]:
        return [self.sound[at : at + 160] for at in range(0, len(self.sound), 160)]

    @property
    def numbers(self) -> list[int]:
        """The numbers that were heard whole, each stretch of one frame once."""
        heard = (number_of(frame) for frame in self.frames if not is_silent(frame))
        return [number for number, _ in groupby(heard) if number is not None]


def fed(*faults: LineFault, talks: bool = True) -> Fed:
    """A minute of a talk of four seconds' speech and a second's pause, through a line, into an inlet."""
    broken: FaultyLine[tuple[int, bytes]] = FaultyLine(faults)
    line, inlet, sound = IncomingLine(), Inlet(800, g711.SILENCE * 160), bytearray()
    line.begin()
    inlet.open()
    chunk, worst = 0, 0.0
    for tick in range(round(MINUTE / 0.02)):
        now = tick * 0.02
        speaks = talks and tick % 250 < 200
        sent = []
        for frame in broken.sound(numbered(tick % 2304) if speaks else b"\xff\x7f" * 80, now):
            chunk += 1
            sent.append((chunk, frame))
        for number, frame in broken.order(sent, now):
            for ready in line.audio(frame, number, 20 * number, now):
                inlet.push(ready, now)
        sound += b"".join(inlet.due(now))
        worst = max(worst, abs(len(sound) / 8000 - now))
    return Fed(bytes(sound), line, worst)


SPOKEN = [tick % 2304 for tick in range(3000) if tick % 250 < 200]


@pytest.mark.parametrize(
    "fault",
    [
        LineFault(LineKind.DOUBLED, every=2),
        LineFault(LineKind.SWAPPED, every=2),
        LineFault(LineKind.BUNCHES, size=5),
        LineFault(LineKind.ZEROS, at=4.0, lasts=1.0),
    ],
    ids=lambda fault: fault.kind.value,
)
def test_every_frame_reaches_the_session_once_and_in_order(fault: LineFault) -> None:
    found = fed(fault)
    assert found.numbers[: len(SPOKEN) - 10] == SPOKEN[: len(SPOKEN) - 10]
    assert len(found.sound) / 8000 == pytest.approx(MINUTE - 0.02, abs=0.1)


def test_lost_frames_leave_silence_of_their_length_and_the_rest_is_heard() -> None:
    found = fed(LineFault(LineKind.LOST, every=10))
    lost = {tick % 2304 for tick in range(3000) if (tick + 1) % 10 == 0}
    there = [number for number in SPOKEN if number not in lost]
    assert set(found.numbers) >= set(there[:-10])
    assert found.line.figures(MINUTE).lost == pytest.approx(300, abs=2)
    assert len(found.sound) / 8000 == pytest.approx(MINUTE - 0.02, abs=0.1)


@pytest.mark.parametrize(
    "fault",
    [
        LineFault(LineKind.RATE, rate=0.9),
        LineFault(LineKind.RATE, rate=0.98),
        LineFault(LineKind.RATE, rate=1.02),
        LineFault(LineKind.STOPS, at=7.0, lasts=3.0),
        LineFault(LineKind.STOPS, at=7.0, lasts=45.0),
        LineFault(LineKind.OFFSET, level=-12.0),
        LineFault(LineKind.CLIPPED, level=30.0),
        LineFault(LineKind.NOISE, level=-40.0),
        LineFault(LineKind.MUSIC, level=-20.0),
        LineFault(LineKind.ZEROS, at=20.0, lasts=10.0),
    ],
    ids=lambda fault: f"{fault.kind.value} {fault.rate if fault.kind is LineKind.RATE else fault.lasts}",
)
def test_after_a_minute_the_session_has_as_much_sound_as_the_clock_says(fault: LineFault) -> None:
    found = fed(fault)
    assert len(found.sound) / 8000 == pytest.approx(MINUTE - 0.02, abs=0.1)
    assert found.behind <= 0.4


def test_everything_at_once_is_borne() -> None:
    every = {LineKind.LOST: 7, LineKind.DOUBLED: 3, LineKind.SWAPPED: 5}
    level = {LineKind.CLIPPED: 12.0, LineKind.OFFSET: -26.0}
    kinds = [
        LineFault(kind, every=every.get(kind, 2), level=level.get(kind, -40.0))
        for kind in LineKind
        if kind not in _SILENCING
    ]
    found = fed(*kinds, LineFault(LineKind.STOPS, at=30.0, lasts=2.0), LineFault(LineKind.ZEROS, at=40.0, lasts=3.0))
    figures = found.line.figures(MINUTE)
    assert all((figures.lost, figures.doubled, figures.out_of_order, figures.bunches, figures.stops))
    assert all((figures.offset_ms, figures.zeros_ms))
    assert len(found.sound) / 8000 == pytest.approx(MINUTE - 0.02, abs=0.5)


_SILENCING = (LineKind.STOPS, LineKind.ZEROS)
