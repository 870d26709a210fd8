"""Ten minutes of an interpreter that needs 1.3 times as long as the speaker: how far behind the listener gets.

The figures are printed: `pytest tests/audio/test_backlog.py -s`.
"""

import pytest

from telephony.audio.playout import Playout
from tests.audio.steady_talk import Talk, listen, numbers

TALKS = {
    "pauses of 15 %": Talk(),
    "pauses of 10 %": Talk(pauses=0.10),
    "pauses of 8 %": Talk(pauses=0.08),
    "pauses of 6 %": Talk(pauses=0.06),
    "hardly a pause, 4 %": Talk(pauses=0.04),
    "pauses of 15 % full of breath": Talk(breath=25.0),
    "pauses between sentences only, the speaker's too": Talk(pauses=0.02, rest=0.8),
    "sentences that come at twice the speed they are spoken": Talk(rate=2.0),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
def test_the_listener_stays_close_and_hears_every_word(talk: Talk) -> None:
    heard = listen(talk, Playout())
    p50, p95, most = heard.percentiles()
    playout = heard.playout
    print(f"\nbacklog p50 {p50:.2f} s, p95 {p95:.2f} s, most {most:.2f} s; {heard.words} words; left out:")  # noqa: T201
    print(f"silence {playout.trimmed_ms / 1000:.1f} s, by speed {playout.stretched_ms / 1000:.1f} s")  # noqa: T201
    said, seconds = numbers(heard.line)
    assert said == [number % 64 for number in range(heard.words)]
    assert heard.voiced / 1.255 < seconds < heard.voiced
    assert p95 <= 4.0
    assert (playout.dropped_ms, playout.late) == (0, 0)


def test_without_speeding_up_the_listener_would_be_left_behind() -> None:
    heard = listen(Talk(minutes=4), Playout(fastest=1.0))
    assert heard.percentiles()[1] > 8


def test_once_the_talk_is_over_the_listener_is_soon_up_to_date() -> None:
    heard = listen(Talk(minutes=1), Playout())
    assert heard.backlogs[-1] < 2.0
    said, _ = numbers(heard.line)
    assert len(said) == heard.words


def test_an_interpreter_that_keeps_up_is_never_sped_up() -> None:
    heard = listen(Talk(rest=2.0, rate=1.0, minutes=2), Playout())
    assert heard.playout.stretched_ms == 0
    assert numbers(heard.line)[1] == pytest.approx(heard.voiced, rel=0.02)
