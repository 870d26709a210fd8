"""Calls to keep in tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from telephony.calls.snapshot import CallSnapshot, Direction, LegSnapshot
from telephony.calls.state import CallState, LegState, Outcome

NOON = datetime(2030, 5, 4, 12, tzinfo=UTC)
DIGEST = "5e" * 32

CALLER = LegSnapshot("caller", "caller", "es", LegState.JOINED, "CA1", may_be_recorded=True)
AGENT = LegSnapshot("agent-1", "agent", "en", LegState.RINGING, "CA2", party="ana")
TALK = CallSnapshot("c1", 3, Direction.IN, "main", CallState.TALKING, None, NOON, None, DIGEST, (CALLER, AGENT), 12.5)


def call(name: str = "c1", version: int = 1, **more: Any) -> CallSnapshot:
    return replace(TALK, id=name, version=version, **more)


def ended(name: str = "c1", version: int = 9, after_s: float = 60.0, **more: Any) -> CallSnapshot:
    over = {"state": CallState.ENDED, "outcome": Outcome.CALLER_HUNG_UP, "ended": NOON + timedelta(seconds=after_s)}
    return call(name, version, **over, **more)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=zones)
seconds = st.floats(min_value=0, max_value=1e9)

parties = st.builds(
    LegSnapshot,
    name=texts,
    role=st.sampled_from(["caller", "agent"]),
    language=texts,
    state=st.sampled_from(LegState),
    carrier_call=st.none() | texts,
    party=texts,
)
snapshots = st.builds(
    CallSnapshot,
    id=texts.filter(bool),
    version=st.integers(0, 2**62),
    direction=st.sampled_from(Direction),
    line=texts,
    state=st.sampled_from(CallState),
    outcome=st.none() | st.sampled_from(Outcome),
    began=moments,
    ended=st.none() | moments,
    caller=texts,
    legs=st.lists(parties, max_size=4, unique_by=lambda leg: leg.name).map(tuple),
    session_s=seconds,
)
