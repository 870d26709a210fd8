from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.observer import Role
from telephony.engines.base import Side
from telephony.records.transcript import UTTERANCE_GAP, Transcript, Utterance

CALLER, AGENT = Role.CALLER, Role.AGENT
HEARD, SPOKEN = Side.HEARD, Side.SPOKEN

DELTAS = st.tuples(st.sampled_from(Role), st.sampled_from(Side), st.floats(0, 5), st.text(min_size=1, max_size=5))


def test_words_that_follow_each_other_are_one_utterance() -> None:
    transcript = Transcript()
    transcript.add(CALLER, HEARD, "es", "Buenos días,", 1.0)
    grown = transcript.add(CALLER, HEARD, "es", " quisiera una cita.", 2.0)
    assert grown == Utterance(CALLER, HEARD, "es", 1.0, 2.0, "Buenos días, quisiera una cita.")
    assert transcript.utterances == [grown]


def test_an_utterance_ends_after_two_seconds_without_words() -> None:
    transcript = Transcript()
    transcript.add(CALLER, HEARD, "es", "Uno", 1.0)
    transcript.add(CALLER, HEARD, "es", " dos", 1.0 + UTTERANCE_GAP)
    transcript.add(CALLER, HEARD, "es", " tres", 1.1 + 2 * UTTERANCE_GAP)
    assert [utterance.text for utterance in transcript.utterances] == ["Uno dos", "tres"]


def test_long_speech_is_one_utterance_however_long_it_lasts() -> None:
    transcript = Transcript()
    for second in range(60):
        transcript.add(CALLER, HEARD, "es", " y", float(second))
    assert [(utterance.began, utterance.last) for utterance in transcript.utterances] == [(0.0, 59.0)]


def test_what_one_says_while_the_other_speaks_stays_apart() -> None:
    transcript = Transcript()
    transcript.add(CALLER, HEARD, "es", "Quisiera", 1.0)
    transcript.add(CALLER, SPOKEN, "en", "I would", 1.5)
    transcript.add(AGENT, HEARD, "en", "Yes?", 1.7)
    transcript.add(CALLER, HEARD, "es", " una cita", 2.0)
    transcript.add(CALLER, SPOKEN, "en", " like", 2.5)
    assert [(u.speaker, u.side, u.text) for u in transcript.utterances] == [
        (CALLER, HEARD, "Quisiera una cita"),
        (CALLER, SPOKEN, "I would like"),
        (AGENT, HEARD, "Yes?"),
    ]


def test_utterances_stand_in_the_order_in_which_they_began() -> None:
    transcript = Transcript()
    transcript.add(CALLER, HEARD, "es", "Uno", 1.0)
    transcript.add(AGENT, HEARD, "en", "One", 2.0)
    transcript.add(CALLER, HEARD, "es", " dos", 2.9)
    assert [utterance.began for utterance in transcript.utterances] == [1.0, 2.0]


@given(st.lists(DELTAS))
def test_no_word_is_lost_and_none_is_moved_to_another_speaker(deltas: list[tuple[Role, Side, float, str]]) -> None:
    transcript, at = Transcript(), 0.0
    for speaker, side, later, text in deltas:
        at += later
        transcript.add(speaker, side, "xx", text, at)
    for speaker in Role:
        for side in Side:
            said = "".join(text for who, which, _, text in deltas if (who, which) == (speaker, side))
            kept = "".join(u.text for u in transcript.utterances if (u.speaker, u.side) == (speaker, side))
            assert "".join(kept.split()) == "".join(said.split())
    assert [u.began for u in transcript.utterances] == sorted(u.began for u in transcript.utterances)
