"""How the service grew: read from what it wrote down about itself."""

import json
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Growth:
    """Of the last process: at its first and last look, and the most in between. Bytes for `rss`."""

    seconds: float
    rss: tuple[int, int, int]
    tasks: tuple[int, int, int]
    files: tuple[int, int, int]
    most_rss: int
    """Of all processes."""


def read_growth(path: Path) -> Growth | None:
    """None where no process lived long enough to write."""
    looks = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    if not looks:
        return None
    last = [look for look in looks if look["pid"] == looks[-1]["pid"]]

    def three(name: str) -> tuple[int, int, int]:
        return last[0][name], max(look[name] for look in last), last[-1][name]

    return Growth(
        last[-1]["at"] - last[0]["at"],
        three("rss"),
        three("tasks"),
        three("files"),
        max(look["rss"] for look in looks),
    )
