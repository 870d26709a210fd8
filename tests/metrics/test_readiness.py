from dataclasses import replace

import pytest

from telephony.metrics.readiness import NotReady, Standing, Thresholds, against

WELL = Standing(
    open=True,
    draining=False,
    loop_lag_p99_s=0.01,
    calls=3,
    most_calls=10,
    no_quota=False,
    store_behind=4,
    store_waits_s=1.0,
    store_dropped=0,
    spent_today=2.5,
)


def test_a_house_that_stands_well_is_ready() -> None:
    assert against(WELL) == ()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"open": False}, NotReady.NOT_OPEN),
        ({"draining": True}, NotReady.DRAINING),
        ({"open": False, "draining": True}, NotReady.DRAINING),
        ({"loop_lag_p99_s": 0.05}, NotReady.LOOP_LATE),
        ({"calls": 10}, NotReady.LINE_FULL),
        ({"calls": 11}, NotReady.LINE_FULL),
        ({"no_quota": True}, NotReady.QUOTA),
        ({"store_waits_s": 300.0}, NotReady.STORE_BEHIND),
    ],
)
def test_each_reason_alone_is_enough(changed: dict[str, float], reason: NotReady) -> None:
    assert against(replace(WELL, **changed)) == (reason,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed", [{"loop_lag_p99_s": 0.049}, {"calls": 9}, {"store_waits_s": 299.0}, {"store_behind": 5000}]
)
def test_just_below_a_threshold_it_is_ready(changed: dict[str, float]) -> None:
    assert against(replace(WELL, **changed)) == ()  # type: ignore[arg-type]


def test_without_a_limit_the_line_is_never_full() -> None:
    assert against(replace(WELL, calls=100_000, most_calls=None)) == ()


def test_every_reason_that_holds_is_told() -> None:
    standing = replace(WELL, draining=True, loop_lag_p99_s=1.0, calls=10)
    assert against(standing) == (NotReady.DRAINING, NotReady.LOOP_LATE, NotReady.LINE_FULL)


def test_thresholds_can_be_others() -> None:
    assert against(replace(WELL, loop_lag_p99_s=0.2), Thresholds(loop_lag_p99_s=0.3)) == ()
    assert against(WELL, Thresholds(store_waits_s=0.5)) == (NotReady.STORE_BEHIND,)
