"""A whole call with two parties over real sockets: menu-less, the service only passes each voice to the other."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from telephony.audio import wav
from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.report import CallReport
from telephony.simulator.carrier.run import run
from telephony.simulator.carrier.standing import Standing
from telephony.simulator.scenario import AgentPhone, Answers, End, Scenario, Who
from telephony.simulator.talk import Talk
from tests.simulator.exchanges import carrier_for
from tests.simulator.scenes import ACCOUNT, AGENT, OURS, SECOND, TOKEN, line, press, scenario, share, talk, tone
from tests.simulator.two_legs import TwoLegs

LINES = (line("c1", Who.CALLER, 0.1), line("a1", Who.AGENT, 0.6))
SPOKEN = {"c1": tone(600, 0.4), "a1": tone(900, 0.4)}
AT_ONCE = (press(Who.AGENT, "1", gather=1, after=0.05),)
BUSY_THEN_FREE = (AgentPhone(SECOND, 0.0, Answers.BUSY), AgentPhone(AGENT, 0.05, Answers.ACCEPTS))


async def played(scene: Scenario, limit: float = 20, **settings: Any) -> tuple[CallReport, Talk]:
    async with (
        TwoLegs([agent.number for agent in scene.agents]) as service,
        carrier_for(service, **settings) as carrier,
    ):
        service.carrier = carrier
        parties = talk(scene, SPOKEN)
        return await carrier.play_talk(parties, limit), parties


async def test_each_party_hears_the_other_and_both_legs_end(tmp_path: Path) -> None:
    scene = scenario(agents=BUSY_THEN_FREE, lines=LINES, keys=AT_ONCE, end=End(Who.CALLER, at=1.3))
    report, parties = await played(scene, out=tmp_path)
    assert report.talk_began is not None
    assert not report.timed_out
    assert share(report.caller_said, 600) > 0.9
    assert share(report.agent_heard, 600) > 0.9
    assert share(report.agent_said, 900) > 0.9
    assert share(report.caller_heard, 900) > 0.9
    assert [leg.standing for leg in report.legs] == [Standing.COMPLETED, Standing.BUSY, Standing.COMPLETED]
    assert [[told.text for told in leg.told] for leg in report.legs] == [
        ["Welcome."],
        [],
        ["Press 1.", "Goodbye."],
    ]
    assert all(leg.problems == () for leg in report.legs)
    check_recordings(tmp_path, report)
    check_journal(tmp_path / "carrier.jsonl", report, parties)


def check_recordings(folder: Path, report: CallReport) -> None:
    """Four files of one length, from the moment the call was placed."""
    sounds = {}
    for name in ("caller-said", "caller-heard", "agent-said", "agent-heard"):
        sounds[name], form = wav.read(folder / f"{name}.wav")
        assert form.rate == 8000
    assert {len(sound) for sound in sounds.values()} == {2 * round((report.ended - report.began) * 8000)}
    said, heard = (first_loud(sounds[name]) for name in ("caller-said", "agent-heard"))
    assert 0 < heard - said < 0.5


def first_loud(pcm: bytes) -> float:
    """Seconds until the first sound."""
    samples = memoryview(pcm).cast("h")
    return next(place for place, sample in enumerate(samples) if abs(sample) > 1000) / 8000


def check_journal(path: Path, report: CallReport, parties: Talk) -> None:
    """Everything stands in it once, with its time; numbers and keys do not."""
    text = path.read_text(encoding="utf-8")
    entries = [json.loads(entry) for entry in text.splitlines()]
    assert (entries[0]["event"], entries[0]["at"]) == ("call placed", round(report.began, 6))
    began = [(entry["line"], entry["who"], entry["at"]) for entry in entries if entry["event"] == "line began"]
    assert [(ident, who) for ident, who, _ in began] == [("c1", "caller"), ("a1", "agent")]
    assert parties.began is not None
    assert 0 <= began[0][2] - parties.began - 0.1 < 0.05
    assert [entry["at"] for entry in entries if entry["event"] == "talk began"] == [round(parties.began, 6)]
    (digits,) = (entry for entry in entries if entry["event"] == "digits")
    assert digits["count"] == 1
    frames = [entry for entry in entries if entry["event"] == "frames"]
    assert [entry["who"] for entry in frames] == ["caller", "agent"]
    assert all(entry["sent_ms"][0] == 0 and len(entry["sent_ms"]) > 50 for entry in frames)
    assert "+1202" not in text


async def test_a_caller_gives_up_while_it_rings() -> None:
    scene = scenario(agents=(AgentPhone(AGENT, 30.0, Answers.ACCEPTS),), end=End(Who.CALLER, ringing=0.3))
    report, _ = await played(scene)
    assert report.talk_began is None
    assert [leg.standing for leg in report.legs] == [Standing.COMPLETED, Standing.CANCELED]
    assert 0.3 <= report.legs[0].streams[0].ended - report.legs[0].streams[0].began < 3


async def test_nobody_can_be_had() -> None:
    scene = scenario(agents=(AgentPhone(AGENT, 0.0, Answers.BUSY), AgentPhone(SECOND, 0.0, Answers.FAILS)))
    report, _ = await played(scene)
    assert [leg.standing for leg in report.legs] == [Standing.COMPLETED, Standing.BUSY, Standing.FAILED]
    assert report.legs[0].told[-1].text == "Goodbye."


async def test_a_call_that_nobody_ends_is_ended() -> None:
    report, _ = await played(scenario(keys=AT_ONCE), limit=1.0)
    assert report.timed_out
    assert report.talk_began is not None
    assert {leg.standing for leg in report.legs} == {Standing.COMPLETED}


async def test_a_carrier_that_is_closed_breaks_off_its_calls() -> None:
    async with TwoLegs([AGENT]) as service:
        async with carrier_for(service) as carrier:
            service.carrier = carrier
            carrier.phones.add_talk(parties := talk(scenario()))
            call = carrier.switch.incoming(parties.caller)
            while not service.wires:
                await asyncio.sleep(0.01)
        assert call.progress.standing is Standing.COMPLETED
        assert service.wires[0].messages[-1]["event"] == "stop"


async def test_the_command_announces_its_url_and_then_its_report(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = scenario(keys=AT_ONCE, end=End(Who.AGENT, at=0.2))
    monkeypatch.setattr("telephony.simulator.carrier.carrier.talk_of", talk)
    said: list[str] = []
    async with TwoLegs([AGENT]) as service:
        carrier = Carrier(ACCOUNT, TOKEN, OURS, f"{service.url}/voice", say_speed=0, allow_ws=True)
        service.carrier = carrier
        report = await run(carrier, scene, said.append)
    ready, summary = (json.loads(text) for text in said)
    assert ready["ready"] is True
    assert ready["url"].startswith("http://127.0.0.1:")
    assert summary["report"] == json.loads(json.dumps(report.summary()))
    assert [leg["status"] for leg in summary["report"]["legs"]] == ["completed", "completed"]
