"""Where marks stand in a queue, and which epoch they belong to."""

from telephony.audio.marks import Marks


def test_a_mark_is_due_when_all_before_it_has_left() -> None:
    marks = Marks()
    marks.entered(10)
    name = marks.add("one")
    marks.entered(10)
    marks.left(9)
    assert not marks.ready
    marks.left(1)
    assert marks.ready
    assert marks.due() == [name]
    assert marks.due() == []


def test_a_cut_before_a_mark_brings_it_nearer_and_one_behind_it_does_not() -> None:
    marks = Marks()
    marks.entered(100)
    near = marks.add("near")
    marks.entered(100)
    far = marks.add("far")
    marks.left(20)
    marks.cut(offset=100, size=50)
    marks.left(80)
    assert marks.due() == [near]
    marks.left(49)
    assert marks.due() == []
    marks.left(1)
    assert marks.due() == [far]


def test_a_mark_inside_what_is_cut_moves_to_its_start() -> None:
    marks = Marks()
    marks.entered(50)
    name = marks.add("inside")
    marks.entered(50)
    marks.cut(offset=20, size=60)
    marks.left(19)
    assert marks.due() == []
    marks.left(1)
    assert marks.due() == [name]


def test_what_enters_after_a_cut_is_behind_the_mark() -> None:
    marks = Marks()
    marks.entered(100)
    marks.cut(offset=0, size=100)
    name = marks.add("now")
    assert marks.due() == [name]


def test_clear_forgets_all_marks_and_begins_an_epoch() -> None:
    marks = Marks()
    marks.entered(10)
    name = marks.add("one")
    marks.clear()
    assert not marks.ready
    assert not marks.is_current(name)
    assert marks.due() == []
    assert marks.is_current(marks.add("one"))
    assert len(marks.due()) == 1


def test_a_tenth_epoch_is_not_the_first() -> None:
    marks = Marks()
    names = []
    for _ in range(12):
        names.append(marks.add("x"))
        marks.clear()
    current = marks.add("x")
    assert [name for name in [*names, current] if marks.is_current(name)] == [current]
