"""What calls tell and ask of the store (their `Register`), through a keeper that never makes them wait."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import structlog

from telephony.audio import wav
from telephony.audio.format import PCMU_8K
from telephony.calls.ports import Consent, MessageLeft, RegisterSilent
from telephony.calls.snapshot import CallSnapshot
from telephony.records.store.caller_key import CallerKey
from telephony.records.store.consents import Consent as KeptConsent
from telephony.records.store.keeper import Keeper
from telephony.records.store.messages import Message
from telephony.records.store.store import Store
from telephony.records.store.trouble import StoreUnavailable

log = structlog.get_logger(__name__)

MESSAGES = "messages"
"""The folder in the data folder where the sound of messages is."""


class StoreRegister:
    """A `Register` over a store. What cannot be asked of it is answered as if nothing were known, but for whose call a
    leg is in: one that is told of no such call is hung up."""

    def __init__(
        self, store: Store, keeper: Keeper, key: CallerKey, data_dir: Path, wall: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._keeper = keeper
        self._key = key
        self._data_dir = data_dir
        self._wall = wall

    def keep(self, call: CallSnapshot) -> None:
        self._keeper.keep(call)

    async def find(self, call: str) -> CallSnapshot | None:
        try:
            kept = await self._store.calls.find(call)
        except StoreUnavailable:
            log.warning("the store cannot say whose call this is", call=call)
            raise RegisterSilent from None
        return kept if kept is not None and kept.ended is None else None

    async def open_calls(self) -> Sequence[CallSnapshot]:
        try:
            return await self._store.calls.open_calls()
        except StoreUnavailable:
            log.warning("the store cannot say which calls are open")
            return ()

    def digest(self, number: str) -> str:
        return self._key.digest(number)

    async def language_of(self, caller: str) -> str | None:
        try:
            returning = await self._store.callers.find(caller) if caller else None
        except StoreUnavailable:
            return None
        return returning.language if returning else None

    def speaks(self, caller: str, language: str) -> None:
        if caller:
            seen = self._wall()
            self._keeper.later("caller's language", lambda: self._store.callers.remember(caller, language, seen))

    def message(self, message: MessageLeft) -> None:
        began = self._wall()
        name = f"{MESSAGES}/{secrets.token_hex(16)}.wav"
        kept = Message(
            id=secrets.token_hex(16),
            call=message.call,
            line=message.line,
            language=message.language,
            began=began,
            seconds=len(message.pcmu) / PCMU_8K.rate,
            sound=name,
            heard=message.heard,
            interpreted=message.interpreted,
            interpreted_language=message.into,
        )

        async def write() -> None:
            await asyncio.to_thread(self._write_sound, name, message.pcmu)
            await self._store.messages.keep(kept)

        self._keeper.later("message", write, call=message.call)

    def consent(self, consent: Consent) -> None:
        kept = KeptConsent(consent.call, consent.leg, consent.version, consent.language, consent.given, self._wall())
        self._keeper.later("consent", lambda: self._store.consents.keep(kept), call=consent.call)

    def _write_sound(self, name: str, pcmu: bytes) -> None:
        path = self._data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        wav.write(path, pcmu, PCMU_8K)
