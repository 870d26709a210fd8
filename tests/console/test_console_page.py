"""The page of the live calls, in a browser."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from telephony.calls.observer import CallMoved, Continuity, LanguageHeard, Role, TurnedAway
from telephony.calls.state import CallState, Outcome
from telephony.engines.base import Degraded, HandedOver, Reason, Restored, Side, Trouble
from telephony.records.store.users import UserRole
from tests.console.chromium import DESK, PHONE, console_page, faults, needs_chromium
from tests.console.payloads import PAYLOADS
from tests.console.site import Site, reads, says, talk

pytestmark = needs_chromium

NAME_OF_FOCUS = "() => document.activeElement.ariaLabel ?? document.activeElement.innerText"


async def test_captions_appear_in_both_languages_as_they_are_spoken(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a")
        card = page.get_by_role("article", name="Spanish ↔ English")
        await expect(card).to_contain_text("Talking")
        says(site.feed, "a", "Buenos")
        says(site.feed, "a", "Good", side=Side.SPOKEN, language="en")
        await expect(card.locator(".said")).to_have_count(2)
        says(site.feed, "a", " días")
        says(site.feed, "a", " morning", side=Side.SPOKEN, language="en")
        heard, spoken = card.locator(".said[lang=es]"), card.locator(".said.translated[lang=en]")
        await expect(heard).to_have_text("Caller: Buenos días")
        await expect(spoken).to_have_text("Caller, in translation: Good morning")


async def test_a_script_from_right_to_left_runs_to_the_left(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a", caller="ar")
        says(site.feed, "a", "صباح الخير", language="ar")
        bubble = page.locator(".said[lang=ar]")
        await expect(bubble).to_have_attribute("dir", "auto")
        direction = "element => getComputedStyle(element).direction"
        assert await bubble.evaluate(direction) == "rtl"


async def test_lag_levels_and_cost_stand_there_in_words(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a")
        reads(site.feed, "a", session_s=60.0)
        reads(site.feed, "a", Role.AGENT, lag_s=9.0, session_s=60.0)
        caller = page.get_by_role("group", name="Caller to agent")
        agent = page.get_by_role("group", name="Agent to caller")
        await expect(caller.locator(".light")).to_have_text("2.4 s behind")
        await expect(caller.locator(".light")).to_have_attribute("data-state", "good")
        await expect(agent.locator(".light")).to_have_attribute("data-state", "bad")
        await expect(agent).to_contain_text("9.0 s behind")
        await expect(caller.get_by_label("Caller, voice")).to_have_attribute("value", "-21")
        await expect(page.get_by_text("Our cost so far: $1.2000")).to_be_visible()


async def test_hand_overs_stalls_and_failures_are_told_in_words(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a")
        site.feed.tell(Continuity("a", Role.CALLER, HandedOver(Reason.AGE, 0, 0, 0, 900)))
        site.feed.tell(Continuity("a", Role.AGENT, HandedOver(Reason.STALLED, 400, 1200, 2100, 900)))
        site.feed.tell(Continuity("a", Role.AGENT, Degraded(Trouble.QUOTA, "detail")))
        marks = page.locator(".marks li")
        await expect(marks.nth(0)).to_contain_text("nothing lost")
        await expect(marks.nth(1)).to_contain_text("Stalled; taken up after its messages stopped: 0.4 s lost, 1.2 s")
        await expect(marks.nth(2)).to_contain_text("No interpretation: the quota is used up")
        light = page.get_by_role("group", name="Agent to caller").locator(".light")
        await expect(light).to_have_text("No interpretation: the quota is used up")
        site.feed.tell(Continuity("a", Role.AGENT, Restored(500.0)))
        reads(site.feed, "a", Role.AGENT)
        await expect(light).to_have_text("2.4 s behind")
        await expect(marks.nth(3)).to_contain_text("Interpretation is back; 0.5 s were not interpreted")


async def test_a_caller_who_speaks_another_language_than_known_is_shown_so(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a", caller="auto")
        await expect(page.get_by_role("heading", name="Not known yet ↔ English")).to_be_visible()
        site.feed.tell(LanguageHeard("a", Role.CALLER, "pl"))
        await expect(page.get_by_role("heading", name="Polish ↔ English")).to_be_visible()


async def test_a_call_that_is_over_says_how_and_goes_after_a_while(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a")
        site.feed.tell(CallMoved("a", CallState.ENDED, Outcome.CALLER_HUNG_UP))
        await expect(page.get_by_text("the caller hung up")).to_be_visible()
        site.times.added += 20
        talk(site.feed, "b", caller="fr")
        await expect(page.get_by_role("article")).to_have_count(1)
        await expect(page.get_by_role("heading", name="French ↔ English")).to_be_visible()


async def test_calls_that_are_turned_away_are_told_with_the_reason(site: Site) -> None:
    async with console_page(site) as page:
        site.feed.tell(TurnedAway("line-full"))
        await expect(page.get_by_text("One call was turned away")).to_contain_text("as many calls run as may at once")
        site.feed.tell(TurnedAway("strained"))
        await expect(page.get_by_text("2 calls were turned away")).to_contain_text("this machine is too busy")


async def test_a_reload_in_mid_call_shows_what_was_said_and_goes_on(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a")
        says(site.feed, "a", "uno")
        await expect(page.locator(".said")).to_have_count(1)
        await page.reload()
        await expect(page.locator(".said")).to_contain_text("uno")
        says(site.feed, "a", " dos")
        await expect(page.locator(".said")).to_contain_text("uno dos")


async def test_a_lost_connection_is_said_and_comes_back_by_itself(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a")
        await expect(page.get_by_role("article")).to_have_count(1)
        await page.evaluate("() => { globalThis.Real = WebSocket; globalThis.WebSocket = class { constructor() {"
                            "setTimeout(() => this.onclose({ code: 1006 }), 50); } }; }")  # fmt: skip
        await site.console.sockets.close()
        await expect(page.get_by_text("The connection is lost")).to_be_visible()
        await page.evaluate("() => { globalThis.WebSocket = Real; }")
        says(site.feed, "a", "wieder da", language="de")
        await expect(page.get_by_text("The connection is lost")).to_be_hidden(timeout=15_000)
        await expect(page.locator(".said")).to_contain_text("wieder da")


async def test_hostile_words_and_names_are_shown_as_text(site: Site) -> None:
    name = "<img src=x onerror=alert(1)>"
    await site.users.add(name, UserRole.ADMIN, "a password of a test", site.times.wall())
    async with console_page(site) as page:
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_label("Name").fill(name)
        await page.get_by_label("Password").fill("a password of a test")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_text(f"{name}, admin")).to_be_visible()
        before = await page.evaluate("() => document.querySelectorAll('*').length")
        for nth, payload in enumerate(PAYLOADS):
            talk(site.feed, f"call-{nth}")
            says(site.feed, f"call-{nth}", payload, language=payload[:20])
        await expect(page.get_by_role("article")).to_have_count(len(PAYLOADS))
        for nth, payload in enumerate(PAYLOADS):
            shown = page.locator(f"[data-call=call-{nth}] .said")
            assert (await shown.text_content() or "").strip().removeprefix("Caller: ") == payload.strip()
        elements = await page.evaluate("() => document.querySelectorAll('*').length")
        plain = await page.evaluate("() => document.querySelectorAll('article:first-of-type *').length + 1")
        assert elements - before <= plain * len(PAYLOADS)
        assert await page.evaluate("() => document.querySelectorAll('script:not([src]), img, iframe, svg').length") == 0


async def test_what_is_said_is_followed_to_its_end(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a")
        for nth in range(30):
            site.times.added += 3
            says(site.feed, "a", f"Satz {nth}", language="de")
        last = page.locator(".said").last
        await expect(last).to_contain_text("Satz 29")
        await expect(last).to_be_in_viewport()


async def test_an_agent_sees_no_words_and_no_cost(site: Site) -> None:
    async with console_page(site, UserRole.AGENT) as page:
        talk(site.feed, "a")
        says(site.feed, "a", "geheim", language="de")
        reads(site.feed, "a")
        await expect(page.get_by_text("2.4 s behind")).to_be_visible()
        assert await page.locator(".said").count() == 0
        assert "cost" not in await page.locator("main").inner_text()
        assert await page.get_by_role("link", name="Try it").count() == 0


async def test_all_of_a_thousand_captions_arrive_in_their_order(site: Site) -> None:
    async with console_page(site) as page:
        for call in range(50):
            talk(site.feed, f"call-{call}")
        for nth in range(20):
            for call in range(50):
                says(site.feed, f"call-{call}", f" {nth}")
            await asyncio.sleep(0.02)
        expected = " ".join(str(nth) for nth in range(20))
        for call in range(50):
            await expect(page.locator(f"[data-call=call-{call}] .said")).to_have_text(f"Caller: {expected}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
async def test_nothing_is_wrong_with_the_page_for_anybody(
    site: Site, size: str, scheme: str, screenshots: Path | None
) -> None:
    shape = PHONE if size == "phone" else DESK
    async with console_page(site, color_scheme=scheme, **shape) as page:
        scene(site)
        await expect(page.get_by_role("article")).to_have_count(3)
        await expect(page.get_by_text("the caller hung up")).to_be_visible()
        assert await faults(page) == []
        wider = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert await page.evaluate(wider) is False
        if screenshots:
            await page.screenshot(path=screenshots / f"console-{size}-{scheme}.png", full_page=size == "phone")


def scene(site: Site) -> None:
    """Three calls at different stages."""
    feed = site.feed
    talk(feed, "a")
    says(feed, "a", "Buenos días, quisiera cambiar mi cita del jueves.")
    says(feed, "a", "Good morning, I would like to change my Thursday appointment.", side=Side.SPOKEN, language="en")
    says(feed, "a", "Of course. Would Friday at ten suit you?", Role.AGENT, language="en")
    says(feed, "a", "Por supuesto. ¿Le viene bien el viernes a las diez?", Role.AGENT, side=Side.SPOKEN, language="es")
    reads(feed, "a", session_s=62.0)
    reads(feed, "a", Role.AGENT, ear_voice_s=2.1, heard_dbfs=-24.0, session_s=62.0)
    feed.tell(Continuity("a", Role.CALLER, HandedOver(Reason.AGE, 0.0, 0.0, 0.0, 900.0)))
    talk(feed, "b", caller="ar")
    says(feed, "b", "صباح الخير، هل يمكنني التحدث مع الطبيب؟", language="ar")
    says(feed, "b", "Good morning, may I speak to the doctor?", side=Side.SPOKEN, language="en")
    reads(feed, "b", lag_s=5.2, session_s=31.0)
    reads(feed, "b", Role.AGENT, heard_dbfs=-90.0, spoken_dbfs=-90.0, ear_voice_s=None, session_s=31.0)
    feed.tell(Continuity("b", Role.AGENT, Degraded(Trouble.QUOTA, "")))
    talk(feed, "c", caller="fr")
    says(feed, "c", "Merci, au revoir.", language="fr")
    says(feed, "c", "Thank you, goodbye.", side=Side.SPOKEN, language="en")
    reads(feed, "c", session_s=44.0, resting=True)
    feed.tell(CallMoved("c", CallState.ENDED, Outcome.CALLER_HUNG_UP))


async def test_the_page_is_used_by_the_keyboard_alone(site: Site) -> None:
    async with console_page(site) as page:
        talk(site.feed, "a")
        await expect(page.get_by_role("article")).to_have_count(1)
        reached = []
        await page.evaluate("() => document.activeElement.blur()")
        for _ in range(7):
            await page.keyboard.press("Tab")
            reached.append(
                await page.evaluate("() => document.activeElement.ariaLabel ?? document.activeElement.innerText")
            )
        assert reached[:5] == ["telephony", "Live calls", "Try it", "Sign out", "What is said"]
        await page.get_by_role("switch").focus()
        await page.keyboard.press("Space")
        await expect(page.get_by_role("log")).to_have_attribute("aria-live", re.compile("polite"))
