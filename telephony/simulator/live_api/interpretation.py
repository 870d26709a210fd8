"""A session at work on its connection: a reader and a speaker side by side, until one of the two ends it.

The reader takes what the client sends whatever the speaker does, and answers pings; the speaker asks the model what is
due. No turn is ever complete.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress

from aiohttp import WSMsgType, web

from telephony.simulator.live_api import messages
from telephony.simulator.live_api.first_of import first_of
from telephony.simulator.live_api.journal import Journal
from telephony.simulator.live_api.outputs import Audio, InputTranscript, Output, OutputTranscript
from telephony.simulator.live_api.refusal import INVALID_ARGUMENT, Refusal, RefusedError
from telephony.simulator.live_api.setup import Setup
from telephony.simulator.live_api.terms import Terms
from telephony.simulator.live_api.troubled_model import EndAnnounced, Ended, FaultBegan, Happening, TroubledModel
from telephony.simulator.live_api.usage import Usage

DATA = (WSMsgType.TEXT, WSMsgType.BINARY)
CLIENT_LEFT = Refusal(1000, "")


class Interpretation:
    """What goes on between setupComplete and the close."""

    def __init__(self, socket: web.WebSocketResponse, model: TroubledModel, setup: Setup, journal: Journal) -> None:
        self._socket = socket
        self._model = model
        self._setup = setup
        self._journal = journal
        self._usage = Usage()
        self._due_changed = asyncio.Event()
        self._now = asyncio.get_running_loop().time

    async def run(self, terms: Terms, keep_handle: Callable[[str], None]) -> Refusal:
        """Goes on until somebody ends it; says with which close. `keep_handle` takes a handle to resume it by."""
        if self._setup.resumption:
            keep_handle(handle := secrets.token_urlsafe(24))
            await self._send(messages.session_resumption_update(handle))
        return await first_of(listening=self._listen(), speaking=self._speak(), life=self._live(terms))

    async def _listen(self) -> Refusal:
        async for received in self._socket:
            if received.type not in DATA:
                continue
            try:
                self._take(messages.parse(received.data))
            except RefusedError as error:
                return error.refusal
        return CLIENT_LEFT

    def _take(self, message: messages.ClientMessage) -> None:
        match message:
            case messages.AudioReceived(pcm):
                self._hear(pcm)
            case messages.SetupReceived():
                raise RefusedError(INVALID_ARGUMENT)

    def _hear(self, pcm: bytes) -> None:
        self._model.hear(pcm, self._now())
        self._usage.heard(len(pcm))
        self._journal.reported(self._model.report)
        self._due_changed.set()

    async def _speak(self) -> Refusal:
        """Sends what is due when it is due, until a fault ends it."""
        while True:
            self._due_changed.clear()
            for output in self._model.due(self._now()):
                if isinstance(output, Ended):
                    return output.close
                await self._give(output)
            self._journal.reported(self._model.report)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._model.next_due()):
                    await self._due_changed.wait()

    async def _give(self, output: Output | Happening) -> None:
        match output:
            case FaultBegan(kind=kind):
                self._journal.fault(self._now(), kind)
            case EndAnnounced(seconds_left=seconds):
                await self._send(messages.go_away(seconds))
            case Audio() | InputTranscript() | OutputTranscript() if self._is_wanted(output):
                await self._say(output)

    def _is_wanted(self, output: Output) -> bool:
        match output:
            case InputTranscript():
                return self._setup.input_transcription
            case OutputTranscript():
                return self._setup.output_transcription
            case Audio():
                return True

    async def _say(self, output: Output) -> None:
        await self._send(messages.output(output))
        if isinstance(output, Audio):
            self._journal.sent(self._now(), output)
            if counted := self._usage.said():
                await self._send(messages.usage(*counted))

    async def _live(self, terms: Terms) -> Refusal:
        """The connection's life: its notice, and its end."""
        notice = min(terms.notice, terms.life)
        await asyncio.sleep(terms.life - notice)
        await self._send(messages.go_away(notice))
        await asyncio.sleep(notice)
        return terms.end

    async def _send(self, frame: bytes) -> None:
        """A client that has gone is noticed by the reader."""
        with suppress(ConnectionError):
            await self._socket.send_bytes(frame)
