from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from telephony.replay.report.placing import LEAST, place
from telephony.replay.report.timeline import Note, Stretch


def note(at: float, seconds: float = 2.0, text: str = "words") -> Note:
    return Note(Stretch(at, at + seconds), text, "en")


notes = st.lists(
    st.builds(note, st.floats(0, 60), st.floats(0.1, 12), st.text("abc ", min_size=1, max_size=200)), max_size=12
)


@given(notes)
def test_no_caption_covers_another(captions: list[Note]) -> None:
    placed = place(captions)
    assert sorted(map(id, captions)) == sorted(id(caption.note) for caption in placed)
    for row in {caption.row for caption in placed}:
        mine = [caption for caption in placed if caption.row == row]
        for one, following in pairwise(mine):
            assert one.note.stretch.began + one.room <= following.note.stretch.began + 1e-9


@given(notes)
def test_each_caption_has_room_to_be_read(captions: list[Note]) -> None:
    for caption in place(captions):
        assert caption.room >= LEAST - 1e-9
        assert caption.room >= len(caption.note.text) * 6.8 / 4 / 44 - 1e-9


def test_captions_that_do_not_meet_share_a_row() -> None:
    assert [caption.row for caption in place([note(0.0), note(4.0), note(9.0)])] == [0, 0, 0]


def test_a_caption_that_comes_too_early_stands_in_a_row_below() -> None:
    assert [(c.note.stretch.began, c.row) for c in place([note(1.0), note(0.0), note(6.0)])] == [
        (0.0, 0),
        (6.0, 0),
        (1.0, 1),
    ]


def test_ideographs_are_given_twice_the_room_of_letters() -> None:
    (latin,), (chinese,) = place([note(0.0, text="a" * 80)]), place([note(0.0, text="語" * 80)])
    assert chinese.room == 2 * latin.room
