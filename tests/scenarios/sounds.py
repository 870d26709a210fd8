"""Recordings in memory, which outlive the processes of a test."""

from dataclasses import dataclass, field

from telephony.calls.observer import Role
from telephony.replay.memory_stream import now


@dataclass
class MemoryRecording:
    """One part of a call's recording: who said and who heard what, and when."""

    call: str
    began: float
    ended: float | None = None
    said_by: dict[Role, list[tuple[float, bytes]]] = field(default_factory=dict)
    heard_by: dict[Role, list[tuple[float, bytes]]] = field(default_factory=dict)

    def said(self, who: Role, pcmu: bytes, at: float) -> None:
        self._keep(self.said_by, who, pcmu, at)

    def heard(self, who: Role, pcmu: bytes, at: float) -> None:
        self._keep(self.heard_by, who, pcmu, at)

    def end(self) -> None:
        assert self.ended is None, "a recording ends once"
        self.ended = now()

    def _keep(self, kept: dict[Role, list[tuple[float, bytes]]], who: Role, pcmu: bytes, at: float) -> None:
        assert self.ended is None, "nothing comes after the end"
        kept.setdefault(who, []).append((at, pcmu))


class MemorySounds:
    """Every part of every recording, in the order in which they began."""

    def __init__(self) -> None:
        self.parts: list[MemoryRecording] = []

    def record(self, call: str) -> MemoryRecording:
        self.parts.append(MemoryRecording(call, now()))
        return self.parts[-1]
