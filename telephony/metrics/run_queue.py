"""How long a thread waited for a core of the machine, where the system tells.

Linux: /proc/self/task/TID/schedstat has three numbers, of which the second is the nanoseconds that the thread was
ready to run and did not (kernel documentation, scheduler/sched-stats). So a loop that is late because its machine is
busy with others can be told from one that is blocked by its own code.
"""

import os
from contextlib import suppress


class RunQueue:
    """For the thread with this native id. `close()` lets go of the file."""

    def __init__(self, native_id: int) -> None:
        self._file: int | None = None
        self._before = 0.0
        with suppress(OSError):
            self._file = os.open(f"/proc/self/task/{native_id}/schedstat", os.O_RDONLY)
        self.since_last()

    def since_last(self) -> float:
        """Seconds waited since this was asked before; 0 where the system does not tell."""
        waited = self._waited()
        since, self._before = waited - self._before, waited
        return max(0.0, since)

    def _waited(self) -> float:
        if self._file is None:
            return 0.0
        try:
            return int(os.pread(self._file, 100, 0).split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return self._before

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
