"""Sound kept with the time at which it was on the line, so that several recordings lie on one common time axis.

PURE: frames are 160 bytes of mu-law, times are seconds on the caller's clock.
"""

_RATE = 8000
_SILENT = b"\xff"
_SNAP = 80
"""Bytes (10 ms): a frame that starts this near to the end of the one before continues it; jitter cuts nothing."""

_LONGEST = 4 * 3600 * _RATE
"""Bytes kept at most, four hours; what comes later is not kept."""


class Tape:
    """What was on one line in one direction."""

    def __init__(self) -> None:
        self._runs: list[tuple[float, bytearray]] = []
        self._kept = 0

    def add(self, frame: bytes, now: float) -> None:
        """Keep a frame that began at `now`."""
        if self._kept + len(frame) > _LONGEST:
            return
        self._kept += len(frame)
        if self._runs and self._gap(now) < _SNAP:
            self._runs[-1][1].extend(frame)
        else:
            self._runs.append((now, bytearray(frame)))

    def between(self, origin: float, until: float) -> bytes:
        """The line from `origin` to `until`, silence where nothing was kept."""
        line = bytearray(_SILENT * max(0, round((until - origin) * _RATE)))
        for began, run in self._runs:
            place = round((began - origin) * _RATE)
            kept = run[max(0, -place) : max(0, len(line) - place)]
            line[max(0, place) : max(0, place) + len(kept)] = kept
        return bytes(line)

    def take_over(self, other: "Tape") -> None:
        """Lay the other tape's sound on this one."""
        self._runs = sorted([*self._runs, *other._runs], key=lambda run: run[0])

    def _gap(self, now: float) -> float:
        """Bytes between the end of the last run and `now`; negative where they overlap."""
        began, run = self._runs[-1]
        return (now - began) * _RATE - len(run)
