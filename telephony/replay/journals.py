"""Evidence from what the processes wrote: `carrier.jsonl`, `live.jsonl`, the recordings, the transcript."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from telephony.audio import g711, wav
from telephony.replay.evidence import Evidence, Happened, Recognised, Said, SessionMark, Spoken, Told
from telephony.replay.phone_lines import phone_lines
from telephony.simulator.scenario import Scenario, Who

Entry = dict[str, Any]

RATE = 8000

HAPPENED = {
    "session-opened": Happened.OPENED,
    "session-refused": Happened.REFUSED,
    "fault": Happened.FAULT,
    "session-closed": Happened.CLOSED,
}


def gather(scenario: Scenario, folder: Path, transcripts: Path, left_running: tuple[str, ...]) -> Evidence:
    """Everything about the one call that was played into `folder`."""
    carrier, live = _entries(folder / "carrier.jsonl"), _entries(folder / "live.jsonl")
    heard = {who: _recording(folder / f"{who}-heard.wav") for who in Who}
    origin = float(carrier[0]["at"])
    opened, closed = _by_event(live, "session-opened"), _by_event(live, "session-closed")
    ended = {entry["line"]: entry["at"] for entry in _by_event(carrier, "line ended")}
    return Evidence(
        scenario=scenario,
        origin=origin,
        until=origin + len(heard[Who.CALLER]) / RATE,
        said={who: _recording(folder / f"{who}-said.wav") for who in Who},
        heard=heard,
        talk_began=next((entry["at"] for entry in _by_event(carrier, "talk began")), None),
        talk_ended={Who(entry["who"]): entry["at"] for entry in _by_event(carrier, "stream stopped")},
        lines=tuple(Said(e["line"], e["at"], ended.get(e["line"])) for e in _by_event(carrier, "line began")),
        recognised=tuple(
            Recognised(e["line"], e["session"], e["at"], e["first_sample"], e["position"])
            for e in _by_event(live, "line-recognised")
        ),
        spoken=tuple(Spoken(e["line"], e["at"], e["position"], e["session"]) for e in _by_event(live, "audio")),
        arrivals={e["session"]: tuple((at, samples) for at, samples in e["chunks"]) for e in closed},
        told=tuple(Told(Who(e["who"]), e["at"], e["text"]) for e in _by_event(carrier, "said")),
        underruns={who: sum(e["who"] == who for e in _by_event(carrier, "underrun")) for who in Who},
        warnings=(
            *(f"{e['code']} {e['reason']}" for e in _by_event(carrier, "problem")),
            *(f"unknown speech for {e['seconds']:.1f} s" for e in _by_event(live, "unknown-speech")),
            *_broken(folder / "service.log"),
        ),
        outcome=_outcome(transcripts),
        left_running=(*left_running, *(["a session"] * (len(opened) - len(closed)))),
        marks=tuple(_mark(entry) for entry in live if entry["event"] in HAPPENED),
        phone_lines=phone_lines(
            [(Who(entry["who"]), entry["frames"]) for entry in _by_event(carrier, "line")], _counted(transcripts)
        ),
    )


def _entries(path: Path) -> list[Entry]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _mark(entry: Entry) -> SessionMark:
    detail = entry.get("kind", entry.get("code"))
    shown = "" if detail is None else str(detail)
    return SessionMark(entry["at"], HAPPENED[entry["event"]], entry["session"], entry["target"], shown)


def _by_event(entries: Iterable[Entry], event: str) -> list[Entry]:
    return [entry for entry in entries if entry["event"] == event]


def _recording(path: Path) -> bytes:
    audio, _ = wav.read(path)
    return g711.encode(audio)


def _outcome(transcripts: Path) -> str | None:
    for path in transcripts.glob("*/transcript.jsonl"):
        for entry in _entries(path):
            if entry.get("event") == "ended":
                return str(entry["outcome"])
    return None


def _counted(transcripts: Path) -> dict[Who, dict[str, float]]:
    """The latest that the service told of each party's line."""
    entries = [entry for path in transcripts.glob("*/transcript.jsonl") for entry in _entries(path)]
    return {Who(e["role"]): e["figures"] for e in entries if e.get("event") == "line" and e["role"] in set(Who)}


def _broken(log: Path) -> list[str]:
    """A traceback in the service's log is a defect wherever the call went."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return ["the service logged an exception"] if "Traceback" in text else []
