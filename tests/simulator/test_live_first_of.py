import asyncio

import pytest

from telephony.simulator.live_api.first_of import first_of


async def never(log: list[str]) -> str:
    try:
        await asyncio.Event().wait()
    finally:
        log.append("ended")
    return "never"


async def at_once(result: str) -> str:
    return result


async def wrong() -> str:
    raise ValueError("wrong")


async def test_the_first_that_is_done_counts_and_the_others_have_ended() -> None:
    log: list[str] = []
    assert await first_of(one=never(log), other=at_once("done"), third=never(log)) == "done"
    assert log == ["ended", "ended"]


async def test_of_two_that_are_done_at_once_the_earlier_named_counts() -> None:
    assert await first_of(one=at_once("one"), other=at_once("other")) == "one"


async def test_an_error_ends_all_of_them() -> None:
    log: list[str] = []
    with pytest.raises(ExceptionGroup) as error:
        await first_of(one=never(log), other=wrong())
    assert error.group_contains(ValueError)
    assert log == ["ended"]


async def test_all_of_them_end_with_whoever_waits() -> None:
    log: list[str] = []
    waiting = asyncio.create_task(first_of(one=never(log), other=never(log)), name="who waits")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert log == ["ended", "ended"]
