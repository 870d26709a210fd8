"""Dashboards, rules and alerts ask for figures that the service has, with labels they can have."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Metric

from telephony.calls.guards.limits import Bounds, Limits
from telephony.calls.observer import Role
from telephony.calls.state import CallState, Outcome
from telephony.engines.base import Reason, Trouble
from telephony.metrics.house_watch import HouseWatch
from telephony.metrics.instruments import TURNED_AWAY, Result
from telephony.metrics.readiness import NotReady

INFRA = Path(__file__).parents[2] / "infra"
RULES = sorted((INFRA / "prometheus").rglob("*.yaml"))
DASHBOARDS = sorted((INFRA / "grafana/dashboards").glob("*.json"))

ENDS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "info": ("_info",)}

VALUES: dict[str, set[str]] = {
    "outcome": set(Outcome),
    "state": set(CallState),
    "trouble": set(Trouble),
    "speaker": set(Role),
    "role": set(Role),
    "result": set(Result),
    "reason": {*Reason, *NotReady, *TURNED_AWAY},
    "cause": {"hand-over", "outage"},
    "status": {"2xx", "3xx", "4xx", "5xx", "gone"},
}


class NoWrites:
    """A keeper with nothing to do."""

    dropped = 0
    behind = 0

    def oldest_unwritten_age(self, now: float) -> float:
        return now - now


def names(metric: Metric) -> Iterator[str]:
    """What a figure's series are called."""
    return (metric.name + end for end in ENDS.get(metric.type, ("",)))


@pytest.fixture(scope="module")
def figures() -> set[str]:
    limits = Limits(Bounds(calls_at_once=1))
    watch = HouseWatch(limits, NoWrites(), asyncio.Event(), lambda: 0.0, lambda: datetime.now(UTC))
    return {name for metric in watch.registry.collect() for name in names(metric)}


def expressions(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (value for name, value in part.items() if name == "expr")
        for value in part.values():
            yield from expressions(value)
    elif isinstance(part, list):
        for value in part:
            yield from expressions(value)


def recorded() -> set[str]:
    return {name for path in RULES for name in re.findall(r"record: (\S+)", path.read_text("utf-8"))}


def asked_for(text: str) -> set[str]:
    """Series and recorded names in an expression or a file of them."""
    return set(re.findall(r"\b(?:\w+:)?(?:telephony|process)_\w+(?::\w+)?", text))


def unknown(text: str, figures: set[str]) -> set[str]:
    return asked_for(text) - figures - recorded() - {"telephony_ready"}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_rules_ask_for_figures_that_are_there(path: Path, figures: set[str]) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if "alertname" not in line]
    assert unknown("\n".join(lines), figures) == set()


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.name)
def test_dashboards_ask_for_figures_that_are_there(path: Path, figures: set[str]) -> None:
    shown = list(expressions(json.loads(path.read_text("utf-8"))))
    assert len(shown) > 30
    assert [expression for expression in shown if unknown(expression, figures)] == []


def test_a_figure_that_is_not_there_would_be_noticed(figures: set[str]) -> None:
    assert unknown("rate(telephony_calls_ended_total[5m])", figures) == {"telephony_calls_ended_total"}


@pytest.mark.parametrize("path", [*RULES, *DASHBOARDS], ids=lambda path: path.name)
def test_labels_are_asked_for_values_they_can_have(path: Path) -> None:
    text = path.read_text("utf-8").replace('\\"', '"')
    asked = re.findall(rf'\b({"|".join(VALUES)})(?:=|!=|=~|!~)"([^"$*]+)"', text)
    assert {(label, value) for label, values in asked for value in values.split("|") if value not in VALUES[label]} == (
        set()
    )


def test_what_has_to_be_watched_can_be_seen() -> None:
    text = "".join(path.read_text("utf-8") for path in DASHBOARDS)
    wanted: tuple[str, ...] = (
        "calls_total",
        "calls_live",
        "sessions_live",
        "session_setup",
        "answer_seconds",
        "ear_voice",
        "own_delay",
    )
    wanted += ("lag_seconds", "hand_overs", "source_lost", "stalls", "webhook", "calls_refused", "cost", "spoken_dbfs")
    assert [name for name in (*wanted, "event_loop_lag", "store_behind") if name not in text] == []
