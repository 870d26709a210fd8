"""The text frames of a bidirectional Twilio media stream, to and from events.

Source: twilio.com/docs/voice/media-streams/websocket-messages, and captured frames where the docs are silent. Twilio
writes `sequenceNumber`, `chunk` and `timestamp` as strings; both spellings are taken. `connected` carries nothing.
"""

import json
from base64 import b64decode, b64encode
from typing import Any

from telephony.audio.format import PCMU_8K
from telephony.carriers.base import AudioReceived, DtmfReceived, MarkReached, MediaEvent, StreamStarted, StreamStopped


class BadFrame(Exception):
    """A frame that breaks the protocol. `str()` says how, without quoting it."""


def parse(text: str) -> MediaEvent | None:
    """The event in one text frame; None for those that say nothing to us. Raises BadFrame."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame("not JSON") from None
    if not isinstance(frame, dict):
        raise BadFrame("not a JSON object")
    event = frame.get("event")
    read = _READERS.get(event) if isinstance(event, str) else None
    if read is None:
        return None
    try:
        return read(frame)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise BadFrame(f"a malformed {event} message") from None


def _media(frame: dict[str, Any]) -> AudioReceived | None:
    media = frame["media"]
    if media.get("track", "inbound") != "inbound":
        return None
    payload = b64decode(media["payload"], validate=True)
    return AudioReceived(payload, int(media.get("chunk", 0)), int(media.get("timestamp", 0)))


def _start(frame: dict[str, Any]) -> StreamStarted:
    start = frame["start"]
    told = start.get("mediaFormat", {})
    if (told.get("encoding", "audio/x-mulaw"), int(told.get("sampleRate", 8000))) != ("audio/x-mulaw", 8000):
        raise ValueError("a format this carrier does not send")
    parameters = start.get("customParameters") or {}
    if not all(isinstance(value, str) for value in parameters.values()):
        raise TypeError("parameters are text")
    return StreamStarted(_text(start["callSid"]), _text(start["streamSid"]), dict(parameters), PCMU_8K)


def _dtmf(frame: dict[str, Any]) -> DtmfReceived:
    digit = _text(frame["dtmf"]["digit"])
    if len(digit) != 1 or digit not in KEYS:
        raise ValueError("not a key of a telephone")
    return DtmfReceived(digit)


def _mark(frame: dict[str, Any]) -> MarkReached:
    return MarkReached(_text(frame["mark"]["name"]))


def _stop(_frame: dict[str, Any]) -> StreamStopped:
    return StreamStopped(STOPPED, leg_ended=True)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


STOPPED = "stopped by the carrier"
KEYS = "0123456789*#ABCD"
"""The signals of ITU-T Q.23."""

_READERS = {"media": _media, "start": _start, "dtmf": _dtmf, "mark": _mark, "stop": _stop}


def media(stream: str, audio: bytes) -> str:
    """Sound to be played: raw mu-law, any length, no header bytes."""
    return f'{{"event":"media","streamSid":{json.dumps(stream)},"media":{{"payload":"{b64encode(audio).decode()}"}}}}'


def mark(stream: str, name: str) -> str:
    """A name to be sent back when everything before it has been played."""
    return json.dumps({"event": "mark", "streamSid": stream, "mark": {"name": name}}, separators=(",", ":"))


def clear(stream: str) -> str:
    """Drop what has not been played yet."""
    return json.dumps({"event": "clear", "streamSid": stream}, separators=(",", ":"))
