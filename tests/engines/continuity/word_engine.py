"""An engine that says a numbered word for each one it heard whole, and that fails as it is told to."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from telephony.audio.format import PCM16_16K, PCM16_24K, AudioFormat
from telephony.engines.base import (
    EngineEvent,
    GoAway,
    SessionLost,
    SessionRefused,
    Side,
    Transcript,
    TranslatedAudio,
    Trouble,
)
from tests.engines.continuity.talk import FRAME_S, IN_BYTES, OUT_BYTES, Talk, coded, decoded, is_silent, silence


@dataclass(slots=True)
class Ways:
    """How the sessions of an engine behave; may be changed while they run."""

    lag: float = 1.5
    pace: float = 1.0
    """Frames of translation for a frame of speech."""
    message_frames: int = 12
    language: str = ""
    """What its transcripts say that it speaks; none if empty."""
    hears: str = ""
    """What its transcripts say that it hears; none if empty."""
    fault: str = ""
    """Of every session that is opened: mute, stalled, tone or wrong (language)."""
    mute: bool = False
    """It says nothing, because nothing has to be translated."""
    open_takes: float = 0.2
    refuses: Trouble | None = None
    lives: float | None = None
    """How long its connections live before the other side drops them."""
    goes_away: tuple[float, float | None] | None = None
    """After how long a GoAway is sent, and the seconds it names."""
    drop: Trouble = Trouble.DROPPED
    attempts: list[float] = field(default_factory=list)
    """When a session was asked for."""


class WordSession:
    """Hears words, and says them `lag` after it heard their beginning, one after the other."""

    def __init__(self, target_language: str, ways: Ways) -> None:
        self.target_language = target_language
        self.closed = False
        self.heard: list[int] = []
        """Words that were heard whole."""
        self.fault = ways.fault
        self.clogged = False
        """It takes no more sound."""
        self.lost = False
        """The other side ended it."""
        self.frames = 0
        """Of sound that it was sent."""
        self.opened_at = self.ended_at = self._now()
        self._ways = ways
        self._word: list[int] = []
        self._began = 0.0
        self._number = 0
        self._said = 0
        """Frames since then, silence included; and the frame at which the last word will have been said."""
        self._said_until = 0
        self._saying: deque[tuple[int, int, int]] = deque()
        """The frame at which a word begins, its number and its length."""
        self._events: asyncio.Queue[EngineEvent] = asyncio.Queue(2000)
        self._speaks = asyncio.Event()
        self._speaker = asyncio.create_task(self._speak(), name="word session speaks")
        self._life = asyncio.create_task(self._live(), name="word session lives")

    async def send_audio(self, pcm: bytes) -> None:
        if self.clogged:
            await asyncio.get_running_loop().create_future()
        if self.closed:
            return
        self.frames += len(pcm) // IN_BYTES
        if is_silent(pcm):
            self._word = []
            return
        for at in range(0, len(pcm), IN_BYTES):
            self._hear(pcm[at : at + IN_BYTES], at // IN_BYTES)

    async def events(self) -> AsyncIterator[EngineEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, SessionLost):
                return

    def lose(self, trouble: Trouble) -> None:
        """The other side ends it."""
        self.lost = not self.closed
        self._events.put_nowait(SessionLost(trouble, "lost by the test"))
        self._end()

    def go_away(self, seconds: float | None) -> None:
        self._events.put_nowait(GoAway(seconds))

    async def close(self) -> None:
        self._end()
        await asyncio.wait((self._speaker, self._life))

    def _end(self) -> None:
        if not self.closed:
            self.ended_at = self._now()
        self.closed = True
        self._speaker.cancel()
        if self._life is not asyncio.current_task():
            self._life.cancel()

    def _hear(self, frame: bytes, _place: int) -> None:
        code = decoded(frame)
        if code is None:
            self._word = []
            return
        number, place = code
        if place == 0:
            self._began, self._number, self._word = self._now(), number, [0]
        elif self._word and self._number == number and self._word[-1] == place - 1:
            self._word.append(place)
        else:
            self._word = []

    def finish_word(self, number: int, frames: int) -> None:
        """Called for a word whose last frame has been heard."""
        self.heard.append(number)
        if self._ways.hears:
            self._events.put_nowait(Transcript(Side.HEARD, f" {number}", self._ways.hears))
        if self._ways.mute or self.fault == "mute":
            return
        wanted = round(
            (
                max(self._began + self._ways.lag, self._now() + self._ways.message_frames * FRAME_S + FRAME_S)
                - self.opened_at
            )
            / FRAME_S
        )
        begins, length = max(wanted, self._said_until + 3), round(frames * self._ways.pace)
        self._said_until = begins + length
        self._saying.append((begins, number, length))
        self._speaks.set()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _live(self) -> None:
        if self._ways.goes_away:
            after, seconds = self._ways.goes_away
            await asyncio.sleep(after)
            self.go_away(seconds)
            await asyncio.sleep(max(0.0, 50.0 if seconds is None else seconds))
        elif self._ways.lives is not None:
            await asyncio.sleep(self._ways.lives)
        else:
            await asyncio.get_running_loop().create_future()
        self.lose(self._ways.drop)

    async def _speak(self) -> None:
        await self._speaks.wait()
        self._said = round((self._now() - self.opened_at) / FRAME_S)
        while True:
            if self.fault != "stalled":
                self._message()
            await asyncio.sleep(self._ways.message_frames * FRAME_S)

    def _message(self) -> None:
        count, now = self._ways.message_frames, self._said
        self._said += count
        if self.fault == "tone":
            self._events.put_nowait(TranslatedAudio(b"\x00\x10\x00\xf0" * (count * OUT_BYTES // 4)))
            return
        frames: list[bytes | None] = [None] * count
        while self._saying:
            begins, number, length = self._saying[0]
            first = begins - now
            if first >= count:
                break
            for place in range(max(0, -first), min(length, count - first)):
                frames[first + place] = coded(0 if self.fault == "wrong" else number, place, OUT_BYTES)
            if first + length > count:
                break
            self._saying.popleft()
            if self._ways.language:
                language = "fr" if self.fault == "wrong" else self._ways.language
                self._events.put_nowait(Transcript(Side.SPOKEN, f" {number}", language))
        sound = silence(count, OUT_BYTES)
        if any(frames):
            sound = b"".join(frame or silence(1, OUT_BYTES) for frame in frames)
        self._events.put_nowait(TranslatedAudio(sound))


class WordEngine:
    """Knows how long each word of its talks is. `sessions` are all it ever opened."""

    input_format: AudioFormat = PCM16_16K
    output_format: AudioFormat = PCM16_24K

    def __init__(self, *talks: Talk, ways: Ways | None = None, chunk_ms: int = 100) -> None:
        self.chunk_ms = chunk_ms
        self.ways = ways or Ways()
        self.sessions: list[WordSession] = []
        self.closed = False
        self._talks = talks

    async def open(self, target_language: str) -> WordSession:
        self.ways.attempts.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.ways.open_takes)
        if self.ways.refuses:
            raise SessionRefused(self.ways.refuses, "refused by the test")
        talk = self._talks[len({s.target_language for s in self.sessions} - {target_language}) % len(self._talks)]
        session = ListeningSession(target_language, self.ways, talk)
        self.sessions.append(session)
        return session

    async def close(self) -> None:
        self.closed = True

    async def opened(self, count: int) -> None:
        """Returns when so many sessions have been opened."""
        while len(self.sessions) < count:
            await self.later(0.05)

    async def spoken_to(self, count: int) -> None:
        """Returns when the session of this number has heard a word."""
        await self.opened(count)
        while not self.sessions[count - 1].heard:
            await self.later(0.05)

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ListeningSession(WordSession):
    """Knows from the talk where a word ends."""

    def __init__(self, target_language: str, ways: Ways, talk: Talk) -> None:
        super().__init__(target_language, ways)
        self._talk = talk

    def _hear(self, frame: bytes, place: int) -> None:
        super()._hear(frame, place)
        if self._word and len(self._word) == self._talk.words[self._number - 1].frames:
            self.finish_word(self._number, len(self._word))
            self._word = []
