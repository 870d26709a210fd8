"""Messages that a listener heard in part, because the call was over."""

from telephony.replay.heard import MESSAGE, HeardMessage, cut_off, located


def message(position: float, at: float | None, session: int = 0) -> HeardMessage:
    return HeardMessage(sent=10.0 + position, position=position, at=at, session=session)


def test_what_follows_on_from_sound_and_has_no_time_to_end_was_begun() -> None:
    found = [message(0.0, 12.0), message(0.25, 12.25), message(0.5, None), message(0.75, None)]
    assert located(found) == [12.0, 12.25]
    assert cut_off(found, until=12.62) == [12.5]


def test_a_message_that_had_its_time_was_not_cut_off() -> None:
    assert cut_off([message(0.0, 12.0), message(0.25, None)], until=12.25 + MESSAGE + 0.01) == []


def test_nobody_hears_what_comes_after_the_end() -> None:
    assert cut_off([message(0.0, 12.0), message(0.25, None)], until=12.2) == []


def test_another_sessions_message_does_not_follow_on() -> None:
    assert cut_off([message(0.0, 12.0), message(0.25, None, session=1)], until=12.4) == []
