"""Keeping what two say to each other, and what they hear, for as long as both have agreed to it.

Each was asked before (`steps.py`). Where one of the two said no, or said nothing, nothing is kept of either.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from telephony.calls.observer import Role
from telephony.calls.parties import Parties


class TalkRecording(Protocol):
    """The sound of one talk, PCMU 8 kHz. Nothing here waits or fails; `now` is when the sound came or was sent."""

    def said(self, who: Role, pcmu: bytes, now: float) -> None:
        """20 ms that came from a party's phone, without the tones of keys."""
        ...

    def heard(self, who: Role, pcmu: bytes, now: float) -> None:
        """20 ms that were sent to a party's phone."""
        ...

    def end(self) -> None:
        """Nothing more comes."""
        ...


class SoundKeeper(Protocol):
    """Where the sound of talks is kept."""

    def record(self, call: str) -> TalkRecording:
        """From now on; of a call that was recorded before, what comes goes behind that. Never waits."""
        ...


@dataclass(frozen=True, slots=True)
class LegTap:
    """On one leg."""

    recording: TalkRecording
    who: Role
    agreed: Callable[[], bool]

    def said(self, pcmu: bytes, now: float) -> None:
        if self.agreed():
            self.recording.said(self.who, pcmu, now)

    def heard(self, pcmu: bytes, now: float) -> None:
        if self.agreed():
            self.recording.heard(self.who, pcmu, now)


@contextmanager
def recorded(sounds: SoundKeeper | None, parties: Parties) -> Iterator[None]:
    """Meanwhile the talk of the two is recorded, if both have agreed and there is something to keep it."""
    legs = parties.talkers

    def agreed() -> bool:
        return len(legs) == 2 and all(leg.may_be_recorded for leg in legs)

    if sounds is None or not agreed():
        yield
        return
    recording = sounds.record(parties.call)
    for leg in legs:
        leg.tap = LegTap(recording, leg.role, agreed)
    try:
        yield
    finally:
        for leg in legs:
            leg.tap = None
        recording.end()
