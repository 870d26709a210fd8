"""What the simulated interpreter makes of speech in the target language, with and without an echo."""

from pathlib import Path

from telephony.simulator.live_api.model import Knowledge, LiveModel
from telephony.simulator.live_api.report import UnknownSpeech
from tests.simulator.four_lines import ANSWER, FIRST, recognised, sounding, translated
from tests.simulator.spoken import Said, Sitting, call, known, quiet, sitting


def test_speech_in_the_target_language_is_written_but_not_spoken(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(0.5), ANSWER, quiet(4.0))
    assert recognised(room) == ["a1"]
    assert room.audio == []
    assert "".join(room.heard_words) == "uno dos tres cuatro cinco seis siete ocho"


def test_with_echo_speech_in_the_target_language_is_parroted(four_lines: Path) -> None:
    room = sitting(four_lines, "en", echo=True)
    room.hear(quiet(0.5), ANSWER, quiet(6.0))
    assert sounding(room.spoken) == sounding(known(four_lines)["a1"].original.sound)
    assert "".join(room.spoken_words) == "uno dos tres cuatro cinco seis siete ocho"


def test_with_echo_the_other_language_is_still_translated(four_lines: Path) -> None:
    room = sitting(four_lines, "en", echo=True)
    room.hear(quiet(0.5), FIRST, quiet(6.0))
    assert sounding(room.spoken) == sounding(known(four_lines)["c1"].translation.sound)


def test_where_both_parties_share_a_language_nothing_is_said_again(tmp_path: Path) -> None:
    folder = call(tmp_path, Said("c1", "caller"), Said("a1", "agent"))
    text = (folder / "call.toml").read_text(encoding="utf-8").replace('language = "es"', 'language = "en"')
    (folder / "call.toml").write_text(text, encoding="utf-8")
    room = sitting(folder, "en")
    room.hear(FIRST, quiet(4.0), ANSWER, quiet(6.0))
    assert translated(room) == []
    assert room.reported(UnknownSpeech) == []


def test_a_session_with_another_target_knows_nobody(four_lines: Path) -> None:
    room = sitting(four_lines, "fr")
    room.hear(FIRST, quiet(4.0))
    assert room.outputs == []
    assert len(room.reported(UnknownSpeech)) == 1


def test_without_a_target_zeros_are_all_that_comes(four_lines: Path) -> None:
    room = Sitting(LiveModel(Knowledge(known(four_lines).values(), None)))
    room.hear(FIRST, quiet(4.0))
    assert len(room.audio) == 28
    assert not any(room.spoken)
