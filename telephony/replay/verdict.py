"""Is what was heard what the call expects? Each difference is one readable line."""

from telephony.replay.evidence import Evidence
from telephony.replay.measures import HeardLine, Measures
from telephony.simulator.scenario import Who

LONGEST_GAP = 0.25
"""Seconds a phrase may be torn by us before the call counts as failed; smaller gaps are figures of the summary."""

LEFT = 0.5
"""Seconds before a listener hangs up in which sound may be on its way."""

PATIENCE = 6.0
"""Seconds beyond a translation's own length that the interpreter may take for a line."""


def differences(evidence: Evidence, measures: Measures) -> list[str]:
    """Empty when everything is as it should be."""
    return [
        *_ending(evidence),
        *(text for line in measures.lines for text in _line(evidence, line)),
        *_unsaid(evidence),
        *(text for who in Who for text in _unexpected(measures, who)),
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
    if line.id not in {known.line for known in evidence.recognised}:
        cut_short = heard.said_at > min(evidence.talk_ended.values(), default=evidence.until) - 2.0
        return [] if cut_short else [f"line {line.id}: the interpreter never heard the {line.who}'s words intact"]
    problems = []
    missing = [message for message in heard.messages if message.at is None and message.sent < left - LEFT]
    if missing:
        at = missing[0].sent - evidence.origin
        problems.append(
            f"line {line.id}: the {listener} did not hear {len(missing)} of {len(heard.messages)} pieces of the"
            f" translation (the first was sent {at:.1f} s into the call)"
        )
    expected_by = heard.said_at + evidence.scenario.pace.lag + PATIENCE + 2 * len(line.translation) / 14
    if not heard.whole and expected_by < left and _said_whole(evidence, line.id):
        problems.append(
            f"line {line.id}: the translation broke off; part of the {line.who}'s words did not come through"
        )
    if heard.gap > LONGEST_GAP:
        problems.append(
            f"line {line.id}: the {listener} heard a gap of {heard.gap * 1000:.0f} ms inside the translation"
        )
    return problems


def _said_whole(evidence: Evidence, line: str) -> bool:
    return any(said.line == line and said.ended is not None for said in evidence.lines)


def _unexpected(measures: Measures, who: Who) -> list[str]:
    return [
        f"the {who} heard {seconds:.1f} s of sound at {at:.1f} s that is no line's translation"
        for at, seconds in measures.unexpected(who)
    ]
