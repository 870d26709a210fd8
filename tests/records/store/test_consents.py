from dataclasses import replace
from datetime import timedelta

from telephony.records.store import Store
from telephony.records.store.consents import Consent
from tests.records.store.snapshots import NOON

YES = Consent("c1", "caller", "1", "es", True, NOON)


async def test_every_leg_answers_for_itself(store: Store) -> None:
    no = replace(YES, leg="agent-1", language="en", granted=False, at=NOON + timedelta(seconds=2))
    await store.consents.keep(no)
    await store.consents.keep(YES)
    assert await store.consents.of_call("c1") == [YES, no]
    assert await store.consents.of_call("c2") == []


async def test_an_answer_to_another_text_is_another_answer(store: Store) -> None:
    other = replace(YES, text_version="2", granted=False, at=NOON + timedelta(seconds=1))
    await store.consents.keep(YES)
    await store.consents.keep(other)
    assert await store.consents.of_call("c1") == [YES, other]


async def test_the_later_answer_to_the_same_text_wins_in_any_order(store: Store) -> None:
    no = replace(YES, granted=False, at=NOON + timedelta(seconds=1))
    for answer in (YES, no, YES):
        await store.consents.keep(answer)
    assert await store.consents.of_call("c1") == [no]


async def test_old_answers_are_purged(store: Store) -> None:
    later = replace(YES, call="c2", at=NOON + timedelta(seconds=1))
    await store.consents.keep(YES)
    await store.consents.keep(later)
    assert await store.consents.purge(later.at) == 1
    assert [await store.consents.of_call(call) for call in ("c1", "c2")] == [[], [later]]
