from dataclasses import replace

import pytest

from telephony.replay.catching_up import catching_up, replacements, replayed
from telephony.replay.evidence import Happened, SessionMark
from tests.replay.evidence_of import evidence_of, short_call


def chunks(seconds: float, since: float = 100.0, every: float = 0.1) -> list[tuple[float, int]]:
    """A tenth of a second of sound, every so often, for so many seconds of sound."""
    return [(since + nth * every, (nth + 1) * 1600) for nth in range(round(seconds * 10))]


def after(before: list[tuple[float, int]], seconds: float) -> list[tuple[float, int]]:
    """More chunks at the pace of speech."""
    at, samples = before[-1]
    return [*before, *((at + (nth + 1) / 10, samples + (nth + 1) * 1600) for nth in range(round(seconds * 10)))]


def test_sound_at_the_pace_of_speech_is_not_sent_again() -> None:
    assert not any(catching_up(chunks(5.0)))
    assert replayed(chunks(5.0)) is None


def test_chunks_that_come_a_little_unevenly_are_not() -> None:
    uneven = [(at + (0.12 if nth % 7 == 0 else 0.0), samples) for nth, (at, samples) in enumerate(chunks(5.0))]
    assert not any(catching_up(uneven))


@pytest.mark.parametrize(("every", "caught"), [(0.05, 1.5), (0.02, 2.4), (0.0, 3.0)])
def test_what_comes_faster_is(every: float, caught: float) -> None:
    stream = after(chunks(3.0, every=every), 4.0)
    again = catching_up(stream)
    assert all(again[:20])
    assert not any(again[30:])
    began, seconds = replayed(stream) or (0.0, 0.0)
    assert began == 100.0
    assert seconds == pytest.approx(caught, abs=0.25)


def test_a_replacement_is_a_session_after_another_into_the_same_language() -> None:
    opened = [(0, "en"), (1, "es"), (2, "en"), (3, "en")]
    marks = tuple(SessionMark(float(at), Happened.OPENED, session, into) for at, (session, into) in enumerate(opened))
    refused = SessionMark(9.0, Happened.REFUSED, None, "es")
    assert replacements(replace(evidence_of(short_call()), marks=(*marks, refused))) == {2, 3}
