"""Fixture calls to be looked at in the console: the service in a process of its own, and in this one a Live API that
knows every call, and a carrier with a number for each.
"""

import asyncio
import json
import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import aiohttp

from telephony.replay.ports import free_port
from telephony.replay.processes import Child, ProcessFailed
from telephony.replay.serving import answers
from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.play import longest, talk_of
from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.scenario import Scenario

START_WITHIN: Final = 60.0
MOST_CALLS: Final = 10
"""Numbers that are reserved for stories and begin with +1202555010."""


class ConsoleStage:
    """Use it with `async with`; raises ProcessFailed where the service does not start. `folder` takes what it writes,
    the service's data in `data`. `more` are further settings of the service."""

    def __init__(self, scenarios: Sequence[Scenario], folder: Path, more: dict[str, str]) -> None:
        self._scenarios = {name_of(scenario): scenario for scenario in scenarios[:MOST_CALLS]}
        self._numbers = {name: f"+1202555010{nth}" for nth, name in enumerate(self._scenarios)}
        self._folder = folder.resolve()
        self._more = more
        self._stack = AsyncExitStack()
        self._playing: asyncio.Task[None] | None = None
        self.url = f"http://127.0.0.1:{free_port()}"
        self.running: str | None = None
        """The call that is being played."""
        self._service = Child("service", self._folder / "service.log")
        self._carrier: Carrier | None = None

    @property
    def titles(self) -> dict[str, str]:
        """What each call is called, by its name."""
        return {name: scenario.title for name, scenario in self._scenarios.items()}

    @property
    def data_dir(self) -> Path:
        return self._folder / "data"

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.write_directory)
        async with AsyncExitStack() as stack:
            key, token, account = secrets.token_hex(16), secrets.token_hex(16), "AC" + secrets.token_hex(16)
            live = await stack.enter_async_context(LiveApi(self._scenarios.values(), key=key, plain=True))
            carrier = self._new_carrier(account, token)
            self._carrier = await stack.enter_async_context(carrier)
            stack.push_async_callback(self._service.stop)
            await self._start_service(live, key, carrier.url, account, token)
            stack.push_async_callback(self._stop_playing)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def play(self, name: str) -> bool:
        """Has a call begin. Whether it does: one at a time, and it has to be one of ours."""
        if self.running is not None or name not in self._scenarios:
            return False
        self.running = name
        self._playing = asyncio.create_task(self._play(name), name="demo call")
        return True

    async def _play(self, name: str) -> None:
        if self._carrier is None:
            raise RuntimeError("a stage is used inside `async with`")
        scenario, carrier = self._scenarios[name], self._carrier
        talk = talk_of(scenario)
        carrier.phones.add_talk(talk)
        try:
            async with asyncio.timeout(longest(scenario)):
                await carrier.incoming(talk.caller, self._numbers[name])
                while living := carrier.switch.living():
                    await asyncio.gather(*(carrier.switch.ended(call) for call in living))
        except TimeoutError:
            for call in carrier.switch.living():
                call.end()
        finally:
            carrier.phones.remove_talk(talk)
            self.running = None

    async def _stop_playing(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.wait((self._playing,))

    def _new_carrier(self, account: str, token: str) -> Carrier:
        first, *others = self._numbers.values()
        return Carrier(
            account,
            token,
            first,
            f"{self.url}/twilio/voice",
            more_numbers=others,
            status_url=f"{self.url}/twilio/status",
            out=self._folder,
            allow_ws=True,
        )

    async def _start_service(self, live: LiveApi, key: str, carrier_url: str, account: str, token: str) -> None:
        first = next(iter(self._scenarios.values()))
        settings = {
            "GOOGLE_GEMINI_BASE_URL": live.url,
            "SSL_CERT_FILE": str(live.ca_pem),
            "TELEPHONY_LIVE_BROWSER_URL": live.plain_url,
            "GEMINI_API_KEY": key,
            "TWILIO_ACCOUNT_SID": account,
            "TWILIO_AUTH_TOKEN": token,
            "TWILIO_PHONE_NUMBER": next(iter(self._numbers.values())),
            "TELEPHONY_PUBLIC_URL": self.url,
            "TELEPHONY_TWILIO_API_URL": carrier_url,
            "TELEPHONY_AGENT_LANGUAGE": first.agent_language,
            "TELEPHONY_AGENTS": first.agents[0].number,
            "TELEPHONY_LANGUAGES": ",".join(first.languages),
            "TELEPHONY_DATA_DIR": str(self.data_dir),
            "TELEPHONY_DRAIN_SECONDS": "0",
            **self._more,
        }
        port = self.url.rpartition(":")[2]
        await self._service.start("serve", "--port", port, folder=self._folder, settings=settings)
        async with aiohttp.ClientSession() as web, asyncio.timeout(START_WITHIN):
            while not await answers(web, f"{self.url}/readyz"):
                if not self._service.running:
                    raise ProcessFailed(f"the service did not start: {self._service.last_words()}")
                await asyncio.sleep(0.1)

    def write_directory(self) -> None:
        """A line for each call, with its own languages and agents."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        agents: dict[str, str] = {}
        """Names by number: calls may share agents."""
        for scenario in self._scenarios.values():
            for agent in scenario.agents:
                agents.setdefault(agent.number, f"Agent {len(agents) + 1}")
        numbers = [
            _table("number", name=_line_name(name), numbers=[self._numbers[name]], languages=list(scenario.languages),
                   agent_language=scenario.agent_language, agents=[agents[agent.number] for agent in scenario.agents])
            for name, scenario in self._scenarios.items()
        ]  # fmt: skip
        people = [
            _table("agent", name=agent, address=address, languages=[self._spoken_by(address)])
            for address, agent in agents.items()
        ]
        (self.data_dir / "numbers.toml").write_text("\n".join(numbers), "utf-8")
        (self.data_dir / "agents.toml").write_text("\n".join(people), "utf-8")

    def _spoken_by(self, address: str) -> str:
        calls = self._scenarios.values()
        return next(call.agent_language for call in calls if any(one.number == address for one in call.agents))


def name_of(scenario: Scenario) -> str:
    """By which a call is asked for: its folder's."""
    return scenario.folder.resolve().name


def _line_name(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())


def _table(kind: str, **values: object) -> str:
    """A table of TOML. Its strings are JSON's, where letters are ASCII (toml.io, "String")."""
    return "\n".join([f"[[{kind}]]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""])
