"""The interpreter's messages as a listener heard them: each looked for in the recording, by its sound. PURE"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from telephony.replay.evidence import Spoken
from telephony.replay.likeness import Sound, level, locate
from telephony.replay.passages import Passages

RATE = 8000
MESSAGE = 0.25
SAMPLES = round(MESSAGE * RATE)
ALIKE = 0.85
AUDIBLE = -45.0
LATEST = 10.0
"""Seconds after it was sent within which a message is looked for."""

SAME_SOUND = 0.05
"""Seconds by which two messages' places may differ when they are one sound."""


@dataclass(frozen=True, slots=True)
class HeardMessage:
    """One message of the interpreter as the listener heard it; `at` is None where it is not in the recording.

    `covered`: not heard, but what it says was heard from another session.
    """

    sent: float
    position: float
    at: float | None
    session: int = 0
    covered: bool = False

    @property
    def missing(self) -> bool:
        return self.at is None and not self.covered


def messages(
    sent: Sequence[Spoken], translation: Sound, recording: Sound, origin: float, heard: Passages
) -> tuple[HeardMessage, ...]:
    """All that are loud enough to be looked for, in the order they were sent. The recording begins at `origin`.

    Where several sessions said the same, each sound belongs to the message that was sent last before it.
    """
    found: list[HeardMessage] = []
    several = len({spoken.session for spoken in sent}) > 1
    for spoken in sorted(sent, key=lambda spoken: spoken.at, reverse=True):
        needle = _needle(spoken, translation)
        if needle.size < 480 or level(needle) < AUDIBLE:
            continue
        message = HeardMessage(spoken.at, spoken.position / 24000, None, spoken.session)
        places = [] if several else _located(spoken, needle, recording, origin)
        places = places or _followed(spoken, needle.size, heard, origin)
        free = [at for at in places if not any(_is_same(message, at, later) for later in found)]
        begin = max(spoken.position // 3, 0)
        covered = not free and heard.covered(begin, begin + needle.size)
        found.append(replace(message, at=max(free, default=None), covered=covered))
    return tuple(reversed(found))


def longest_gap(found: Sequence[HeardMessage]) -> float:
    """Seconds between messages of one session whose sound follows on from each other at the interpreter.

    Silence within a message, where it waited for the speaker, is no gap: the next one was sent so much later.
    """
    by_session = sorted(found, key=lambda message: (message.session, message.sent))
    gaps = [
        (after.at - before.at) - max(after.position - before.position, after.sent - before.sent)
        for before, after in pairwise(by_session)
        if before.at is not None
        and after.at is not None
        and before.session == after.session
        and after.sent - before.sent < MESSAGE * 1.5
    ]
    return max((*gaps, 0.0))


def located(found: Sequence[HeardMessage]) -> list[float]:
    """When each message was heard that was."""
    return [message.at for message in found if message.at is not None]


def cut_off(found: Sequence[HeardMessage], until: float) -> list[float]:
    """When messages began in the midst of which the listener left at `until`, by those that they follow on from: what
    was heard of them is too short to be looked for."""
    by_session = sorted(found, key=lambda message: (message.session, message.sent))
    begun = [
        before.at + after.position - before.position
        for before, after in pairwise(by_session)
        if before.at is not None and after.at is None and before.session == after.session
    ]
    return [at for at in begun if at < until < at + MESSAGE]


def first_heard(found: Sequence[HeardMessage]) -> float | None:
    """When the translation was first heard; its faint beginning is not looked for, and counts as heard."""
    first = min((m for m in found if m.at is not None), key=lambda m: m.at or 0.0, default=None)
    if first is None or first.at is None:
        return None
    return first.at - max(first.position, 0.0) if first.position <= 2 * MESSAGE else first.at


def _needle(spoken: Spoken, translation: Sound) -> Sound:
    begin = spoken.position // 3
    return translation[max(begin, 0) : max(begin + SAMPLES, 0)]


def _located(spoken: Spoken, needle: Sound, recording: Sound, origin: float) -> list[float]:
    """Where the message is most alike."""
    earliest = round((spoken.at - origin) * RATE)
    place, alike = locate(needle, recording, earliest, earliest + round(LATEST * RATE))
    return [_at(spoken, place, origin)] if alike >= ALIKE else []


def _followed(spoken: Spoken, size: int, heard: Passages, origin: float) -> list[float]:
    """Where its part of the translation was heard, at whatever speed."""
    begin = max(spoken.position // 3, 0)
    places = (_at(spoken, place, origin) for place in heard.places(begin, begin + size))
    return [at for at in places if spoken.at <= at <= spoken.at + LATEST]


def _at(spoken: Spoken, place: int, origin: float) -> float:
    """When a message began whose first sound lies at this sample."""
    return origin + (place + min(spoken.position // 3, 0)) / RATE


def _is_same(message: HeardMessage, at: float, later: HeardMessage) -> bool:
    """Whether the sound at `at` is what another session said later, of the same part of the translation."""
    if later.at is None or later.session == message.session or abs(later.position - message.position) >= MESSAGE:
        return False
    return abs((at - message.position) - (later.at - later.position)) < SAME_SOUND
