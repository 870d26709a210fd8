"""The simulated interpreter and the real fixture calls, in virtual time: every line, in both directions."""

import numpy as np
import pytest

from telephony.simulator import recordings
from telephony.simulator.live_api.lines import learn
from telephony.simulator.live_api.model import Knowledge, LiveModel
from telephony.simulator.live_api.report import LineRecognised, PieceMissing, TranslationEnded, UnknownSpeech
from telephony.simulator.scenario import Scenario, Who, load
from tests.simulator.spoken import CALLS, Samples, Sitting, quiet

NAMES = sorted(path.parent.name for path in CALLS.glob("*/call.toml"))


def said_by(who: Who, scenario: Scenario) -> Samples:
    """What this party's phone sends from the moment both are connected until 12 s after its last line, 8 kHz."""
    lines = [(round(8000 * line.at), recordings.read(line.recording)) for line in scenario.lines if line.who is who]
    whole = quiet(12.0 + max(at + sound.size for at, sound in lines) / 8000)
    for at, sound in lines:
        whole[at : at + sound.size] += sound
    return whole


def interpreted(scenario: Scenario, who: Who, *others: Scenario) -> Sitting:
    target = scenario.agent_language if who is Who.CALLER else scenario.caller_language
    room = Sitting(LiveModel(Knowledge(learn([scenario, *others]), target)))
    room.hear(said_by(who, scenario))
    room.model.end(room.now)
    return room


@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_recognised_where_it_begins_and_translated_to_its_end(name: str, who: Who) -> None:
    scenario = load(CALLS / name)
    lines = [line for line in scenario.lines if line.who is who]

    room = interpreted(scenario, who)

    begun = [event for event in room.model.report if isinstance(event, LineRecognised)]
    ended = [event for event in room.model.report if isinstance(event, TranslationEnded)]
    assert [event.line for event in begun] == [line.id for line in lines]
    assert np.abs([event.first_sample - 16000 * line.at for event, line in zip(begun, lines, strict=True)]).max() <= 1
    assert [(event.line, event.whole) for event in ended] == [(line.id, True) for line in lines]
    assert room.reported(PieceMissing) + room.reported(UnknownSpeech) == []
    assert "".join(room.heard_words) == "".join(line.text for line in lines)
    assert "".join(room.spoken_words) == "".join(line.translation for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_is_the_translations_and_silence(name: str) -> None:
    scenario = load(CALLS / name)
    lines = {line.id: line.translation.sound for line in learn([scenario])}
    for audio in interpreted(scenario, Who.CALLER).audio:
        expected = lines[audio.line][2 * audio.position : 2 * audio.position + 12000] if audio.line else b""
        assert audio.pcm24k.startswith(expected.rstrip(b"\0")) or audio.pcm24k.rstrip(b"\0") in expected


def test_lines_of_one_call_are_told_from_those_of_all_others() -> None:
    scenarios = {name: load(CALLS / name) for name in NAMES}
    others = [scenario for name, scenario in scenarios.items() if name != "clinic-appointment"]

    room = interpreted(scenarios["clinic-appointment"], Who.CALLER, *others)

    assert [event.line for event in room.model.report if isinstance(event, LineRecognised)] == [
        f"clinic-appointment/c{nth}" for nth in (1, 2, 3, 4)
    ]


def test_sound_that_came_a_fraction_of_a_sample_late_is_understood() -> None:
    scenario = load(CALLS / "clinic-appointment")
    said = said_by(Who.CALLER, scenario).astype(np.float64)
    frequencies = np.fft.rfftfreq(said.size, 1 / 8000)
    late = np.fft.irfft(np.fft.rfft(said) * np.exp(-2j * np.pi * frequencies * 0.00203), said.size)

    room = Sitting(LiveModel(Knowledge(learn([scenario]), "en")))
    room.hear(late.clip(-32768, 32767).astype(np.int16))

    assert len([event for event in room.model.report if isinstance(event, TranslationEnded) and event.whole]) == 4
    assert room.reported(PieceMissing) == []
