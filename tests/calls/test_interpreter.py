"""One direction by itself: for the words alone, where there is nobody to hear the translation."""

import asyncio

from telephony.calls.interpreter import Interpreter
from telephony.calls.observer import CallNews, Caption, Observers, Role
from telephony.engines.base import Side, Transcript, Trouble
from telephony.replay.memory_stream import now
from tests.calls.put_through import VOICE, ListeningEngine
from tests.virtual_time import in_virtual_time


class Words:
    """Keeps the captions."""

    def __init__(self) -> None:
        self.of: dict[Side, str] = dict.fromkeys(Side, "")

    def tell(self, news: CallNews) -> None:
        if isinstance(news, Caption):
            self.of[news.side] += news.text


def dictation(engine: ListeningEngine) -> Words:
    """Four seconds of voice, and what the session makes of it, if there is one."""
    words = Words()

    async def call() -> None:
        interpreter = Interpreter("call", Role.CALLER, "en", engine, Observers(words), now)
        running = asyncio.create_task(interpreter.run(), name="interpreter")
        for _ in range(200):
            await asyncio.sleep(0.02)
            interpreter.hear(VOICE, now())
        for session in engine.sessions:
            session.tell(Transcript(Side.HEARD, "hola", "es"))
            session.tell(Transcript(Side.SPOKEN, "hello", "en"))
        await interpreter.finish()
        running.cancel()
        await asyncio.wait((running,))

    in_virtual_time(call)
    return words


def test_a_voice_without_a_listener_is_interpreted_from_its_first_word_though_the_session_comes_later() -> None:
    engine = ListeningEngine(setup=1.0)
    assert dictation(engine).of == {Side.HEARD: "hola", Side.SPOKEN: "hello"}
    assert engine.sessions[0].voiced_ms >= 3800
    assert engine.sessions[0].closed_at is not None


def test_without_a_session_it_has_no_words_and_does_no_harm() -> None:
    engine = ListeningEngine()
    engine.refuses = {"en": Trouble.QUOTA}
    assert dictation(engine).of == {Side.HEARD: "", Side.SPOKEN: ""}
