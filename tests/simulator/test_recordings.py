from pathlib import Path

import numpy as np
import pytest

from telephony.audio import wav
from telephony.audio.format import PCM16_16K, PCMU_8K, AudioFormat, Encoding
from telephony.simulator import mulaw, recordings

SAMPLES = np.array([0, 4, -4, 8000, -8000, 32124], dtype=np.int16)


def test_a_mu_law_recording_is_decoded(tmp_path: Path) -> None:
    wav.write(tmp_path / "said.wav", mulaw.encode(SAMPLES), PCMU_8K)
    assert (recordings.read(tmp_path / "said.wav") == mulaw.decode(mulaw.encode(SAMPLES))).all()


def test_a_linear_recording_is_taken_as_it_is(tmp_path: Path) -> None:
    wav.write(tmp_path / "said.wav", SAMPLES.tobytes(), AudioFormat(Encoding.PCM16, 8000))
    assert (recordings.read(tmp_path / "said.wav") == SAMPLES).all()


def test_another_rate_is_refused_by_its_rate(tmp_path: Path) -> None:
    wav.write(tmp_path / "said.wav", SAMPLES.tobytes(), PCM16_16K)
    with pytest.raises(recordings.RecordingError, match="16000 samples a second"):
        recordings.read(tmp_path / "said.wav")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(recordings.RecordingError, match="cannot be read"):
        recordings.read(tmp_path / "said.wav")


def test_a_file_that_is_no_wav_is_refused_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "said.wav").write_text("Good morning.")
    with pytest.raises(recordings.RecordingError) as refused:
        recordings.read(tmp_path / "said.wav")
    assert str(tmp_path) not in str(refused.value)
