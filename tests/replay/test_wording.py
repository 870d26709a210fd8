from dataclasses import replace

import pytest

from telephony.replay.measures import Measures
from telephony.replay.wording import heard_text, said_text
from telephony.simulator import recordings
from telephony.simulator.scenario import End, Scenario, Who
from tests.replay.evidence_of import evidence_of, short_call


def cut_in_the_middle() -> Scenario:
    """A long line of which half is said when the talk ends."""
    scenario = short_call("hung-up-midway", lines=("a4",))
    (line,) = scenario.lines
    seconds = recordings.read(line.recording).size / recordings.RATE
    return replace(scenario, end=End(Who.CALLER, at=line.at + seconds / 2))


def test_a_line_that_came_through_is_given_with_all_its_words() -> None:
    evidence = evidence_of(short_call())
    for heard in Measures(evidence).lines:
        assert said_text(evidence, heard) == heard.line.text
        assert heard_text(heard) == heard.line.translation


def test_a_line_in_which_the_talk_ends_is_given_up_to_there() -> None:
    evidence = evidence_of(cut_in_the_middle())
    (heard,) = Measures(evidence).lines
    for words, whole in ((said_text(evidence, heard), heard.line.text), (heard_text(heard), heard.line.translation)):
        kept = words.removesuffix(" …")
        assert kept != words
        assert 0.1 * len(whole) < len(kept) < 0.6 * len(whole)
        assert whole.startswith(kept + " ")


def test_a_line_that_nobody_heard_has_no_words_at_the_other_end() -> None:
    evidence = evidence_of(short_call(lines=("c1",)), lost=["c1"])
    (heard,) = Measures(evidence).lines
    assert said_text(evidence, heard) == heard.line.text
    assert heard_text(heard) == ""


def test_a_line_whose_end_was_lost_on_the_way_is_given_up_to_there() -> None:
    evidence = evidence_of(short_call(lines=("c1",)))
    (whole,) = Measures(evidence).lines
    assert whole.heard_at is not None
    sound = evidence.heard[Who.AGENT]
    cut = round((whole.heard_at + 2.0 - evidence.origin) * 8000)
    torn = replace(evidence, heard={**evidence.heard, Who.AGENT: sound[:cut] + b"\xff" * (len(sound) - cut)})
    (heard,) = Measures(torn).lines
    assert heard_text(heard).endswith(" …")
    assert heard.line.translation.startswith(heard_text(heard).removesuffix(" …"))


def test_a_script_without_blanks_is_cut_between_letters() -> None:
    scenario = cut_in_the_middle()
    (line,) = scenario.lines
    chinese = replace(scenario, lines=(replace(line, text="房间每晚九十五英镑含早餐如果您住到星期一"),))
    evidence = evidence_of(chinese)
    (heard,) = Measures(evidence).lines
    words = said_text(evidence, heard).removesuffix(" …")
    assert len(words) == pytest.approx(len(heard.line.text) / 2, abs=1)
    assert heard.line.text.startswith(words)
