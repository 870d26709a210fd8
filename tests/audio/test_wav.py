"""WAV files, read and written."""

import struct
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.audio import wav
from telephony.audio.format import PCM16_16K, PCM16_24K, PCMU_8K, AudioFormat, Encoding


def chunk(name: bytes, body: bytes, size: int | None = None) -> bytes:
    return name + struct.pack("<I", len(body) if size is None else size) + body + b"\0" * (len(body) % 2)


def described(code: int = 7, channels: int = 1, rate: int = 8000, bits: int = 8) -> bytes:
    return struct.pack("<HHIIHH", code, channels, rate, rate * bits // 8, bits // 8, bits)


def riff(*chunks: bytes) -> bytes:
    return chunk(b"RIFF", b"WAVE" + b"".join(chunks))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "line.wav"


@pytest.mark.parametrize("form", [PCMU_8K, PCM16_16K, PCM16_24K])
@pytest.mark.parametrize("size", [0, 2, 318])
def test_what_is_written_is_read(path: Path, form: AudioFormat, size: int) -> None:
    audio = bytes(index % 256 for index in range(size))
    wav.write(path, audio, form)
    assert wav.read(path) == (audio, form)


def test_an_odd_number_of_mu_law_bytes_is_padded_and_comes_back_whole(path: Path) -> None:
    wav.write(path, b"\xff\xfe\xfd", PCMU_8K)
    assert path.stat().st_size % 2 == 0
    assert wav.read(path) == (b"\xff\xfe\xfd", PCMU_8K)


def test_the_standard_library_reads_what_we_write(path: Path) -> None:
    wav.write(path, b"\1\2\3\4", PCM16_16K)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16000)
        assert file.readframes(9) == b"\1\2\3\4"


def test_we_read_what_the_standard_library_writes(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22050)
        file.writeframes(b"\1\2\3\4")
    assert wav.read(path) == (b"\1\2\3\4", AudioFormat(Encoding.PCM16, 22050))


def test_a_mu_law_file_has_the_header_that_the_format_asks_for(path: Path) -> None:
    wav.write(path, b"\xff\xfe", PCMU_8K)
    expected = riff(chunk(b"fmt ", described() + b"\0\0"), chunk(b"fact", b"\2\0\0\0"), chunk(b"data", b"\xff\xfe"))
    assert path.read_bytes() == expected


def test_other_chunks_are_passed_over_wherever_they_stand(path: Path) -> None:
    other = chunk(b"LIST", b"odd")
    path.write_bytes(riff(other, chunk(b"fmt ", described()), other, chunk(b"data", b"\xff\xfe"), other))
    assert wav.read(path) == (b"\xff\xfe", PCMU_8K)


def test_a_chunk_cut_short_after_the_sound_does_not_matter(path: Path) -> None:
    path.write_bytes(riff(chunk(b"fmt ", described()), chunk(b"data", b"\xff\xfe"), chunk(b"LIST", b"ab", 99)))
    assert wav.read(path) == (b"\xff\xfe", PCMU_8K)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFF000])
def test_a_length_that_was_not_known_yet_means_the_rest_of_the_file(path: Path, size: int) -> None:
    path.write_bytes(riff(chunk(b"fmt ", described()), chunk(b"data", b"\xff\xfe\xfd\xfc", size)))
    assert wav.read(path) == (b"\xff\xfe\xfd\xfc", PCMU_8K)


def test_the_extensible_header_is_understood(path: Path) -> None:
    extension = struct.pack("<HHIH", 22, 16, 4, 1) + bytes.fromhex("000000001000800000aa00389b71")
    form = described(0xFFFE, rate=16000, bits=16) + extension
    path.write_bytes(riff(chunk(b"fmt ", form), chunk(b"data", b"\1\2")))
    assert wav.read(path) == (b"\1\2", PCM16_16K)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "expected RIFF and WAVE"),
        (b"RIFF\4\0\0\0AVI ", "expected RIFF and WAVE"),
        (riff(chunk(b"data", b"")), "no 'fmt ' chunk"),
        (riff(chunk(b"fmt ", described())), "no 'data' chunk"),
        (riff(chunk(b"fmt ", b"\7\0"), chunk(b"data", b"")), "'fmt ' of 2 bytes: expected at least 16"),
        (riff(chunk(b"fmt ", described(channels=2)), chunk(b"data", b"")), "2 channel"),
        (riff(chunk(b"fmt ", described(code=6)), chunk(b"data", b"")), "format 6 of 8 bits"),
        (riff(chunk(b"fmt ", described(code=1)), chunk(b"data", b"")), "expected PCM of 16 bits"),
        (riff(chunk(b"fmt ", described(rate=0)), chunk(b"data", b"")), "0 Hz"),
        (riff(chunk(b"fmt ", described()), chunk(b"data", b"\xff", 9)), "ends inside 'data': expected 9 bytes"),
    ],
)
def test_what_is_no_wav_of_ours_is_refused_by_name_with_what_was_expected(
    path: Path, content: bytes, expected: str
) -> None:
    path.write_bytes(content)
    with pytest.raises(wav.WavError, match=r"line\.wav") as refused:
        wav.read(path)
    assert expected in str(refused.value)


@given(content=st.binary(max_size=80))
def test_no_content_makes_it_fail_in_another_way(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.wav"
    path.write_bytes(b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + content)
    try:
        audio, form = wav.read(path)
    except wav.WavError:
        return
    assert len(audio) % form.sample_bytes == 0
