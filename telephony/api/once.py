"""Answers to requests that must be done once only, however often they are sent. PURE.

The Idempotency-Key header field: draft-ietf-httpapi-idempotency-key-header, section 2.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from telephony.api.call_views import CallView
from telephony.api.problem import Problem

KEPT_FOR: Final = timedelta(days=1)
MOST_KEYS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Done:
    asked: bytes
    answer: CallView
    at: datetime


class Once:
    """Remembers the good answers of a day, `most` of them; beyond, the oldest are forgotten. What was asked for is kept
    as a digest only: it holds numbers."""

    def __init__(self, most: int = MOST_KEYS) -> None:
        self._most = most
        self._done: OrderedDict[str, Done] = OrderedDict()

    def __len__(self) -> int:
        return len(self._done)

    def answer_to(self, key: str, asked: str, now: datetime) -> CallView | None:
        """The answer that `key` got. Raises Problem (422) where something else was asked for under it."""
        self._forget(now)
        if (done := self._done.get(key)) is None:
            return None
        if done.asked != _digest(asked):
            raise Problem(422, "Idempotency-Key was used for another request; choose a new one", reason="key-reused")
        return done.answer

    def remember(self, key: str, asked: str, answer: CallView, now: datetime) -> None:
        self._done[key] = Done(_digest(asked), answer, now)
        self._forget(now)

    def _forget(self, now: datetime) -> None:
        """The oldest stands first."""
        while self._done and (len(self._done) > self._most or now - next(iter(self._done.values())).at > KEPT_FOR):
            self._done.popitem(last=False)


def _digest(asked: str) -> bytes:
    return sha256(asked.encode()).digest()
