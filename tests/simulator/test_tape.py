from telephony.simulator.tape import Tape

FRAME = bytes(range(160))


def test_a_frame_lies_where_its_time_is() -> None:
    tape = Tape()
    tape.add(FRAME, 100.5)
    kept = tape.between(100.0, 101.0)
    assert len(kept) == 8000
    assert kept[4000:4160] == FRAME
    assert set(kept[:4000] + kept[4160:]) == {0xFF}


def test_frames_that_jitter_by_a_few_milliseconds_are_one_piece() -> None:
    tape = Tape()
    for place, late in enumerate([0.0, 0.004, -0.003, 0.008]):
        tape.add(FRAME, 7.0 + place * 0.02 + late)
    assert tape.between(7.0, 7.08) == FRAME * 4


def test_a_pause_is_kept_as_silence() -> None:
    tape = Tape()
    tape.add(FRAME, 1.0)
    tape.add(FRAME, 2.0)
    assert tape.between(1.0, 2.02) == FRAME + b"\xff" * (8000 - 160) + FRAME


def test_what_lies_outside_is_cut() -> None:
    tape = Tape()
    tape.add(FRAME, 5.0)
    assert tape.between(5.01, 5.02) == FRAME[80:]
    assert tape.between(4.99, 5.01) == b"\xff" * 80 + FRAME[:80]
    assert tape.between(6.0, 6.01) == b"\xff" * 80
    assert tape.between(3.0, 3.01) == b"\xff" * 80


def test_two_tapes_can_share_one_axis() -> None:
    early, late = Tape(), Tape()
    late.add(FRAME, 1.02)
    early.add(FRAME, 1.0)
    late.take_over(early)
    assert late.between(1.0, 1.04) == FRAME * 2
