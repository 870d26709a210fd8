"""What the simulated Live API writes down of its sessions, line by line."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from google.genai import errors

from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.setup import TRANSLATE_MODEL
from telephony.simulator.scenario import load
from tests.simulator.live_site import KEY_OF_TEST, PATIENCE, client_of, config, heard_until_silent, say
from tests.simulator.spoken import over_the_line, quiet, voice


async def test_a_session_is_written_down_line_by_line(
    short_call: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Mapping[str, Any]] = []
    out = tmp_path / "out"
    async with (
        asyncio.timeout(PATIENCE),
        LiveApi([load(short_call)], key=KEY_OF_TEST, out=out, events=told.append) as api,
        client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session,
    ):
        await say(session, over_the_line(voice(0, 1.4), quiet(0.5)))
        await heard_until_silent(session)

    lines = [json.loads(line) for line in (out / "live.jsonl").read_text(encoding="utf-8").splitlines()]
    kinds = [line["event"] for line in lines]
    assert lines == [json.loads(json.dumps(event)) for event in told]
    assert {(line["session"], line["target"]) for line in lines} == {(1, "en")}
    assert kinds[0] == "session-opened"
    assert sorted(kinds[1:6]) == ["audio", "audio", "audio", "line-recognised", "translation-began"]
    assert kinds[6:] == ["translation-ended", "session-closed"]
    audio = [line for line in lines if line["event"] == "audio"]
    assert [(line["line"], line["sample"], line["position"]) for line in audio] == [
        ("c1", 0, 0),
        ("c1", 6000, 6000),
        ("c1", 12000, 12000),
    ]
    assert lines[-1]["code"] == 1000
    assert lines[-1]["chunks"][-1][1] == round(16000 * 1.9)


async def test_a_refused_session_is_written_down_with_its_reason(
    short_call: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Mapping[str, Any]] = []
    async with asyncio.timeout(PATIENCE), LiveApi([load(short_call)], key=KEY_OF_TEST, events=told.append) as api:
        with pytest.raises(errors.APIError):
            async with client_of(api, monkeypatch).aio.live.connect(model="gemini-9", config=config()):
                pass
    (event,) = told
    assert (event["event"], event["code"]) == ("session-refused", 1008)
