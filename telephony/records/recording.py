"""The sound of talks whose parties have agreed to it: `recordings/<call>.wav` in the data folder.

Four channels of mu-law: what the caller said, what the agent said, what the caller heard from us, what the agent heard
from us. A second of them at a time goes through a bounded queue to a thread that writes. When the disk is full or
slower than people speak, seconds are dropped: they are silence in the file, and the recording is marked incomplete.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from telephony.audio.format import PCMU_8K
from telephony.calls.clock import Clock
from telephony.calls.observer import Role
from telephony.records.recording_file import NotOurs, RecordingFile
from telephony.records.tracks import Block, Tracks

log = structlog.get_logger(__name__)

RECORDINGS = "recordings"
"""The folder in the data folder."""

SAID = {Role.CALLER: 0, Role.AGENT: 1}
HEARD = {Role.CALLER: 2, Role.AGENT: 3}
CHANNELS = len(SAID) + len(HEARD)
COMMENT = "1 said by the caller, 2 said by the agent, 3 heard by the caller, 4 heard by the agent"

MOST_BLOCKS = 1000
"""Blocks that wait for the disk, 32 KB each; further ones are dropped."""

MOST_ENDS = 1000
"""Ends of recordings that wait besides. Of further ones the store never learns that they have ended."""

FRAME_S = 0.02
CLOSE_WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class KeptSound:
    """A recording that has ended. `sound`: the file's name, relative to the data folder; `incomplete`: it has gaps."""

    call: str
    began: datetime
    seconds: float
    sound: str
    incomplete: bool


@dataclass(slots=True, eq=False)
class Part:
    """One stretch of a call's recording, from when both talk until they do not. `lost` grows on either side of the
    queue, and is read by the writer when the part has ended."""

    call: str
    began: datetime
    lost: bool = False
    file: RecordingFile | None = field(default=None, repr=False)
    base: int = 0
    """Samples in the file before this part."""


class TalkRecording:
    """Of one part. Made by its recorder."""

    def __init__(
        self, part: Part, began: float, put: Callable[[Part, Block], None], over: Callable[[Part], None]
    ) -> None:
        self._part = part
        self._tracks = Tracks(CHANNELS, began)
        self._put = put
        self._over = over
        self._ended = False

    def said(self, who: Role, pcmu: bytes, now: float) -> None:
        self._keep(SAID.get(who), pcmu, now - FRAME_S, now)

    def heard(self, who: Role, pcmu: bytes, now: float) -> None:
        self._keep(HEARD.get(who), pcmu, now, now)

    def end(self) -> None:
        """Hands over what has not been handed over. Again: nothing."""
        if self._ended:
            return
        self._ended = True
        self._hand_over(self._tracks.rest())
        self._over(self._part)

    def _keep(self, voice: int | None, pcmu: bytes, begins: float, now: float) -> None:
        if voice is None or self._ended:
            return
        self._tracks.put(voice, pcmu, begins)
        self._hand_over(self._tracks.due(now))

    def _hand_over(self, blocks: list[Block]) -> None:
        self._part.lost = self._part.lost or self._tracks.lost > 0
        for block in blocks:
            self._put(self._part, block)


class TalkRecorder:
    """A `SoundKeeper`. `begun` is told of each recording at once; `kept` of each that has ended and is on the disk, in
    the thread that wrote it."""

    def __init__(
        self,
        data_dir: Path,
        clock: Clock,
        wall: Callable[[], datetime],
        kept: Callable[[KeptSound], None],
        begun: Callable[[str, datetime, str], None] = lambda _call, _began, _sound: None,
    ) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._wall = wall
        self._kept = kept
        self._begun = begun
        self._running: dict[Part, TalkRecording] = {}
        self._waiting: queue.Queue[tuple[Part, Block | None] | None] = queue.Queue(MOST_BLOCKS + MOST_ENDS)
        self._writer = threading.Thread(target=self._write, name="recordings", daemon=True)
        self.dropped = 0
        """Blocks that were not kept."""
        self._writer.start()

    def record(self, call: str) -> TalkRecording:
        part = Part(call, self._wall())
        self._begun(call, part.began, sound_of(call))
        recording = self._running[part] = TalkRecording(part, self._clock(), self._put, self._end)
        return recording

    async def close(self) -> None:
        """Ends what still runs. Returns when everything is on disk, or the disk has not taken it for a while."""
        for recording in tuple(self._running.values()):
            recording.end()
        await asyncio.to_thread(self._finish_writing)

    def _finish_writing(self) -> None:
        with suppress(queue.Full):
            self._waiting.put(None, timeout=CLOSE_WITHIN)
        self._writer.join(CLOSE_WITHIN)

    def _put(self, part: Part, block: Block) -> None:
        if self._waiting.qsize() < MOST_BLOCKS:
            self._waiting.put((part, block))
        else:
            self._lose(part)

    def _end(self, part: Part) -> None:
        self._running.pop(part, None)
        try:
            self._waiting.put_nowait((part, None))
        except queue.Full:
            self._lose(part)

    def _lose(self, part: Part) -> None:
        self.dropped += 1
        if self.dropped == 1:
            log.error("sound of recordings is being dropped: the disk is full or too slow", call=part.call)
        part.lost = True

    def _write(self) -> None:
        while (entry := self._waiting.get()) is not None:
            part, block = entry
            try:
                file = self._open(part)
                if block is not None:
                    file.write(part.base + block.at, block.audio)
            except OSError:
                self._lose(part)
            if block is None:
                self._finish(part)

    def _open(self, part: Part) -> RecordingFile:
        if part.file is None:
            path = self._data_dir / sound_of(part.call)
            try:
                part.file = RecordingFile(path, part.began, CHANNELS, COMMENT)
            except NotOurs:
                path.unlink()
                part.lost = True
                part.file = RecordingFile(path, part.began, CHANNELS, COMMENT)
            part.base = max(0, round((part.began - part.file.began).total_seconds() * PCMU_8K.rate))
        return part.file

    def _finish(self, part: Part) -> None:
        began, seconds = part.began, 0.0
        if part.file is not None:
            began, seconds = part.file.began, part.file.seconds
            part.file.close()
        self._kept(KeptSound(part.call, began, seconds, sound_of(part.call), part.lost))


def sound_of(call: str) -> str:
    """The name of a call's recording, relative to the data folder."""
    return f"{RECORDINGS}/{call}.wav"
