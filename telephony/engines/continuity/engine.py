"""Any engine, with sessions that do not end with their connections."""

import asyncio

from telephony.audio.format import AudioFormat
from telephony.engines.base import Engine, SessionRefused, TranslationSession, Trouble
from telephony.engines.continuity.handover import HandOver
from telephony.engines.continuity.policy import Policy, Rotation
from telephony.engines.continuity.session import Clock, ContinuousSession, opened


class ContinuousEngine:
    """An `Engine` around an engine.

    A call's two directions are opened one right after the other. So every second session keeps its hand-overs by age
    half a period away from those of the session before it.
    """

    def __init__(self, engine: Engine, clock: Clock, policy: Policy | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._policy = policy or Policy()
        self._sessions = 0
        self._quota_until = float("-inf")
        """New sessions are refused until then, so that those that run find a replacement when they need one."""

    @property
    def input_format(self) -> AudioFormat:
        return self._engine.input_format

    @property
    def output_format(self) -> AudioFormat:
        return self._engine.output_format

    @property
    def chunk_ms(self) -> int:
        return self._engine.chunk_ms

    async def open(self, target_language: str) -> ContinuousSession:
        """A session with its first connection set up.

        Raises SessionRefused where that is no use to try (fatal, quota), or after `Policy.first_tries`: a call that
        has not begun is better told at once.
        """
        second = self._sessions % 2 == 1
        self._sessions += 1
        first = await self._first(target_language)
        now = self._clock()
        rotation = Rotation(self._policy.oldest, now, second=second)
        formats = self.input_format, self.output_format
        handover = HandOver(target_language, formats, self.chunk_ms, self._policy, rotation.next_after)
        session = ContinuousSession(self._engine, target_language, handover, self._policy, self._clock)
        await session.start(first)
        return session

    async def close(self) -> None:
        await self._engine.close()

    async def _first(self, target_language: str) -> TranslationSession:
        if self._clock() < self._quota_until:
            raise SessionRefused(Trouble.QUOTA, "it was exceeded a moment ago; running sessions go first")
        tries = 1
        while True:
            try:
                return await opened(self._engine, target_language, self._policy)
            except SessionRefused as refused:
                if refused.trouble is Trouble.QUOTA:
                    self._quota_until = self._clock() + self._policy.quota_backoff[0]
                if refused.trouble.fatal or refused.trouble is Trouble.QUOTA or tries >= self._policy.first_tries:
                    raise
                await asyncio.sleep(self._policy.wait(refused.trouble, tries))
                tries += 1
