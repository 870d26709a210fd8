"""The REST API asked by Twilio's own package, for calls to one agent's phone."""

import asyncio
from collections.abc import Callable
from typing import Any

from twilio.rest import Client

from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import AgentPhone, Answers
from tests.simulator.scenes import ACCOUNT, AGENT, OURS, TOKEN, agent, scenario
from tests.simulator.small_service import Service


def client(carrier: Carrier, user: str = ACCOUNT, password: str = TOKEN) -> Client:
    client = Client(user, password, ACCOUNT)
    client.api.base_url = carrier.url
    return client


async def ask(question: Callable[[], Any]) -> Any:
    """Twilio's synchronous client blocks, so it asks from another thread."""
    return await asyncio.to_thread(question)


def answering(answers: Answers, rings: float = 0.0, **scene: Any) -> Phone:
    return agent(scenario(agents=(AgentPhone(AGENT, rings, answers),), **scene))


async def over(carrier: Carrier, sid: str) -> str:
    """How the call ended."""
    call = carrier.switch.calls[sid]
    await carrier.switch.ended(call)
    return str(call.progress.standing)


async def create(carrier: Carrier, service: Service, **more: Any) -> Any:
    form = {"to": AGENT, "from_": OURS, "url": f"{service.url}/answer", **more}
    return await ask(lambda: client(carrier).calls.create(**form))
