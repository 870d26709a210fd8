"""Frames of a session both ways, against the golden ones, and the SDK as a referee of what the simulator sends."""

import base64
import json
from typing import Any

import numpy as np
import pytest
from google import genai
from google.genai.live import AsyncSession

from telephony.simulator.live_api import messages
from telephony.simulator.live_api.messages import AudioReceived, AudioStreamEnded, Ignored
from telephony.simulator.live_api.outputs import Audio, InputTranscript, OutputTranscript
from telephony.simulator.live_api.refusal import RefusedError
from tests.simulator.spoken import WIRE

HEARD = (8000 * np.sin(2 * np.pi * 1000 * np.arange(16) / 16000)).astype("<i2").tobytes()
SAID = (8000 * np.sin(2 * np.pi * 1000 * np.arange(24) / 24000)).astype("<i2").tobytes()


def frame(name: str) -> str:
    return (WIRE / name).read_text(encoding="utf-8").removesuffix("\n")


ACCEPTED = {
    "client_audio_sdk.json": AudioReceived(HEARD),
    "client_audio_camel_case.json": AudioReceived(HEARD),
    "client_audio_url_safe_unpadded.json": AudioReceived(HEARD),
    "client_audio_media_chunks.json": AudioReceived(HEARD),
    "client_audio_stream_end.json": AudioStreamEnded(),
    "client_text.json": Ignored("text"),
    "client_activity_start.json": Ignored("activity_start"),
    "client_content.json": Ignored("client_content"),
}
REFUSED = {
    "client_audio_8000_hertz.json": "Request contains an invalid argument.",
    "client_audio_mulaw.json": "Request contains an invalid argument.",
    "client_audio_half_a_sample.json": "Request contains an invalid argument.",
    "client_audio_bad_base64.json": (
        "Invalid value at 'realtime_input.audio.data' (TYPE_BYTES, Base64 decoding failed)."
    ),
    "client_audio_unknown_field.json": "Unknown name \"sampleRate\" at 'realtime_input.audio': Cannot find field.",
    "client_unknown_kind.json": 'Unknown name "realtimeOutput": Cannot find field.',
    "client_two_kinds.json": "Request contains an invalid argument.",
    "client_not_json.txt": "Invalid JSON payload received.",
    "client_not_an_object.json": "Invalid value at 'message' (TYPE_MESSAGE).",
}
SENT = {
    "server_setup_complete.json": messages.setup_complete(),
    "server_audio.json": messages.output(Audio(0.0, SAID, 0, "c1", 0)),
    "server_audio_silent.json": messages.output(Audio(0.0, bytes(48), 0)),
    "server_input_transcription.json": messages.output(InputTranscript(0.0, "Buenos días,", "es")),
    "server_output_transcription_goes_on.json": messages.output(OutputTranscript(0.0, " I would like", "en")),
    "server_go_away.json": messages.go_away(50.0),
    "server_go_away_fraction.json": messages.go_away(9.5),
    "server_usage.json": messages.usage(1.04, 1.0),
    "server_session_resumption_update.json": messages.session_resumption_update("handle-abc"),
}


@pytest.mark.parametrize("as_bytes", [False, True], ids=["text", "binary"])
@pytest.mark.parametrize(("name", "message"), ACCEPTED.items(), ids=ACCEPTED.keys())
def test_a_client_frame_is_understood(name: str, message: messages.ClientMessage, as_bytes: bool) -> None:
    assert messages.parse(frame(name).encode() if as_bytes else frame(name)) == message


@pytest.mark.parametrize(("name", "reason"), REFUSED.items(), ids=REFUSED.keys())
def test_a_wrong_client_frame_is_refused(name: str, reason: str) -> None:
    with pytest.raises(RefusedError) as error:
        messages.parse(frame(name))
    assert (error.value.refusal.code, error.value.refusal.reason.decode()) == (1007, reason)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(RefusedError):
        messages.parse(b"\xff\xfe\x00")


def test_what_a_client_said_does_not_stand_in_the_refusal() -> None:
    with pytest.raises(RefusedError) as error:
        messages.parse(frame("client_audio_bad_base64.json"))
    assert "####" not in str(error.value)


@pytest.mark.parametrize(("name", "sent"), SENT.items(), ids=SENT.keys())
def test_a_server_frame_is_this_byte_for_byte(name: str, sent: bytes) -> None:
    assert sent == frame(name).encode()


def test_every_frame_of_the_folder_is_used_in_a_test() -> None:
    names = {path.name for path in WIRE.iterdir() if not path.name.startswith(("client_setup_", "other_", "README"))}
    assert names == set(ACCEPTED) | set(REFUSED) | set(SENT)


class OneFrame:
    """A websocket that has one frame to give."""

    def __init__(self, frame: bytes) -> None:
        self._frame = frame

    async def recv(self, decode: bool | None = None) -> bytes:
        return self._frame


async def understood_by_the_sdk(sent: bytes) -> dict[str, Any]:
    client = genai.Client(api_key="a-key")
    session = AsyncSession(client._api_client, OneFrame(sent))  # type: ignore[arg-type]
    message = await session._receive()
    understood: dict[str, Any] = json.loads(message.model_dump_json(exclude_none=True))
    return understood


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT.keys())
async def test_the_sdk_loses_nothing_of_a_server_frame(sent: bytes) -> None:
    def snake(value: Any) -> Any:
        if isinstance(value, list):
            return [snake(item) for item in value]
        if not isinstance(value, dict):
            return value
        names = ("".join("_" + letter.lower() if letter.isupper() else letter for letter in name) for name in value)
        return dict(zip(names, map(snake, value.values()), strict=True))

    def url_safe(value: Any) -> Any:
        part = value.get("server_content", {}).get("model_turn", {}).get("parts", [{}])[0]
        if "inline_data" in part:
            data = base64.b64decode(part["inline_data"]["data"])
            part["inline_data"]["data"] = base64.urlsafe_b64encode(data).decode()
        return value

    assert await understood_by_the_sdk(sent) == url_safe(snake(json.loads(sent)))
