from typing import Any

from telephony.simulator.carrier.collecting import Collecting
from telephony.simulator.carrier.verbs import Gather

START, PROMPTS_END = 0.0, 10.0


def collecting(**attributes: Any) -> Collecting:
    return Collecting(Gather((), action="https://h/x", **attributes), PROMPTS_END)


def test_the_number_of_keys_completes_an_answer_at_once() -> None:
    answer = collecting(num_digits=2)
    answer.key("4", 1.0)
    assert not answer.over(1.0)
    answer.key("2", 2.0)
    assert answer.over(2.0)
    assert answer.fields == {"Digits": "42"}


def test_the_finishing_key_completes_an_answer_and_is_no_part_of_it() -> None:
    answer = collecting()
    for key in "12#3":
        answer.key(key, 1.0)
    assert answer.over(1.0)
    assert answer.fields == {"Digits": "12"}


def test_without_a_finishing_key_the_hash_is_a_key() -> None:
    answer = collecting(finish_on_key="", num_digits=1)
    answer.key("#", 1.0)
    assert answer.fields == {"Digits": "#"}


def test_time_runs_from_the_end_of_the_prompt() -> None:
    answer = collecting(timeout=5)
    assert not answer.over(14.9)
    assert answer.over(15.0)
    assert answer.fields is None


def test_time_runs_from_the_last_key() -> None:
    answer = collecting(timeout=5)
    answer.key("1", 1.0)
    answer.key("2", 4.0)
    assert not answer.over(8.9)
    assert answer.over(9.0)
    assert answer.fields == {"Digits": "12"}


def test_the_finishing_key_alone_is_no_answer() -> None:
    answer = collecting()
    answer.key("#", 1.0)
    assert answer.over(1.0)
    assert answer.fields is None


def test_an_empty_answer_is_sent_where_that_is_asked_for() -> None:
    answer = collecting(action_on_empty_result=True)
    assert answer.over(15.0)
    assert answer.fields == {"Digits": ""}


def test_words_are_an_answer_where_they_are_asked_for() -> None:
    deaf, listening = collecting(), collecting(input=("dtmf", "speech"))
    for answer in (deaf, listening):
        answer.words("español", 1.0)
    assert deaf.fields is None
    assert listening.over(1.0)
    assert listening.fields == {"SpeechResult": "español", "Confidence": "0.9"}


def test_what_comes_first_wins() -> None:
    keys, words = collecting(input=("dtmf", "speech")), collecting(input=("dtmf", "speech"))
    keys.key("1", 1.0)
    keys.words("two", 1.1)
    words.words("two", 1.0)
    words.key("1", 1.1)
    assert keys.fields == {"Digits": "1"}
    assert words.fields is not None
    assert words.fields["SpeechResult"] == "two"


def test_the_first_key_stops_the_prompt() -> None:
    answer = collecting()
    assert not answer.interrupted
    answer.key("1", 1.0)
    assert answer.interrupted


def test_keys_do_not_count_where_words_alone_are_asked_for() -> None:
    answer = collecting(input=("speech",))
    answer.key("1", 1.0)
    assert not answer.interrupted
    assert answer.fields is None


def test_words_before_the_end_of_a_prompt_may_be_ignored() -> None:
    answer = collecting(input=("speech",), barge_in=False)
    answer.words("too early", 9.0)
    assert not answer.over(9.0)
    answer.words("in time", 10.0)
    assert answer.over(10.0)
