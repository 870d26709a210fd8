from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from telephony.commands.demo_console import Button
from telephony.directory.directory import Basis, read_directory
from telephony.records.store.users import UserRole
from telephony.replay.console_stage import ConsoleStage
from telephony.simulator.scenario import load
from tests.console.site import console_site

CALLS = Path(__file__).parents[2] / "fixtures" / "calls"
NAMES = ("clinic-appointment", "hotline-crosstalk")


class StageOfTest(ConsoleStage):
    """Has no service and no carrier: a call that begins runs until the test ends it."""

    def play(self, name: str) -> bool:
        begins = self.running is None and name in self.titles
        self.running = name if begins else self.running
        return begins


@pytest.fixture
def stage(tmp_path: Path) -> StageOfTest:
    return StageOfTest([load(CALLS / name) for name in NAMES], tmp_path, {})


@pytest.fixture
async def demo_url(stage: StageOfTest) -> AsyncIterator[str]:
    button = Button("/secret")
    button.stage = stage
    app = web.Application()
    app.add_routes(button.routes())
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/secret"))


async def play(browser: ClientSession, call: str) -> int:
    return (await browser.post("/demo", json={"call": call})).status


async def test_the_button_lists_the_calls_and_plays_one_at_a_time(
    tmp_path: Path, stage: StageOfTest, demo_url: str
) -> None:
    async with console_site(tmp_path, demo_url=demo_url) as site:
        browser = await site.signed_in(UserRole.AGENT)
        assert (await (await browser.get("/me")).json())["demo"] is True
        offer = await (await browser.get("/demo")).json()
        assert [call["name"] for call in offer["calls"]] == list(NAMES)
        assert offer["running"] is None
        assert await play(browser, NAMES[1]) == 202
        assert await play(browser, NAMES[0]) == 409
        assert (await (await browser.get("/demo")).json())["running"] == NAMES[1]
        stage.running = None
        assert await play(browser, "no call of this name") == 409


async def test_nobody_who_is_not_signed_in_and_no_other_site_plays_a_call(tmp_path: Path, demo_url: str) -> None:
    async with console_site(tmp_path, demo_url=demo_url) as site:
        assert await play(site.browser(), NAMES[0]) == 401
        assert (await site.browser().get("/demo")).status == 401
        browser = await site.signed_in(UserRole.ADMIN)
        browser.headers["Origin"] = "http://evil.test"
        assert await play(browser, NAMES[0]) == 403


async def test_a_demo_that_is_over_is_said_in_words(tmp_path: Path) -> None:
    async with console_site(tmp_path, demo_url="http://127.0.0.1:9/nobody") as site:
        browser = await site.signed_in(UserRole.AGENT)
        answer = await browser.get("/demo")
        assert answer.status == 503
        assert "telephony demo --console" in (await answer.json())["detail"]


async def test_without_a_demo_there_is_no_button(tmp_path: Path) -> None:
    async with console_site(tmp_path) as site:
        browser = await site.signed_in(UserRole.ADMIN)
        assert (await (await browser.get("/me")).json())["demo"] is False
        assert await play(browser, NAMES[0]) == 404


def test_each_call_of_the_demo_has_a_line_with_its_languages_and_agents(stage: StageOfTest, tmp_path: Path) -> None:
    stage.write_directory()
    basis = Basis(("en", "es"), "en", "+12025550100", ("+12025550122",), ("US",))
    directory = read_directory(stage.data_dir, basis)
    clinic, hotline = directory.profiles
    assert (clinic.name, clinic.languages) == (NAMES[0], ("en", "es", "fr", "de", "it"))
    assert (hotline.name, hotline.languages) == (NAMES[1], ("de", "en"))
    assert [agent.languages for agent in directory.agents] == [("en",), ("de",)]
    assert [clinic.circle.names, hotline.circle.names] == [{"Agent 1"}, {"Agent 2"}]
