"""Who hears whom in a conference: each party has its own frequency."""

import pytest

from telephony.simulator.carrier.conferences import Conferences, Party, Room
from telephony.simulator.carrier.verbs import Conference
from tests.simulator.scenes import loud_seconds, share, tone

HERTZ = (400, 900, 1500)


def party(**attributes: object) -> Party:
    return Party(Conference("r7f3", **{"beep": "false", **attributes}))  # type: ignore[arg-type]


def room_of(*parties: Party) -> Room:
    room = Room()
    for one in parties:
        room.enter(one)
    return room


def heard(room: Room, *parties: Party, seconds: float = 0.5) -> list[bytes]:
    """What each hears while the first speaks at 400 Hz, the second at 900, the third at 1500."""
    voices = [tone(hertz, seconds) for hertz in HERTZ]
    ears = [b"" for _ in parties]
    for place in range(0, round(seconds * 8000), 160):
        for one, voice in zip(parties, voices, strict=False):
            room.speak(one, voice[place : place + 160])
        ears = [ear + room.hear(one) for ear, one in zip(ears, parties, strict=True)]
    return ears


def test_each_of_three_hears_the_other_two_and_not_itself() -> None:
    parties = [party() for _ in HERTZ]
    for place, sound in enumerate(heard(room_of(*parties), *parties)):
        for other, hertz in enumerate(HERTZ):
            assert share(sound, hertz) == pytest.approx(0.0 if other == place else 0.5, abs=0.05)


def test_a_conference_starts_with_its_second_party() -> None:
    room = room_of(party())
    assert not room.started
    room.enter(party())
    assert room.started


def test_a_conference_waits_for_somebody_who_starts_it() -> None:
    room = room_of(party(start_conference_on_enter=False), party(start_conference_on_enter=False))
    assert not room.started
    room.enter(party())
    assert room.started


def test_nothing_is_heard_before_it_has_started_and_nothing_late_when_it_has() -> None:
    first, second = party(start_conference_on_enter=False), party()
    room = room_of(first)
    room.speak(first, tone(400, 0.02))
    room.enter(second)
    assert room.hear(second) == b"\xff" * 160


def test_who_is_muted_hears_and_is_not_heard() -> None:
    silent, loud = party(muted=True), party()
    ears = heard(room_of(silent, loud), silent, loud)
    assert share(ears[0], 900) > 0.9
    assert loud_seconds(ears[1]) == 0


def test_a_conference_goes_on_when_somebody_leaves_and_is_over_when_its_keeper_does() -> None:
    guest, keeper, other = party(), party(end_conference_on_exit=True), party()
    room = room_of(guest, keeper, other)
    room.leave(guest)
    assert not room.over
    room.leave(keeper)
    assert room.over


def test_the_beep_is_heard_by_those_who_are_there() -> None:
    there = [party(), party()]
    room = room_of(*there)
    room.enter(party(beep="onEnter"))
    for one in there:
        assert loud_seconds(b"".join(room.hear(one) for _ in range(20))) == pytest.approx(0.2)


def test_old_sound_is_dropped_where_nobody_takes_it() -> None:
    speaker, sleeper = party(), party()
    room = room_of(speaker, sleeper)
    for place in range(50):
        room.speak(speaker, bytes([place]) * 160)
    assert [room.hear(sleeper)[0] for _ in range(6)] == [45, 46, 47, 48, 49, 0xFF]


def test_a_room_is_known_by_its_name_until_it_is_empty_or_over() -> None:
    rooms = Conferences()
    room = rooms.room("r7f3")
    keeper, guest = party(end_conference_on_exit=True), party()
    room.enter(keeper)
    room.enter(guest)
    assert rooms.room("r7f3") is room
    assert rooms.room("another") is not room
    room.leave(keeper)
    again = rooms.room("r7f3")
    assert again is not room
    room.leave(guest)
    rooms.left("r7f3", room)
    assert rooms.room("r7f3") is again
