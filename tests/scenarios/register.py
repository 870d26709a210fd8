"""A register in memory, which outlives the processes of a test; it can be made to hang."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256

from telephony.calls.ports import Consent, MessageLeft
from telephony.calls.snapshot import CallSnapshot
from telephony.calls.state import CallState, LegState


class MemoryRegister:
    """Keeps the newest version of every call. `hangs` is how long each question takes to be answered."""

    def __init__(self) -> None:
        self.calls: dict[str, CallSnapshot] = {}
        self.languages: dict[str, str] = {}
        self.messages: list[MessageLeft] = []
        self.consents: list[Consent] = []
        self.hangs = 0.0

    def keep(self, call: CallSnapshot) -> None:
        known = self.calls.get(call.id)
        if known is None or call.version > known.version:
            self.calls[call.id] = call

    async def find(self, call: str) -> CallSnapshot | None:
        await asyncio.sleep(self.hangs)
        kept = self.calls.get(call)
        return kept if kept is not None and kept.ended is None else None

    async def open_calls(self) -> Sequence[CallSnapshot]:
        await asyncio.sleep(self.hangs)
        return [call for call in self.calls.values() if call.ended is None]

    def digest(self, number: str) -> str:
        return sha256(number.encode()).hexdigest() if number.startswith("+") else ""

    async def language_of(self, caller: str) -> str | None:
        await asyncio.sleep(self.hangs)
        return self.languages.get(caller)

    def speaks(self, caller: str, language: str) -> None:
        self.languages[caller] = language

    def message(self, message: MessageLeft) -> None:
        self.messages.append(message)

    def consent(self, consent: Consent) -> None:
        self.consents.append(consent)

    def check_all_over(self) -> None:
        """Fails unless every call has ended with an outcome and every leg of it is gone."""
        for call in self.calls.values():
            assert (call.state, call.ended is None, call.outcome is None) == (CallState.ENDED, False, False), call
            assert {leg.state for leg in call.legs} <= {LegState.GONE}, call.legs
