"""What the simulated Live API writes down: one JSON object a line, `live.jsonl`, for whoever measures a call.

Every line has `at` (seconds, the monotonic clock of this machine, the same in every process), `session`, `target` and
`event`; the other fields are those of `report.py`, of an audio message that sounds, or named here.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from telephony.simulator.live_api.outputs import Audio
from telephony.simulator.live_api.report import (
    LineRecognised,
    PieceMissing,
    ReportEvent,
    TranslationBegan,
    TranslationEnded,
    UnknownSpeech,
)
from telephony.simulator.live_api.stream import Arrivals

Events = Callable[[Mapping[str, Any]], None]

_NAMES: Mapping[type[ReportEvent], str] = {
    LineRecognised: "line-recognised",
    TranslationBegan: "translation-began",
    TranslationEnded: "translation-ended",
    PieceMissing: "piece-missing",
    UnknownSpeech: "unknown-speech",
}


class Journal:
    """One session's entries, given to whoever listens."""

    def __init__(self, events: Events, session: int) -> None:
        self._events = events
        self._session = session
        self._target: str | None = None
        self._reported = 0

    def asked(self, target: str | None) -> None:
        """A session into this language has been asked for; every entry from now on says so."""
        self._target = target

    def opened(self, at: float, *, echo: bool) -> None:
        self._note(at, "session-opened", echo=echo)

    def fault(self, at: float, kind: str) -> None:
        """Something goes wrong from now on, because a call or a test wants it to."""
        self._note(at, "fault", kind=kind)

    def refused(self, at: float, code: int, reason: str) -> None:
        self._note(at, "session-refused", code=code, reason=reason)

    def reported(self, report: list[ReportEvent]) -> None:
        """Notes what has been added to the report since the last time."""
        for event in report[self._reported :]:
            fields = asdict(event)
            self._note(fields.pop("at"), _NAMES[type(event)], **fields)
        self._reported = len(report)

    def sent(self, at: float, audio: Audio) -> None:
        """Notes a message that sounds; `at` is when it was sent, `due` when it should have been."""
        if audio.line is not None:
            fields = {"due": audio.at, "sample": audio.sample, "line": audio.line, "position": audio.position}
            self._note(at, "audio", **fields)

    def closed(self, at: float, code: int | None, arrivals: Arrivals) -> None:
        """`chunks`: for each chunk of sound that came, when, and how many samples had come by then."""
        self._note(at, "session-closed", code=code, chunks=arrivals.log())

    def _note(self, at: float, event: str, **fields: Any) -> None:
        self._events({"at": at, "session": self._session, "target": self._target, "event": event, **fields})


class JsonLines:
    """A file of events; each line is on the disk when the call returns."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", buffering=1)

    def __call__(self, event: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")

    def close(self) -> None:
        self._file.close()
