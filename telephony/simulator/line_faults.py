"""A line between a phone and the carrier's stream that does what a fixture call says, and counts what it did. PURE

First the sound (`sound`: a frame of the phone becomes none, one or more), then the messages it has become (`order`).
Without faults both pass everything on as it is.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np

from telephony.simulator import mulaw
from telephony.simulator.line_fault import LineFault, LineKind
from telephony.simulator.line_sounds import Clock, Noise, Samples, Tune, amplitude

Message = TypeVar("Message")

_ZEROS = b"\xff"


class FaultyLine(Generic[Message]):
    """One stream of one phone. `inflicted` counts the frames of 20 ms that each kind of fault has hit."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        self.inflicted: Counter[LineKind] = Counter()
        self._faults = faults
        self._added: dict[LineFault, Noise | Tune] = {
            fault: Noise(fault.level) if fault.kind is LineKind.NOISE else Tune(fault.level)
            for fault in faults
            if fault.kind in (LineKind.NOISE, LineKind.MUSIC)
        }
        self._clocks = {fault: Clock(fault.rate) for fault in faults if fault.kind is LineKind.RATE}
        self._order: MessageOrder[Message] = MessageOrder(self.inflicted)

    def sound(self, frame: bytes, talk: float | None) -> list[bytes]:
        """What becomes of 20 ms that the phone says so many seconds into the talk."""
        frames = [frame]
        for fault in self._on(talk):
            if fault.kind in _SOUNDS:
                frames = [made for one in frames for made in self._made(fault, one)]
        return frames

    def order(self, messages: list[Message], talk: float | None) -> list[Message]:
        """Which messages are sent now, and in which order; bunches and what is swapped wait for the next."""
        return self._order.of(messages, {fault.kind: fault for fault in self._on(talk)})

    def _on(self, talk: float | None) -> list[LineFault]:
        return [fault for fault in self._faults if fault.on(talk)]

    def _made(self, fault: LineFault, frame: bytes) -> list[bytes]:
        self.inflicted[fault.kind] += 1
        match fault.kind:
            case LineKind.STOPS:
                return []
            case LineKind.ZEROS:
                return [_ZEROS * len(frame)]
            case LineKind.RATE:
                return self._clocks[fault].take(frame)
        samples = mulaw.decode(frame).astype(np.float64)
        return [mulaw.encode(np.clip(np.rint(self._bent(fault, samples)), -32768, 32767).astype(np.int16))]

    def _bent(self, fault: LineFault, samples: Samples) -> Samples:
        match fault.kind:
            case LineKind.OFFSET:
                return samples + amplitude(fault.level)
            case LineKind.CLIPPED:
                return samples * 10 ** (fault.level / 20)
        return samples + self._added[fault].next(samples.size)


class MessageOrder(Generic[Message]):
    """Loses, doubles, swaps and bunches messages. Holds one that is swapped, and a bunch in the making."""

    def __init__(self, inflicted: Counter[LineKind]) -> None:
        self._inflicted = inflicted
        self._count = 0
        self._swapped: list[Message] = []
        self._bunch: list[Message] = []

    def of(self, messages: list[Message], on: dict[LineKind, LineFault]) -> list[Message]:
        """What is sent now of these and of what was held."""
        sent = [one for message in messages for one in self._one(message, on)]
        if bunches := on.get(LineKind.BUNCHES):
            self._inflicted[LineKind.BUNCHES] += len(sent)
            self._bunch += sent
            sent = []
            if len(self._bunch) < bunches.size:
                return []
        return [*_taken(self._bunch), *sent]

    def _one(self, message: Message, on: dict[LineKind, LineFault]) -> list[Message]:
        self._count += 1
        if self._hit(LineKind.LOST, on):
            return []
        if self._hit(LineKind.SWAPPED, on) and not self._swapped:
            self._swapped.append(message)
            return []
        twice = [message] if self._hit(LineKind.DOUBLED, on) else []
        return [message, *_taken(self._swapped), *twice]

    def _hit(self, kind: LineKind, on: dict[LineKind, LineFault]) -> bool:
        hit = kind in on and self._count % on[kind].every == 0
        if hit:
            self._inflicted[kind] += 1
        return hit


def _taken(held: list[Message]) -> list[Message]:
    taken = list(held)
    held.clear()
    return taken


_SOUNDS = frozenset(LineKind) - {LineKind.LOST, LineKind.DOUBLED, LineKind.SWAPPED, LineKind.BUNCHES}
