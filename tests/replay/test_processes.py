"""Processes of our own: what they are told, what they say, and that none outlives us."""

from pathlib import Path

import pytest

from telephony.replay.processes import Child, ProcessFailed
from telephony.replay.stage import Stage
from tests.replay.evidence_of import short_call


async def test_a_process_that_ends_too_soon_is_named_with_its_last_words(tmp_path: Path) -> None:
    child = Child("carrier", tmp_path / "words.log")
    await child.start("simulate", "live", "no-such-call", folder=tmp_path, settings={})
    with pytest.raises(ProcessFailed, match=r"the carrier ended too soon: .*no-such-call"):
        await child.said(within=30)
    assert await child.stop() == 2


async def test_a_process_that_says_nothing_is_named(tmp_path: Path) -> None:
    child = Child("service", tmp_path / "words.log")
    await child.start("simulate", "live", str(short_call().folder), folder=tmp_path, settings={})
    await child.said(within=30)
    with pytest.raises(ProcessFailed, match="the service said nothing"):
        await child.said(within=0.1)
    assert await child.stop() == 0
    assert not child.running


async def test_one_that_was_killed_may_be_started_again_and_its_words_follow_on(tmp_path: Path) -> None:
    child = Child("service", tmp_path / "words.log")
    await child.start("simulate", "live", "no-such-call", folder=tmp_path, settings={})
    assert await child.ended(within=30) == 2
    words = child.words.read_text()
    await child.start("simulate", "live", str(short_call().folder), folder=tmp_path, settings={})
    await child.said(within=30)
    await child.kill()
    assert not child.running
    assert child.words.read_text().startswith(words)


async def test_one_that_was_told_to_end_is_waited_for(tmp_path: Path) -> None:
    child = Child("service", tmp_path / "words.log")
    await child.start("simulate", "live", str(short_call().folder), folder=tmp_path, settings={})
    await child.said(within=30)
    with pytest.raises(ProcessFailed, match="did not end"):
        await child.ended(within=0.1)
    child.terminate()
    assert await child.ended(within=30) == 0


async def test_the_users_own_accounts_do_not_reach_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TWILIO_AUTH_TOKEN", "GOOGLE_API_KEY", "TELEPHONY_PUBLIC_URL"):
        monkeypatch.setenv(name, "from the user's environment")
    child = Child("service", tmp_path / "words.log")
    await child.start("serve", folder=tmp_path, settings={})
    with pytest.raises(ProcessFailed):
        await child.said(within=30)
    assert "TWILIO_AUTH_TOKEN is not set" in (tmp_path / "words.log").read_text()
    assert await child.stop() == 2


async def test_a_stage_that_cannot_be_set_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(short_call(), tmp_path)
    monkeypatch.setattr(stage, "_settings", dict)
    with pytest.raises(ProcessFailed, match="the service did not start"):
        await stage.__aenter__()
    assert not any(child.running for child in (stage._live, stage._service, stage._carrier))
