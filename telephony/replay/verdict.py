"""Is what was heard what the call expects? Each difference is one readable line."""

from telephony.replay.evidence import Evidence, Happened
from telephony.replay.measures import LEFT, HeardLine, Measures, expected_by, said_whole
from telephony.simulator.live_api.faults import Hit, Kind
from telephony.simulator.scenario import Who

LONGEST_GAP = 0.25
"""Seconds a phrase may be torn by us before the call counts as failed; smaller gaps are figures of the summary."""

LOST = 0.1
"""Seconds of a translation that may go unheard: its faint ends, and where it was cut and joined."""

FULL = -2.0
"""dB from which a voice that is heard directly is at full level."""

OFF = 2.0
"""dB by which a voice under the translation may be louder or softer than the call says."""

REPEATED = 0.1
"""The same for what is heard twice; after a connection that was lost, a phrase may be."""

PHRASE = 3.0

UNPLANNED = (Kind.CLOSE, Kind.STALL, Kind.SILENT, Kind.TONE, Kind.WRONG_LANGUAGE)
"""Faults after which the phrase in flight may be heard again."""


def differences(evidence: Evidence, measures: Measures) -> list[str]:
    """Empty when everything is as it should be."""
    return [
        *_ending(evidence),
        *(text for line in measures.lines for text in _line(evidence, line)),
        *_unsaid(evidence),
        *(text for who in Who for text in _unexpected(measures, who) if not _was_open(evidence)),
        *(f"the carrier warned: {warning}" for warning in evidence.warnings),
        *(f"left running: {what}" for what in evidence.left_running),
    ]


def _ending(evidence: Evidence) -> list[str]:
    expected, found = evidence.scenario.expected_end, evidence.outcome
    return [] if found == expected else [f"the call should end as {expected}; it ended as {found or 'nothing at all'}"]


def _unsaid(evidence: Evidence) -> list[str]:
    """Lines that were due before the end but never said: the talk did not last, or never began."""
    end = evidence.scenario.end.at
    said = {line.line for line in evidence.lines}
    due = [line.id for line in evidence.scenario.lines if end is not None and line.at < end]
    return [f"line {line} was never said: the parties were not connected by then" for line in due if line not in said]


def _line(evidence: Evidence, heard: HeardLine) -> list[str]:
    line, listener = heard.line, heard.line.who.other
    left = evidence.talk_ended.get(listener, evidence.until)
    if heard.direct:
        return _directly(heard)
    if line.id not in {known.line for known in evidence.recognised}:
        cut_short = heard.said_at > min(evidence.talk_ended.values(), default=evidence.until) - 2.0
        return [] if cut_short else [f"line {line.id}: the interpreter never heard the {line.who}'s words intact"]
    problems = _underneath(evidence.scenario.original_voice, heard)
    missing = [message for message in heard.messages if message.missing and message.sent < left - LEFT]
    if missing:
        at = missing[0].sent - evidence.origin
        problems.append(
            f"line {line.id}: the {listener} did not hear {len(missing)} of {len(heard.messages)} pieces of the"
            f" translation (the first was sent {at:.1f} s into the call)"
        )
    if not heard.whole and expected_by(evidence, line, heard.length) < left and said_whole(evidence, line.id):
        problems.append(
            f"line {line.id}: the translation broke off; part of the {line.who}'s words did not come through"
        )
    if heard.gap > LONGEST_GAP:
        problems.append(
            f"line {line.id}: the {listener} heard a gap of {heard.gap * 1000:.0f} ms inside the translation"
        )
    if not problems and heard.lost > LOST:
        problems.append(
            f"line {line.id}: the {listener} did not hear {heard.lost * 1000:.0f} ms of the translation from anybody"
        )
    if heard.repeated > _may_be_repeated(evidence, line.who):
        problems.append(f"line {line.id}: the {listener} heard {heard.repeated * 1000:.0f} ms of the translation again")
    return problems


def _directly(heard: HeardLine) -> list[str]:
    """A line whose speaker's own voice is to be heard, at full level while nothing else is."""
    line, voice = heard.line, heard.voice
    whose = f"line {line.id}: the {line.who.other}"
    if heard.lost > LOST:
        return [f"{whose} did not hear {heard.lost * 1000:.0f} ms of the {line.who}'s own voice"]
    if voice is not None and voice.alone is not None and voice.alone < FULL:
        return [f"{whose} heard the {line.who}'s own voice at {voice.alone:.1f} dB, not at full level"]
    return []


def _underneath(decibels: float | None, heard: HeardLine) -> list[str]:
    """A line whose speaker's own voice is to be heard beneath its translation, at so many dB."""
    line, voice = heard.line, heard.voice
    if decibels is None or voice is None:
        return []
    if voice.at is None:
        return [f"line {line.id}: the {line.who.other} did not hear the {line.who}'s own voice beneath the translation"]
    if voice.under is not None and abs(voice.under - decibels) > OFF:
        found = f"at {voice.under:.1f} dB beneath the translation instead of {decibels:.0f}"
        return [f"line {line.id}: the {line.who.other} heard the {line.who}'s own voice {found}"]
    return []


def _may_be_repeated(evidence: Evidence, speaker: Who) -> float:
    """Seconds of one line, whose interpreter may have been lost in the middle of it."""
    hit = (Hit.BOTH, Hit(speaker))
    lost = any(fault.kind in UNPLANNED and fault.who in hit for fault in evidence.scenario.faults)
    return PHRASE if lost else REPEATED


def _was_open(evidence: Evidence) -> bool:
    """Whether sessions were refused: the two then hear beeps and each other directly, which is nobody's translation."""
    return any(mark.what is Happened.REFUSED for mark in evidence.marks)


def _unexpected(measures: Measures, who: Who) -> list[str]:
    return [
        f"the {who} heard {seconds:.1f} s of sound at {at:.1f} s that is no line's translation"
        for at, seconds in measures.unexpected(who)
    ]
