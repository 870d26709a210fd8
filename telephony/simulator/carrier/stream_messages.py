"""The text frames of a media stream as Twilio writes and reads them. PURE.

Source: twilio.com/docs/voice/media-streams/websocket-messages, and captures of real streams for types and for the order
of fields: sequence numbers, chunks and timestamps are strings, rate and channels are numbers.
"""

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

LEAD_MS = 155
"""The first media message's timestamp in captures: sound starts that long after `start`."""

_WOBBLE = (0, -1, -2, -1, 0)
"""Milliseconds by which timestamps miss the 20 ms grid, as in captures."""


@dataclass(frozen=True, slots=True)
class Media:
    """Sound to play."""

    audio: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark to send back when everything before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Drop what has not been played."""


class InvalidMessageError(Exception):
    """A message that costs the stream a warning 31951; the text says what is wrong without its content."""


def understood(text: str, stream: str) -> Media | Mark | Clear:
    """One message from the server. Raises InvalidMessageError: nothing may be missing, unknown or added."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidMessageError("not JSON") from None
    if not isinstance(message, dict):
        raise InvalidMessageError("not a JSON object")
    event = message.get("event")
    if event not in ("media", "mark", "clear"):
        raise InvalidMessageError("an unknown event")
    _exactly(message, {"event", "streamSid"} | ({event} - {"clear"}))
    if message["streamSid"] != stream:
        raise InvalidMessageError("another stream's streamSid")
    if event == "clear":
        return Clear()
    return _media(message[event]) if event == "media" else _mark(message[event])


def _media(body: object) -> Media:
    payload = _string(body, "payload")
    try:
        return Media(b64decode(payload, validate=True))
    except (binascii.Error, ValueError):
        raise InvalidMessageError("a payload that is not base64") from None


def _mark(body: object) -> Mark:
    return Mark(_string(body, "name"))


def _string(body: object, name: str) -> str:
    if not isinstance(body, dict):
        raise InvalidMessageError("a body that is not an object")
    _exactly(body, {name})
    if not isinstance(body[name], str):
        raise InvalidMessageError(f"{name} is not a string")
    return str(body[name])


def _exactly(body: Mapping[str, object], names: set[str]) -> None:
    if missing := names - set(body):
        raise InvalidMessageError(f"without {', '.join(sorted(missing))}")
    if set(body) - names:
        raise InvalidMessageError("a field too many")


class Writer:
    """Writes one stream's messages and numbers them. `as_numbers` writes JSON numbers where Twilio writes strings."""

    def __init__(self, account: str, call: str, stream: str, *, as_numbers: bool = False) -> None:
        self._account = account
        self._call = call
        self._stream = stream
        self._as_numbers = as_numbers
        self._sequence = 0
        self._chunk = 0

    def connected(self) -> str:
        return _text({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, parameters: Mapping[str, str]) -> str:
        body = {
            "accountSid": self._account,
            "streamSid": self._stream,
            "callSid": self._call,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": dict(parameters),
        }
        return _text({**self._numbered("start"), "start": body, "streamSid": self._stream})

    def media(self, frame: bytes) -> str:
        """The next 20 ms of this party's voice."""
        place = self._chunk
        self._chunk += 1
        body = {
            "track": "inbound",
            "chunk": self._number(self._chunk),
            "timestamp": self._number(LEAD_MS + 20 * place + _WOBBLE[place % len(_WOBBLE)]),
            "payload": b64encode(frame).decode(),
        }
        return _text({**self._numbered("media"), "media": body, "streamSid": self._stream})

    def dtmf(self, digit: str) -> str:
        head = self._numbered("dtmf")
        number = head.pop("sequenceNumber")
        body = {"track": "inbound_track", "digit": digit}
        return _text({**head, "streamSid": self._stream, "sequenceNumber": number, "dtmf": body})

    def mark(self, name: str) -> str:
        return _text({**self._numbered("mark"), "streamSid": self._stream, "mark": {"name": name}})

    def stop(self) -> str:
        body = {"accountSid": self._account, "callSid": self._call}
        return _text({**self._numbered("stop"), "streamSid": self._stream, "stop": body})

    def _numbered(self, event: str) -> dict[str, object]:
        self._sequence += 1
        return {"event": event, "sequenceNumber": self._number(self._sequence)}

    def _number(self, value: int) -> object:
        return value if self._as_numbers else str(value)


def _text(message: Mapping[str, object]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)
