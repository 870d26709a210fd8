"""A call as the page is told of it: JSON-ready, without numbers or names; words and cost only for who may see them.

Version 1 of the feed's messages. Each is one object: `v`; `kind`, "snapshot" (forget what you know) or "changes";
`calls`, each with its `id` and, where they changed, `facts` and the bubbles in `said`; `gone`, ids of calls that are
shown no more; `unshown`, calls beyond those that are shown; `turned_away`, calls that were not taken, or null;
`merged`, how many changes were told in one with a newer. Times are seconds since 1970.
"""

from typing import Any, Final

from telephony.console.card import Card, Direction, Mark
from telephony.console.words import Bubble
from telephony.engines.base import Side

VERSION: Final = 1
SILENCE_DBFS: Final = -90.0

Json = dict[str, Any]


def facts_of(card: Card, minute_price: float | None) -> Json:
    """Everything but the words. `minute_price`: of a session's minute; None where cost is not to be seen."""
    return {
        "since": round(card.since, 1),
        "state": card.state,
        "outcome": card.outcome,
        "parties": [
            {"role": party.role, "language": party.language, "state": party.state} for party in card.parties
        ],
        "directions": [_direction(one) for one in card.directions.values()],
        "marks": [_mark(one) for one in card.marks],
        "cost": None if minute_price is None else round(card.session_s / 60 * minute_price, 5),
    }  # fmt: skip


def bubble_of(bubble: Bubble) -> Json:
    return {
        "n": bubble.number,
        "speaker": bubble.speaker,
        "spoken": bubble.side is Side.SPOKEN,
        "language": bubble.language,
        "text": bubble.text.strip(),
    }


def _direction(direction: Direction) -> Json:
    """`behind_s`: how long after the speaker the listener hears it: of the newest phrase, or what is queued if more."""
    reading = direction.reading
    return {
        "speaker": direction.speaker,
        "heard": direction.heard,
        "failing": direction.failing,
        "direct": reading.resting if reading else False,
        "behind_s": round(max(reading.lag_s, reading.ear_voice_s or 0.0), 1) if reading else None,
        "voice_dbfs": _level(reading.heard_dbfs) if reading else SILENCE_DBFS,
        "translation_dbfs": _level(reading.spoken_dbfs) if reading else SILENCE_DBFS,
    }


def _level(dbfs: float) -> float:
    """JSON has no infinity."""
    return round(max(dbfs, SILENCE_DBFS), 1)


def _mark(mark: Mark) -> Json:
    return {
        "n": mark.number,
        "at": round(mark.at, 1),
        "kind": mark.kind,
        "speaker": mark.speaker,
        "why": mark.why,
        "lost_ms": round(mark.lost_ms),
        "repeated_ms": round(mark.repeated_ms),
    }
