from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.records.store import Store
from telephony.records.store.messages import Message
from tests.records.store.snapshots import NOON, moments, seconds, texts

MESSAGE = Message(
    "m1", "c1", "main", "es", NOON, 12.25, "messages/m1.wav", "Llámeme, por favor — 😀", "Please call me back", "en"
)


async def test_a_message_comes_back_as_it_was_left(store: Store) -> None:
    await store.messages.keep(MESSAGE)
    assert await store.messages.find("m1") == MESSAGE


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    message=st.builds(
        Message,
        **dict.fromkeys(
            ("id", "call", "line", "language", "sound", "heard", "interpreted", "interpreted_language"), texts
        ),
        began=moments,
        seconds=seconds,
        incomplete=st.booleans(),
    )
)
async def test_whatever_was_said_comes_back(store: Store, message: Message) -> None:
    await store.messages.keep(message)
    assert await store.messages.find(message.id) == message


async def test_the_same_message_again_replaces_the_first(store: Store) -> None:
    whole = replace(MESSAGE, heard="Llámeme", incomplete=True)
    await store.messages.keep(MESSAGE)
    await store.messages.keep(whole)
    assert await store.messages.recent(9) == [whole]


@pytest.mark.parametrize(("said", "kept"), [("a\ud83d", "a?"), ("a\0b", "a\ufffdb")])
async def test_what_no_text_can_hold_does_not_cost_the_message(store: Store, said: str, kept: str) -> None:
    await store.messages.keep(replace(MESSAGE, heard=said, interpreted=said))
    found = await store.messages.find("m1")
    assert found is not None
    assert (found.heard, found.interpreted) == (kept, kept)


def test_what_was_said_does_not_show_in_a_repr() -> None:
    assert "call me" not in repr(MESSAGE)
    assert "Llámeme" not in repr(MESSAGE)


async def test_messages_come_a_page_at_a_time_newest_first(store: Store) -> None:
    for number in range(4):
        await store.messages.keep(replace(MESSAGE, id=f"m{number}", began=NOON + timedelta(seconds=number)))
    first = await store.messages.recent(2)
    assert [message.id for message in (*first, *await store.messages.recent(9, first[-1].began))] == [
        "m3",
        "m2",
        "m1",
        "m0",
    ]


async def test_who_removes_a_message_learns_which_sound_to_delete(store: Store) -> None:
    await store.messages.keep(MESSAGE)
    assert [await store.messages.remove("m1"), await store.messages.remove("m1")] == ["messages/m1.wav", None]


async def test_purging_tells_the_sounds_of_what_is_gone(store: Store) -> None:
    await store.messages.keep(MESSAGE)
    await store.messages.keep(replace(MESSAGE, id="m2", sound="messages/m2.wav", began=NOON + timedelta(seconds=5)))
    assert await store.messages.purge(NOON + timedelta(seconds=1)) == ("messages/m1.wav",)
    assert [message.id for message in await store.messages.recent(9)] == ["m2"]
