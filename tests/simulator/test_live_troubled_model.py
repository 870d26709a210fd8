"""A session with faults in virtual time: each comes at its moment, and does what it is called for."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from telephony.simulator.live_api.fault_plan import FaultPlan, TalkClock
from telephony.simulator.live_api.faults import AtSession, AtTalk, Fault, Heard, Kind, OfLine, Trigger
from telephony.simulator.live_api.model import Knowledge, LiveModel
from telephony.simulator.live_api.outputs import Audio, InputTranscript, OutputTranscript
from telephony.simulator.live_api.refusal import DEADLINE
from telephony.simulator.live_api.report import LineRecognised
from telephony.simulator.live_api.troubled_model import EndAnnounced, Ended, FaultBegan, TroubledModel
from telephony.simulator.scenario import load
from tests.simulator.spoken import Said, Samples, call, known, over_the_line, quiet, voice

OPENED = 100.0
LINE = voice(0, 4.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One line of the caller, at 0 s of the talk; understood after a second, interpreted after a second more."""
    return call(tmp_path_factory.mktemp("troubled") / "call", Said("c1", "caller", 4.0, 4.0))


class Room:
    """A session that is given sound as fast as it is spoken."""

    def __init__(self, folder: Path, *faults: Fault, talk: TalkClock | None = None) -> None:
        model = LiveModel(Knowledge(known(folder).values(), "en"))
        self.model = TroubledModel(model, faults, talk or TalkClock([load(folder)]), OPENED)
        self.now = OPENED
        self.came: list[object] = []

    def hear(self, *sounds: Samples) -> None:
        pcm = over_the_line(*sounds)
        for at in range(0, len(pcm), 3200):
            self._until(self.now + 0.1)
            self.model.hear(pcm[at : at + 3200], self.now)
            self.came += self.model.due(self.now)

    def _until(self, then: float) -> None:
        while (due := self.model.next_due()) is not None and due < then:
            self.came += self.model.due(due)
        self.now = then

    @property
    def struck(self) -> float:
        """Seconds of the session at which its fault came."""
        (began,) = (event for event in self.came if isinstance(event, FaultBegan))
        return began.at - OPENED

    def audio(self, *, after: float = 0.0, before: float = 1000.0) -> list[Audio]:
        return [a for a in self.came if isinstance(a, Audio) and after < a.at - OPENED <= before]

    def words(self, *, after: float = 0.0) -> list[InputTranscript | OutputTranscript]:
        return [
            words
            for words in self.came
            if isinstance(words, InputTranscript | OutputTranscript) and words.at - OPENED > after
        ]


def test_without_faults_it_is_the_model(folder: Path) -> None:
    plain, room = LiveModel(Knowledge(known(folder).values(), "en")), Room(folder)
    room.hear(LINE, quiet(4.0))
    now, pcm, came = OPENED, over_the_line(LINE, quiet(4.0)), []
    for at in range(0, len(pcm), 3200):
        now += 0.1
        came += plain.due(now - 1e-9)
        plain.hear(pcm[at : at + 3200], now)
        came += plain.due(now)
    assert room.came == came


@pytest.mark.parametrize(
    ("trigger", "moment"),
    [
        (AtSession(2.345), 2.345),
        (Heard(2.5), 2.5),
        (OfLine("c1", 0.75), 1.5 + 3.0),
        (OfLine("c1", 0.0), 1.5 + 1.0),
        (AtTalk(3.0), 1.5 + 3.0),
        (AtTalk(0.2), 1.5 + 1.0),
    ],
    ids=["of the session", "heard", "of a line", "before it is understood", "of the talk", "before that is known"],
)
def test_a_fault_comes_at_its_moment(folder: Path, trigger: Trigger, moment: float) -> None:
    """Sound comes in chunks of a tenth of a second, and a line is known by pieces of half a second."""
    room = Room(folder, Fault(Kind.STALL, trigger))
    room.hear(quiet(1.5), LINE, quiet(1.0))
    exact = isinstance(trigger, AtSession)
    latest = 0.5 if moment == 2.5 and not isinstance(trigger, Heard) else 0.11
    assert moment - 1e-6 <= room.struck <= moment + (1e-6 if exact else latest)


def test_a_moment_of_the_talk_is_known_to_every_session_once_one_has_heard_a_line(folder: Path) -> None:
    plan = FaultPlan([load(folder)])
    plan.talk.heard("c1", OPENED - 10.0, 0.0)
    room = Room(folder, Fault(Kind.STALL, AtTalk(12.0)), talk=plan.talk)
    room.hear(quiet(3.0))
    assert room.struck == pytest.approx(2.0)


def test_a_goaway_is_followed_by_the_close_it_announced(folder: Path) -> None:
    room = Room(folder, Fault(Kind.GOAWAY, AtSession(1.0), seconds_left=2.5, close=DEADLINE))
    room.hear(LINE, quiet(2.0))
    notice, end = (event for event in room.came if isinstance(event, EndAnnounced | Ended))
    assert notice == EndAnnounced(OPENED + 1.0, 2.5)
    assert end == Ended(OPENED + 3.5, DEADLINE)
    assert room.audio(after=1.0)
    assert room.came[-1] is end
    assert room.model.next_due() is None


def test_after_a_close_nothing_comes(folder: Path) -> None:
    room = Room(folder, Fault(Kind.CLOSE, OfLine("c1", 0.75), close=DEADLINE))
    room.hear(LINE, quiet(4.0))
    assert isinstance(room.came[-1], Ended)
    assert room.audio(before=room.struck)


def test_a_stalled_session_says_nothing_more_and_still_hears(folder: Path) -> None:
    room = Room(folder, Fault(Kind.STALL, AtSession(0.4)))
    room.hear(LINE, quiet(4.0))
    assert isinstance(room.came[-1], FaultBegan)
    assert room.model.arrivals.samples == 16000 * 8
    assert any(isinstance(event, LineRecognised) for event in room.model.report)


def test_a_silent_session_goes_on_sending_zeros_and_no_words(folder: Path) -> None:
    room = Room(folder, Fault(Kind.SILENT, OfLine("c1", 0.75)))
    room.hear(LINE, quiet(4.0))
    assert any(any(audio.pcm24k) for audio in room.audio(before=room.struck))
    after = room.audio(after=room.struck)
    assert len(after) == pytest.approx(4 * (8.0 - room.struck), abs=1)
    assert not any(any(audio.pcm24k) or audio.line for audio in after)
    assert room.words(after=room.struck) == []


def test_a_session_that_is_silent_from_the_beginning_sends_zeros_from_then_on(folder: Path) -> None:
    room = Room(folder, Fault(Kind.SILENT, AtSession(0.5)))
    room.hear(quiet(2.0))
    assert [audio.at - OPENED for audio in room.audio()] == pytest.approx(np.arange(0.5, 2.0, 0.25))


def test_a_session_with_a_tone_sends_one_tone_without_a_break(folder: Path) -> None:
    room = Room(folder, Fault(Kind.TONE, OfLine("c1", 0.75)))
    room.hear(LINE, quiet(4.0))
    sound = np.frombuffer(b"".join(audio.pcm24k for audio in room.audio(after=room.struck)), "<i2").astype(float)
    power = np.abs(np.fft.rfft(sound * np.hanning(sound.size))) ** 2
    near = np.abs(np.fft.rfftfreq(sound.size, 1 / 24000) - 440) < 3
    assert power[near].sum() > 0.9999 * power.sum()
    assert 20 * np.log10(np.sqrt(np.mean(sound**2)) / 32768) == pytest.approx(-20, abs=0.5)
    assert room.words(after=room.struck) == []


def test_a_session_in_the_wrong_language_only_says_so(folder: Path) -> None:
    healthy, room = Room(folder), Room(folder, Fault(Kind.WRONG_LANGUAGE, AtSession(0.0), language="pt-BR"))
    for either in (healthy, room):
        either.hear(LINE, quiet(4.0))
    assert {words.language for words in room.words() if isinstance(words, OutputTranscript)} == {"pt-BR"}
    assert {words.language for words in room.words() if isinstance(words, InputTranscript)} == {"es"}
    assert room.audio() == healthy.audio()


def test_a_slow_interpreter_sends_as_fast_as_another_and_has_more_to_send(tmp_path: Path) -> None:
    fast = call(tmp_path / "fast", Said("c1", "caller", 4.0, 4.0))
    slow = call(tmp_path / "slow", Said("c1", "caller", 4.0, 4.0))
    text = (slow / "call.toml").read_text(encoding="utf-8").replace("lag = 1.0", "lag = 1.0\npace = 1.25")
    (slow / "call.toml").write_text(text, encoding="utf-8")
    spans = []
    for folder, seconds, step in ((fast, 4.0, 0.25), (slow, 5.0, 0.2)):
        room = Room(folder)
        room.hear(LINE, quiet(6.0))
        sounding = [audio for audio in room.audio() if audio.line]
        assert sum(len(audio.pcm24k) for audio in sounding) / 48000 == pytest.approx(seconds, abs=0.5)
        assert np.median([b.at - a.at for a, b in pairwise(sounding)]) == pytest.approx(step)
        spans.append(sounding[-1].at - sounding[0].at)
    assert spans[1] == pytest.approx(spans[0], abs=0.5)
