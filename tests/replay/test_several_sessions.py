"""A line that several sessions of the interpreter heard and said is judged by what the listener heard of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from telephony.replay.calls import judge
from telephony.replay.evidence import Evidence, Happened, Recognised, SessionMark, Spoken
from telephony.replay.figures import figures
from telephony.replay.measures import HeardLine
from telephony.simulator import mulaw, recordings
from telephony.simulator.live_api.faults import AtSession, Fault, Hit, Kind
from telephony.simulator.scenario import Who
from tests.replay.evidence_of import DOWN, MENU, MESSAGE, ORIGIN, RINGING, SPAN, UP, evidence_of, short_call

TALK = ORIGIN + MENU + RINGING
OLD, NEW = 0, 2
CUT = 4
"""Messages of the line that are heard from the old session."""

BACK = 2
"""Messages that the new session says again of what the old one said."""

TAIL = 3
"""Messages that the old session sends beyond those that are heard from it."""

LATE = 1.5
"""Seconds by which the new session is later than the old one would have been."""

Edit = Callable[[np.ndarray[tuple[int], np.dtype[np.int16]], int], None]


@pytest.fixture(scope="module")
def plain() -> Evidence:
    return evidence_of(short_call(lines=("c1",)))


def laid(evidence: Evidence, heard: Sequence[tuple[int, int, float]]) -> Evidence:
    """The agent hears of c1 these messages (from, to) so many seconds late, and nothing else."""
    (line,) = evidence.scenario.lines
    translation = recordings.read(line.translated)
    sound = np.zeros(len(evidence.heard[Who.AGENT]), np.int16)
    for first, last, late in heard:
        part = translation[first * MESSAGE : last * MESSAGE]
        place = round((TALK + line.at + SPAN + late - ORIGIN) * recordings.RATE) + first * MESSAGE
        sound[place : place + part.size] = part
    return replace(evidence, heard={**evidence.heard, Who.AGENT: mulaw.encode(sound)})


def handed_over(evidence: Evidence, heard: Sequence[tuple[int, int, float]]) -> Evidence:
    """Both sessions recognised the line; the old one said the beginning, the new one all from a little before on."""
    (line,) = evidence.scenario.lines
    by_old = [replace(message, session=OLD) for message in evidence.spoken[: CUT + TAIL]]
    by_new = [replace(m, session=NEW, at=m.at + LATE) for m in evidence.spoken[CUT - BACK :]]
    opened = TALK + line.at + 2.0
    first = evidence.recognised[0]
    again = Recognised(line.id, NEW, opened + 1.2, 0, 1.0)
    return replace(
        laid(evidence, heard),
        spoken=(*by_old, *by_new),
        recognised=(replace(first, session=OLD), again),
        arrivals={OLD: evidence.arrivals[0], NEW: caught_up(opened, line.at + TALK + 1.0)},
        marks=(
            SessionMark(TALK - 3.0, Happened.OPENED, OLD, "en"),
            SessionMark(opened, Happened.OPENED, NEW, "en"),
        ),
    )


def caught_up(opened: float, begins: float) -> tuple[tuple[float, int], ...]:
    """Chunks of the sound since `begins`: what is past comes five times as fast, then each as it is spoken."""
    chunks: list[tuple[float, int]] = []
    at = opened
    for nth in range(1, 100):
        at = max(at + 0.02, begins + nth / 10 + UP)
        chunks.append((at, nth * 1600))
    return tuple(chunks)


def line_of(evidence: Evidence) -> HeardLine:
    (line,) = judge(evidence).measures.lines
    return line


WELL = ((0, CUT, 0.0), (CUT, 100, LATE))
"""Each part from the session that had it to say, none twice."""


def test_what_the_old_session_said_in_vain_is_not_missing(plain: Evidence) -> None:
    evidence = handed_over(plain, WELL)
    played = judge(evidence)
    line = line_of(evidence)
    assert played.problems == ()
    assert (line.lost, line.repeated, line.missing) == (0.0, 0.0, 0)
    assert sum(message.covered for message in line.messages) == TAIL + BACK
    assert figures(evidence, played.measures).missing == 0


def test_our_own_delay_is_that_of_the_session_that_was_heard(plain: Evidence) -> None:
    delays = judge(handed_over(plain, WELL)).measures.delays_down
    assert delays == [pytest.approx(DOWN, abs=0.001)] * len(delays)


def test_the_span_of_a_line_is_to_its_first_sound_from_anybody(plain: Evidence) -> None:
    assert line_of(handed_over(plain, WELL)).span == pytest.approx(SPAN, abs=0.001)


def test_sound_that_was_sent_again_is_no_delay_of_ours(plain: Evidence) -> None:
    delays = judge(handed_over(plain, WELL)).measures.delays_up
    assert len(delays) > 40
    assert max(delays) == pytest.approx(UP, abs=0.16)


def test_the_first_sessions_delays_are_all_counted(plain: Evidence) -> None:
    arrivals = [(at + (1.0 if 70 <= nth < 90 else 0.0), n) for nth, (at, n) in enumerate(plain.arrivals[0])]
    late = judge(replace(plain, arrivals={0: tuple(arrivals)})).measures.delays_up
    assert max(late) >= 1.0


def test_what_neither_was_heard_to_say_is_lost(plain: Evidence) -> None:
    evidence = handed_over(plain, ((0, CUT, 0.0), (CUT + 3, 100, LATE)))
    line = line_of(evidence)
    assert line.lost == pytest.approx(0.75, abs=0.1)
    assert line.missing > 0
    assert any("did not hear" in problem for problem in judge(evidence).problems)


def test_words_that_never_reached_any_session_are_named_as_lost(plain: Evidence) -> None:
    """Nobody said them, so that no message is missing."""
    kept = (*plain.spoken[:CUT], *plain.spoken[CUT + 2 :])
    evidence = replace(laid(plain, ((0, CUT, 0.0), (CUT + 2, 100, 0.0))), spoken=kept)
    (problem,) = judge(evidence).problems
    assert problem.startswith("line c1: the agent did not hear ")
    assert problem.endswith(" ms of the translation from anybody")


def test_what_both_were_heard_to_say_is_repeated(plain: Evidence) -> None:
    evidence = handed_over(plain, ((0, CUT, 0.0), (CUT - BACK, 100, LATE)))
    line = line_of(evidence)
    assert (line.lost, line.missing) == (0.0, 0)
    assert 0.3 <= line.repeated <= 0.5
    (problem,) = judge(evidence).problems
    assert problem.startswith("line c1: the agent heard ")
    assert problem.endswith(" ms of the translation again")


@pytest.mark.parametrize(
    ("fault", "problems"),
    [
        (Fault(Kind.CLOSE, AtSession(1.0), who=Hit.CALLER), 0),
        (Fault(Kind.STALL, AtSession(1.0)), 0),
        (Fault(Kind.CLOSE, AtSession(1.0), who=Hit.AGENT), 1),
        (Fault(Kind.GOAWAY, AtSession(1.0)), 1),
    ],
    ids=["lost", "stalled", "the other direction", "announced"],
)
def test_after_a_loss_that_nobody_announced_a_phrase_may_be_heard_again(
    plain: Evidence, fault: Fault, problems: int
) -> None:
    evidence = handed_over(plain, ((0, CUT, 0.0), (CUT - BACK, 100, LATE)))
    troubled = replace(evidence, scenario=replace(evidence.scenario, faults=(fault,)))
    assert len(judge(troubled).problems) == problems


def test_sound_of_either_session_is_known_to_be_the_translation(plain: Evidence) -> None:
    evidence = handed_over(plain, ((0, CUT, 0.0), (CUT - BACK, 100, LATE)))
    assert judge(evidence).measures.unexpected(Who.AGENT) == []


def test_a_message_heard_late_is_not_taken_for_the_same_words_said_again(plain: Evidence) -> None:
    """The old session's last words wait in the queue until the new one has begun to send."""
    spoken = tuple(
        Spoken(m.line, m.at - 2.0, m.position, OLD) if nth < CUT else replace(m, session=NEW, at=m.at + LATE)
        for nth, m in enumerate(plain.spoken)
    )
    line = line_of(replace(handed_over(plain, WELL), spoken=spoken))
    assert [message.session for message in line.messages if message.at is not None][:CUT] == [OLD] * CUT
    assert line.missing == 0
