"""Sound that a replacement session was sent again, faster than it was spoken. PURE

How late a chunk is, is its arrival less the length of all sound up to it; where a session catches up, that falls.
"""

from collections.abc import Sequence

from telephony.replay.evidence import Evidence, Happened

RATE = 16000
AHEAD = 4.0
"""Seconds in which a session that is behind gets nearer."""

BEHIND = 0.15
"""Seconds of it that matter: less is how chunks come on any network."""


def replacements(evidence: Evidence) -> frozenset[int]:
    """The sessions that were opened when there had been another one into the same language."""
    opened = [mark for mark in evidence.marks if mark.what is Happened.OPENED]
    return frozenset(
        mark.session
        for nth, mark in enumerate(opened)
        if mark.session is not None and any(mark.target == earlier.target for earlier in opened[:nth])
    )


def catching_up(chunks: Sequence[tuple[float, int]]) -> list[bool]:
    """For each chunk (when it came, and how many samples had come by then): whether it came in such a stretch."""
    late = [at - samples / RATE for at, samples in chunks]
    behind = []
    last = 0
    for nth, (at, _) in enumerate(chunks):
        while last < len(chunks) and chunks[last][0] <= at + AHEAD:
            last += 1
        behind.append(late[nth] - min(late[nth:last]) > BEHIND)
    return behind


def replayed(chunks: Sequence[tuple[float, int]]) -> tuple[float, float] | None:
    """When a session first began to catch up, and by how many seconds it did; None where it never was behind."""
    again = catching_up(chunks)
    if not any(again):
        return None
    first = again.index(True)
    after = next((nth for nth in range(first, len(again)) if not again[nth]), len(chunks) - 1)
    (began, before), (ended, by_then) = chunks[first], chunks[after]
    return began, (by_then - before) / RATE - (ended - began)
