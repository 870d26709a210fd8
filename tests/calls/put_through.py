"""Stand-ins for what stands around a bridge: an engine whose sessions say what the test has them say, and two talkers
without a phone. In virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from telephony.audio import g711
from telephony.audio.format import PCM16_16K, PCM16_24K, AudioFormat
from telephony.audio.tones import attention
from telephony.calls.bridge import Bridge
from telephony.calls.observer import CallNews, Observers, Role
from telephony.calls.tongues import PARTIES
from telephony.engines.base import (
    EngineEvent,
    SessionLost,
    SessionRefused,
    Side,
    Transcript,
    TranslatedAudio,
    Trouble,
)
from telephony.replay.memory_stream import now
from tests.fakes import hum

News = TypeVar("News")

VOICE = g711.encode(hum(500, 0.02))
QUIET = g711.SILENCE * 160
SECOND = "twelve chars to"


class Session:
    """Says what it is told to; keeps when it lived, and how much it heard."""

    def __init__(self, target: str, turn: int = 0) -> None:
        self.target = target
        self.turn = turn
        self.opened_at = now()
        self.closed_at: float | None = None
        self.heard_ms = 0.0
        self.voiced_ms = 0.0
        self._events: asyncio.Queue[EngineEvent] = asyncio.Queue(1000)

    @property
    def seconds(self) -> float:
        assert self.closed_at is not None
        return self.closed_at - self.opened_at

    async def send_audio(self, pcm: bytes) -> None:
        self.heard_ms += len(pcm) / 32
        self.voiced_ms += len(pcm) / 32 if max(pcm) != min(pcm) else 0.0

    def tell(self, event: EngineEvent) -> None:
        self._events.put_nowait(event)

    def speak(self, seconds: float = 0.25) -> None:
        self.tell(TranslatedAudio(hum(1000, seconds, 24000)))

    def rest(self, seconds: float = 0.25) -> None:
        self.tell(TranslatedAudio(bytes(round(48000 * seconds))))

    def hears(self, language: str, text: str = SECOND) -> None:
        self.tell(Transcript(Side.HEARD, text, language))

    async def events(self) -> AsyncIterator[EngineEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, SessionLost):
                return

    async def close(self) -> None:
        self.closed_at = now() if self.closed_at is None else self.closed_at


class ListeningEngine:
    """Sets sessions up in `setup` seconds; refuses what is in `refuses`, by target language.

    `sessions` are in the order in which they were asked for.
    """

    input_format: AudioFormat = PCM16_16K
    output_format: AudioFormat = PCM16_24K
    chunk_ms = 100

    def __init__(self, setup: float = 0.5) -> None:
        self.setup = setup
        self.refuses: dict[str, Trouble] = {}
        self.sessions: list[Session] = []
        self.asked: list[tuple[float, str]] = []

    async def open(self, target_language: str) -> Session:
        self.asked.append((now(), target_language))
        turn = len(self.asked)
        await asyncio.sleep(self.setup)
        if trouble := self.refuses.get(target_language):
            raise SessionRefused(trouble, "refused by the test")
        session = Session(target_language, turn)
        self.sessions = sorted([*self.sessions, session], key=lambda known: known.turn)
        return session

    async def close(self) -> None:
        return

    def live(self) -> dict[str, Session]:
        """The sessions that are open, by target language."""
        return {session.target: session for session in self.sessions if session.closed_at is None}


class StillTalker:
    """A talker without a phone. What it is given is kept: translations, tones, and the other's voice."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.over = asyncio.Event()
        self.direct = False
        self.said: Callable[[bytes, float], None] | None = None
        self.lag = 0.25
        self.played: list[bytes] = []
        self.overheard = 0
        self.finished = False

    def play(self, pcmu: bytes) -> None:
        self.played.append(pcmu)

    def overhear(self, pcmu: bytes) -> None:
        self.overheard += 1

    async def finish(self) -> None:
        self.finished = True

    @property
    def tones(self) -> int:
        return self.played.count(attention())

    def translations(self) -> list[bytes]:
        """What is not silence and not a tone."""
        return [pcmu for pcmu in self.played if pcmu != attention() and pcmu.strip(b"\x7e\x7f\xfe\xff")]


@dataclass
class Put:
    """A bridge, the two it puts through, and what it tells."""

    caller_speaks: str
    agent_speaks: str
    engine: ListeningEngine
    told: list[CallNews] = field(default_factory=list)
    bridge: Bridge = field(init=False)
    talkers: dict[Role, StillTalker] = field(init=False)

    def __post_init__(self) -> None:
        observers = Observers(self)
        self.bridge = Bridge("call", self.caller_speaks, self.agent_speaks, self.engine, observers, now)
        self.talkers = {role: StillTalker(role) for role in PARTIES}
        self._running: asyncio.Task[None] | None = None

    @property
    def caller(self) -> StillTalker:
        return self.talkers[Role.CALLER]

    @property
    def agent(self) -> StillTalker:
        return self.talkers[Role.AGENT]

    def tell(self, news: CallNews) -> None:
        self.told.append(news)

    def of(self, kind: type[News]) -> list[News]:
        return [news for news in self.told if isinstance(news, kind)]

    async def __aenter__(self) -> "Put":
        self._running = asyncio.create_task(self.bridge.run(), name="bridge")
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._running is not None
        assert not self._running.done(), "a bridge runs until it is cancelled"
        self._running.cancel()
        await asyncio.wait((self._running,))
        assert all(session.closed_at is not None for session in self.engine.sessions)

    def connect(self) -> None:
        self.bridge.connect(self.caller, self.agent)

    async def talk(self, seconds: float, *speakers: Role) -> None:
        """Frames from both, voice from `speakers`."""
        for _ in range(round(seconds * 50)):
            await asyncio.sleep(0.02)
            for role, talker in self.talkers.items():
                if talker.said is not None:
                    talker.said(VOICE if role in speakers else QUIET, now())

    async def hears(self, into: str, language: str, seconds: int) -> None:
        """The session into `into` hears so many seconds of `language`."""
        for _ in range(seconds):
            await self.talk(1.0)
            if session := self.engine.live().get(into):
                session.hears(language)
                await asyncio.sleep(0)
