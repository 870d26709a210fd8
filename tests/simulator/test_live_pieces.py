from itertools import pairwise

import numpy as np
import pytest

from telephony.simulator.live_api.lines import Sound
from telephony.simulator.live_api.pieces import cut
from tests.simulator.spoken import quiet, voice

RATE = 8000


def scaled(*sounds: np.ndarray) -> Sound:
    return np.concatenate(sounds).astype(np.float32) / np.float32(32768)


def test_the_pieces_cover_what_is_said_without_a_gap() -> None:
    pieces = cut(scaled(quiet(0.5), voice(1, 4.0), quiet(0.7)), RATE)

    assert pieces[0].start == pytest.approx(0.5 * RATE, abs=0.05 * RATE)
    assert pieces[-1].end == pytest.approx(4.3 * RATE, abs=0.05 * RATE)  # the last syllable of this voice is a breath
    assert all(one.end == other.start for one, other in pairwise(pieces))


def test_a_piece_is_about_half_a_second_long() -> None:
    lengths = [(piece.end - piece.start) / RATE for piece in cut(scaled(voice(1, 10.0)), RATE)]
    assert all(0.3 <= length <= 0.7 for length in lengths[:-1])


def test_a_cut_lies_where_it_is_quiet() -> None:
    sound = scaled(voice(1, 10.0))
    loudness = [np.abs(sound[piece.end - 80 : piece.end + 80]).max() for piece in cut(sound, RATE)[:-1]]
    assert max(loudness) < 0.25 * np.abs(sound).max()


def test_a_pause_belongs_to_the_piece_before_it() -> None:
    pieces = cut(scaled(voice(1, 0.6), quiet(2.0), voice(2, 0.6)), RATE)
    assert [piece.start < 1.0 * RATE < piece.end for piece in pieces].count(True) == 1
    assert all(
        np.square(scaled(voice(1, 0.6), quiet(2.0), voice(2, 0.6))[p.start : p.end]).mean() > 1e-4 for p in pieces
    )


def test_a_short_word_is_one_piece() -> None:
    assert len(cut(scaled(quiet(0.1), voice(1, 0.4), quiet(0.1)), RATE)) == 1


def test_silence_has_no_pieces() -> None:
    assert cut(scaled(quiet(1.0)), RATE) == ()


def test_no_piece_goes_beyond_the_recording() -> None:
    sound = scaled(voice(1, 3.0))[:-37]
    assert cut(sound, RATE)[-1].end <= sound.size
