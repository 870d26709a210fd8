"""Writes every expression of Grafana dashboards as a recording rule, so that promtool can judge it.

dashboard_rules.py DASHBOARD.json ... > rules.yaml
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def expressions(part: Any) -> Iterator[str]:
    """Whatever stands under "expr", however deep."""
    if isinstance(part, dict):
        if isinstance(part.get("expr"), str):
            yield part["expr"]
        for value in part.values():
            yield from expressions(value)
    elif isinstance(part, list):
        for value in part:
            yield from expressions(value)


def rules(dashboards: list[Path]) -> dict[str, Any]:
    """The rules file. A variable of a dashboard, such as $instance, is put in as ".*"."""
    found = [
        {"record": f"dashboard:expression:{place}", "expr": re.sub(r"\$\{?\w+\}?", ".*", expression)}
        for dashboard in dashboards
        for place, expression in enumerate(expressions(json.loads(dashboard.read_text("utf-8"))))
    ]
    if not found:
        raise SystemExit("no expression in any dashboard")
    return {"groups": [{"name": "dashboards", "rules": found}]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(rules([Path(name) for name in sys.argv[1:]])))
