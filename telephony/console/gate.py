"""Lets the console's pages use the HTTP API by the cookie of whoever is signed in."""

import hmac

from aiohttp import web

from telephony.api.problem import Problem
from telephony.api.route import Holder
from telephony.console.doorway import Doorway
from telephony.console.rights import SCOPES

SAFE = ("GET", "HEAD")


class CookieGate:
    """A gate of the API. Whatever changes something has to come from a page of ours."""

    def __init__(self, doorway: Doorway, key: bytes) -> None:
        self._doorway = doorway
        self._key = key

    async def holder(self, request: web.Request) -> Holder | None:
        """None where there is no cookie. Raises Problem: 401, 403."""
        if self._doorway.cookie(request) is None:
            return None
        user = await self._doorway.signed_in(request)
        if request.method not in SAFE:
            self._doorway.from_our_page(request)
        scope = SCOPES[user.role]
        if scope is None:
            raise Problem(403, f"the role {user.role} may not use the API; ask an admin", reason="role")
        return Holder(f"user-{self._digest(user.name)}", user.name, scope)

    def _digest(self, name: str) -> str:
        """What stands for a user in the log."""
        return hmac.digest(self._key, b"log:" + name.encode(), "sha256").hex()[:8]
