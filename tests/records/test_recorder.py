import json
import threading
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from telephony.calls.observer import CallMoved, CallNews, Caption, LegMoved, Role
from telephony.calls.state import CallState, LegState, Outcome
from telephony.engines.base import Side
from telephony.records import recorder
from telephony.records.recorder import Recorder

CAPTION = Caption("c1", Role.CALLER, Side.HEARD, "es", "Buenos días, señora — 😀")
TALKING = CallMoved("c1", CallState.TALKING)
ENDED = CallMoved("c1", CallState.ENDED, Outcome.CALLER_HUNG_UP)


async def kept(folder: Path, *news: CallNews) -> list[dict[str, Any]]:
    """What stands in the transcript of the call c1 after `news`."""
    recorder = Recorder(folder)
    for each in news:
        recorder.tell(each)
    await recorder.close()
    return [json.loads(line) for line in (folder / "calls/c1/transcript.jsonl").read_text("utf-8").splitlines()]


async def test_captions_and_the_calls_way_are_kept_a_line_each(tmp_path: Path) -> None:
    lines = await kept(tmp_path, TALKING, CAPTION, ENDED)
    assert [{key: value for key, value in line.items() if key not in ("at", "monotonic")} for line in lines] == [
        {"event": "talking"},
        {"speaker": "caller", "side": "heard", "language": "es", "text": "Buenos días, señora — 😀"},
        {"event": "ended", "outcome": "caller-hung-up"},
    ]


async def test_every_line_has_the_time_of_day_and_the_time_since(tmp_path: Path) -> None:
    first, second = await kept(tmp_path, CAPTION, CAPTION)
    assert first["at"] > 1.7e9
    assert 0 <= second["monotonic"] - first["monotonic"] < 60


async def test_letters_stand_as_they_are(tmp_path: Path) -> None:
    await kept(tmp_path, CAPTION)
    assert "señora" in (tmp_path / "calls/c1/transcript.jsonl").read_text("utf-8")


async def test_other_news_is_not_kept(tmp_path: Path) -> None:
    ringing = CallMoved("c1", CallState.RINGING)
    leg = LegMoved("c1", "caller", Role.CALLER, "es", LegState.JOINED)
    assert [line["event"] for line in await kept(tmp_path, ringing, leg, TALKING)] == ["talking"]


async def test_each_call_has_its_own_file(tmp_path: Path) -> None:
    await kept(tmp_path, CAPTION, Caption("c2", Role.AGENT, Side.SPOKEN, "es", "Hola"))
    assert sorted(path.name for path in (tmp_path / "calls").iterdir()) == ["c1", "c2"]


async def test_a_call_that_goes_on_after_a_restart_goes_on_in_its_file(tmp_path: Path) -> None:
    await kept(tmp_path, TALKING)
    assert len(await kept(tmp_path, ENDED)) == 2


async def test_half_a_character_does_not_stop_the_writer(tmp_path: Path) -> None:
    lines = await kept(tmp_path, Caption("c1", Role.CALLER, Side.HEARD, "es", "a\ud83d"), CAPTION)
    assert [line["text"] for line in lines] == ["a?", CAPTION.text]


async def test_a_disk_that_takes_nothing_costs_lines_and_not_the_call(tmp_path: Path) -> None:
    (tmp_path / "calls").write_text("a file where a folder should be", "utf-8")
    with capture_logs() as logged:
        recorder = Recorder(tmp_path)
        for _ in range(3):
            recorder.tell(CAPTION)
        await recorder.close()
    assert recorder.dropped == 3
    assert [entry["log_level"] for entry in logged] == ["error"]
    assert "Buenos" not in str(logged)


async def test_a_disk_that_is_too_slow_costs_the_newest_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, write = threading.Event(), Recorder._write
    monkeypatch.setattr(recorder, "MOST_LINES", 2)
    monkeypatch.setattr(Recorder, "_write", lambda self: (slow.wait(), write(self)))
    late = Recorder(tmp_path)
    for number in range(5):
        late.tell(Caption("c1", Role.CALLER, Side.HEARD, "es", str(number)))
    slow.set()
    await late.close()
    lines = (tmp_path / "calls/c1/transcript.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["0", "1"]
    assert late.dropped == 3


async def test_closing_leaves_no_thread(tmp_path: Path) -> None:
    closed = Recorder(tmp_path)
    await closed.close()
    assert not closed._writer.is_alive()
