"""`telephony dial`: has the running service ring you and somebody else, and tells how the call goes."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError
from rich.console import Console

from telephony.commands.api_client import ApiClient, ApiSettings, Refused, Unreachable
from telephony.commands.with_store import console

LOOK_EVERY: Final = 1.0
GIVEN_UP_AFTER: Final = 60
"""Times in a row that the service may not answer; while it is started anew, the call goes on."""

NO_TALK, NOT_ASKED, INTERRUPTED = 1, 2, 130

STATES: Final = {
    "summoning": "ringing you",
    "ringing": "ringing them",
    "talking": "connected: a machine interprets",
    "conference": "connected: a human interprets",
    "closing": "ending",
}
OUTCOMES: Final = {
    "caller-hung-up": "they hung up",
    "agent-hung-up": "you hung up",
    "caller-left-early": "they hung up before you were connected",
    "agent-left-early": "you hung up before you were connected",
    "nobody-answered": "you did not answer",
    "not-reached": "they could not be reached",
    "longest-time": "the longest time of a call was reached",
    "service-ended": "the service was stopped",
    "ended-by-request": "it was ended over the API",
    "technical-problem": "something broke; the service's log says what",
}
CONNECTED: Final = ("talking", "conference")


def dial(to: str, from_language: str, to_language: str, me: str | None) -> int:
    """0 after a talk, 1 where it came to none, 2 where the call could not be asked for, 130 for Ctrl-C: what rings is
    ended then, a talk goes on."""
    problems = console(stderr=True)
    try:
        settings = ApiSettings()
    except (ValidationError, UnicodeDecodeError):
        problems.print("TELEPHONY_API_URL or TELEPHONY_API_TOKEN cannot be read; look at the environment and .env")
        return NOT_ASKED
    if settings.token is None:
        problems.print("TELEPHONY_API_TOKEN is not set; make a token: telephony token create --scope call")
        return NOT_ASKED
    wish = {"to": to, "from_language": from_language, "to_language": to_language} | ({"me": me} if me else {})
    dialled = Dialled(settings.url, settings.token.get_secret_value(), wish, console())
    try:
        return asyncio.run(dialled.run())
    except KeyboardInterrupt:
        return asyncio.run(dialled.leave())
    except Refused as refused:
        problems.print(f"not dialled: {refused}")
    except Unreachable as failure:
        problems.print(f"nobody answers at TELEPHONY_API_URL ({failure}); start the service: telephony serve")
    return NOT_ASKED


@dataclass
class Dialled:
    """One call that was asked for, and what was told of it by now."""

    url: str
    token: str = field(repr=False)
    wish: dict[str, str] = field(repr=False)
    out: Console
    look_every: float = LOOK_EVERY
    call: dict[str, Any] = field(default_factory=dict)
    talked: bool = False

    async def run(self) -> int:
        """Until the call is over. Raises Refused and Unreachable."""
        async with ApiClient(self.url, self.token) as api:
            once = {"Idempotency-Key": secrets.token_hex(16)}
            self._tell(await api.ask("POST", "/calls", self.wish, once))
            while self.call["state"] != "ended":
                await asyncio.sleep(self.look_every)
                self._tell(await self._look(api))
        return 0 if self.talked else NO_TALK

    async def leave(self) -> int:
        """Ends what nobody has answered yet; two who talk are left alone."""
        if not self.call:
            return INTERRUPTED
        where = f"/calls/{self.call['id']}"
        if self.call["state"] in CONNECTED:
            self.out.print(f"the call goes on; it can be ended by POST /api{where}/hang-up")
            return INTERRUPTED
        try:
            async with ApiClient(self.url, self.token) as api:
                await api.ask("POST", f"{where}/hang-up")
            self.out.print("ended")
        except (Refused, Unreachable) as failure:
            self.out.print(f"it could not be ended: {failure}")
        return INTERRUPTED

    async def _look(self, api: ApiClient) -> dict[str, Any]:
        for _ in range(GIVEN_UP_AFTER - 1):
            try:
                return await api.ask("GET", f"/calls/{self.call['id']}")
            except Unreachable:
                await asyncio.sleep(self.look_every)
        return await api.ask("GET", f"/calls/{self.call['id']}")

    def _tell(self, call: dict[str, Any]) -> None:
        """A line for each new state."""
        before, self.call = self.call.get("state"), call
        self.talked = self.talked or call["state"] in CONNECTED
        if call["state"] == before:
            return
        if call["state"] == "ended":
            outcome = str(call["outcome"])
            self.out.print(f"over: {OUTCOMES.get(outcome, outcome)}")
        else:
            self.out.print(STATES.get(call["state"], call["state"]))
