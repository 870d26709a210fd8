"""What comes out of a session, as a phone would play it, word by word."""

import asyncio
from collections import Counter

from telephony.engines.base import EngineEvent, TranslatedAudio, TranslationSession
from tests.engines.continuity.talk import FRAME_S, OUT_BYTES, Talk, decoded, is_silent


class Listener:
    """Plays what a session tells, as a phone would: gapless, silence left out while it is behind."""

    def __init__(self, session: TranslationSession) -> None:
        self.events: list[tuple[float, EngineEvent]] = []
        """All but sound."""
        self.heard: list[tuple[float, int, int]] = []
        """When each frame of a word was heard."""
        self.sound = 0
        """Messages of sound."""
        self._session = session
        self._until = 0.0

    async def listen(self) -> None:
        """Until the session is over."""
        async for event in self._session.events():
            now = asyncio.get_running_loop().time()
            if isinstance(event, TranslatedAudio):
                self._play(event.audio, now)
            else:
                self.events.append((now, event))

    def of(self, kind: type[EngineEvent]) -> list[tuple[float, EngineEvent]]:
        return [(at, event) for at, event in self.events if isinstance(event, kind)]

    def counts(self) -> Counter[int]:
        """How often the beginning of each word was heard."""
        return Counter(word for _, word, place in self.heard if place == 0)

    def whole(self, talk: Talk, pace: float = 1.0) -> Counter[int]:
        """How often each word was heard from beginning to end, unbroken."""
        lengths = {word.number: round(word.frames * pace) for word in talk.words}
        whole: Counter[int] = Counter()
        run = 0
        for _, word, place in self.heard:
            run = 1 if place == 0 else run + 1 if run == place else 0
            whole[word] += run == lengths.get(word)
        return +whole

    def _play(self, audio: bytes, now: float) -> None:
        self.sound += 1
        at = max(now, self._until)
        late = at - now
        if is_silent(audio):
            self._until = at + max(0.0, len(audio) / OUT_BYTES * FRAME_S - late)
            return
        for start in range(0, len(audio), OUT_BYTES):
            code = decoded(audio[start : start + OUT_BYTES])
            if code is None and late > 1e-9:
                late -= FRAME_S
                continue
            if code:
                self.heard.append((at, *code))
            at += FRAME_S
        self._until = at
