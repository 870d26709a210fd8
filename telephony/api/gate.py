"""Who may ask: bearer tokens, their scopes, and how often one may ask.

A token is written `telephony_<id>_<secret>`: 8 hexadecimal digits by which people tell tokens apart, and 256 random
bits.
Bearer tokens and WWW-Authenticate: RFC 6750 sections 2.1 and 3.
"""

import hmac
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from aiohttp import web

from telephony.api.problem import Problem, try_later
from telephony.api.rate import Rate
from telephony.api.route import Holder
from telephony.records.store.tokens import Scope, Token

WRITTEN: Final = re.compile(r"telephony_([0-9a-f]{8})_([A-Za-z0-9_-]{43})", re.ASCII)
BEARER: Final = re.compile(r"bearer +(\S+) *", re.ASCII | re.IGNORECASE)
CHALLENGE: Final = 'Bearer realm="telephony"'


def written(token: Token, secret: str) -> str:
    """What is shown once, and sent with each request."""
    return f"telephony_{token.id}_{secret}"


class TokenStore(Protocol):
    """Where tokens are looked up."""

    async def find(self, secret: str) -> Token | None:
        """The token of a secret that has not been revoked."""
        ...

    def used(self, token: str, at: datetime) -> None:
        """Notes a use. Never waits."""
        ...


class Gate(Protocol):
    """One way to say who asks."""

    async def holder(self, request: web.Request) -> Holder | None:
        """Who asks; None where the request says nothing that this gate looks at. Raises Problem (401)."""
        ...


class TokenGate:
    """Asks for `Authorization: Bearer ...`."""

    def __init__(self, tokens: TokenStore, wall: Callable[[], datetime]) -> None:
        self._tokens = tokens
        self._wall = wall

    async def holder(self, request: web.Request) -> Holder | None:
        if (header := request.headers.get("Authorization")) is None:
            return None
        token = await self._token(header)
        if token is None:
            raise unauthorized(
                "the token is not known here, or was revoked; make one: telephony token create", "invalid_token"
            )
        self._tokens.used(token.id, self._wall())
        return Holder(token.id, token.name, token.scope)

    async def _token(self, header: str) -> Token | None:
        """The store is asked by the digest of 256 random bits, so how long it takes tells nothing of another token."""
        bearer = BEARER.fullmatch(header)
        parts = WRITTEN.fullmatch(bearer[1]) if bearer else None
        found = await self._tokens.find(parts[2]) if parts else None
        return found if parts and found and hmac.compare_digest(found.id, parts[1]) else None


class Gates:
    """Lets a request in by the first gate that it speaks to, if its scope suffices and it does not come too often."""

    def __init__(self, gates: Sequence[Gate], rate: Rate, clock: Callable[[], float]) -> None:
        self._gates = tuple(gates)
        self._rate = rate
        self._clock = clock

    async def admit(self, request: web.Request, needed: Scope) -> Holder:
        """Raises Problem: 401, 403, 429."""
        holder = await self._holder(request)
        if wait := self._rate.take(holder.id, self._clock()):
            raise try_later(429, "too many requests with this token; wait as long as Retry-After says", wait, "rate")
        if not holder.scope.includes(needed):
            challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{needed}"'
            detail = f"this needs a token of scope {needed}; make one: telephony token create --scope {needed}"
            raise Problem(403, detail, reason="scope", headers={"WWW-Authenticate": challenge})
        return holder

    async def _holder(self, request: web.Request) -> Holder:
        for gate in self._gates:
            if (holder := await gate.holder(request)) is not None:
                return holder
        raise unauthorized("send a token as: Authorization: Bearer telephony_...; make one: telephony token create")


def unauthorized(detail: str, error: str | None = None) -> Problem:
    """A 401 with its challenge."""
    challenge = f'{CHALLENGE}, error="{error}"' if error else CHALLENGE
    return Problem(401, detail, headers={"WWW-Authenticate": challenge})
