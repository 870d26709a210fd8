"""What happened to the interpreter's sessions, as marks on the report's time axis. PURE"""

from collections.abc import Iterator

from telephony.replay.catching_up import replacements, replayed
from telephony.replay.evidence import Evidence, Happened, SessionMark
from telephony.replay.report.timeline import Mark
from telephony.simulator.live_api.faults import Hit, Kind
from telephony.simulator.scenario import Who

STALLS = (Kind.STALL, Kind.SILENT, Kind.TONE, Kind.WRONG_LANGUAGE)
LEAST_REPLAY = 0.3


def session_marks(evidence: Evidence) -> tuple[Mark, ...]:
    """Hand-overs, replays, what went wrong at the interpreter and on the lines; a good call has none."""
    return tuple(sorted((*_happened(evidence), *_replays(evidence), *_lines(evidence)), key=lambda mark: mark.at))


def _happened(evidence: Evidence) -> Iterator[Mark]:
    replacing = replacements(evidence)
    for mark in evidence.marks:
        of = _of(evidence, mark.target)
        match mark.what:
            case Happened.OPENED if mark.session in replacing:
                yield Mark(mark.at, f"new session{of}", "hand-over")
            case Happened.FAULT:
                yield Mark(mark.at, f"{_words(mark)}{of}", "stall" if mark.detail in STALLS else "fault")


def _replays(evidence: Evidence) -> Iterator[Mark]:
    targets = {mark.session: mark.target for mark in evidence.marks if mark.what is Happened.OPENED}
    for session in replacements(evidence):
        again = replayed(evidence.arrivals.get(session, ()))
        if again and again[1] >= LEAST_REPLAY:
            yield Mark(again[0], f"replay of {again[1]:.1f} s{_of(evidence, targets[session])}", "replay")


def _lines(evidence: Evidence) -> Iterator[Mark]:
    """The telephone lines' faults, as they began."""
    for fault in evidence.scenario.line_faults:
        whose = "both lines" if fault.who is Hit.BOTH else f"line of the {fault.who}"
        if evidence.talk_began is not None:
            yield Mark(evidence.talk_began + fault.at, f"{whose}: {fault.kind}", "fault")


def _words(mark: SessionMark) -> str:
    return "session refused" if mark.detail == Kind.REFUSE else mark.detail.replace("-", " ")


def _of(evidence: Evidence, target: str | None) -> str:
    """Whose words a session into this language interprets."""
    whose = {evidence.scenario.wanted(who.other): f" ({who})" for who in Who}
    return whose.get(target or "", "")
