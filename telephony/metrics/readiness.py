"""Whether new calls may be sent here: refused before the sound of those that are up suffers. PURE"""

from dataclasses import dataclass
from enum import StrEnum


class NotReady(StrEnum):
    """Why not, in words for probes and metrics."""

    NOT_OPEN = "not-open"
    """It is just starting, or was told to stop."""
    DRAINING = "draining"
    LOOP_LATE = "event-loop-late"
    LINE_FULL = "line-full"
    QUOTA = "quota"
    """The engine has just refused sessions for want of quota."""
    STORE_BEHIND = "store-behind"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Seconds. Frames are due every 20 ms and a phone has a cushion of a few: 50 ms late is the last moment before it
    is heard. A process that is later than `refuses_lag_p90_s` for a tenth of the time turns away calls that reach it
    all the same; one block does not. The store may be away for a while, calls go on without it; what waits for it is
    bounded, though."""

    loop_lag_p99_s: float = 0.05
    refuses_lag_p90_s: float = 0.1
    store_waits_s: float = 300.0


USUAL = Thresholds()


@dataclass(frozen=True, slots=True)
class Standing:
    """How this process stands. `most_calls` None: no limit. `store_waits_s`: age of the oldest news not written yet,
    `store_behind` how many there are, `store_dropped` how many never will be. `spent_today` in the price's currency."""

    open: bool
    draining: bool
    loop_lag_p99_s: float
    calls: int
    most_calls: int | None
    no_quota: bool
    store_behind: int
    store_waits_s: float
    store_dropped: int
    spent_today: float


def against(standing: Standing, thresholds: Thresholds = USUAL) -> tuple[NotReady, ...]:
    """Every reason against new calls; none: ready."""
    holds = {
        NotReady.NOT_OPEN: not standing.open and not standing.draining,
        NotReady.DRAINING: standing.draining,
        NotReady.LOOP_LATE: standing.loop_lag_p99_s >= thresholds.loop_lag_p99_s,
        NotReady.LINE_FULL: standing.most_calls is not None and standing.calls >= standing.most_calls,
        NotReady.QUOTA: standing.no_quota,
        NotReady.STORE_BEHIND: standing.store_waits_s >= thresholds.store_waits_s,
    }
    return tuple(reason for reason, against in holds.items() if against)
