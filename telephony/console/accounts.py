"""Signing in and out, and who somebody is by their cookie."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from telephony.api.problem import Problem, try_later
from telephony.api.rate import Rate
from telephony.calls.clock import Clock
from telephony.console.names import LONGEST_PASSWORD, as_name, wrong_with_name
from telephony.console.session_cookie import Session, SessionCookies
from telephony.records.store.users import User, Users

log = structlog.get_logger(__name__)

AT_A_TIME: Final = 2
"""Passwords that are compared at once: each takes 64 MiB and a good part of a second (RFC 9106, 4)."""


class Accounts:
    """One name may try ten times, then once in 20 seconds; one address thirty times, then once in 5 seconds."""

    def __init__(self, users: Users, cookies: SessionCookies, clock: Clock, wall: Callable[[], datetime]) -> None:
        self._users = users
        self._cookies = cookies
        self._clock = clock
        self._wall = wall
        self._by_name = Rate(1 / 20, 10)
        self._by_address = Rate(1 / 5, 30)
        self._comparing = asyncio.Semaphore(AT_A_TIME)

    async def sign_in(self, name: str, password: str, address: str) -> tuple[User, str]:
        """The user and the value of the cookie. Raises Problem: 401, 429."""
        name = as_name(name)
        self._count(address, name)
        async with self._comparing:
            known = "" if wrong_with_name(name) else name
            user = await self._users.verify(known, password[:LONGEST_PASSWORD])
        if user is None or len(password) > LONGEST_PASSWORD:
            log.info("a sign-in to the console was refused")
            raise Problem(401, "the name or the password is wrong", reason="wrong")
        log.info("somebody signed in to the console", role=user.role.value)
        return user, self.cookie_for(user)

    def cookie_for(self, user: User) -> str:
        return self._cookies.written(self._cookies.begin(user.name, user.created, self._wall()))

    async def user_of(self, cookie: str | None) -> User | None:
        """Who is signed in by this cookie, with the role that they have now. Raises StoreUnavailable."""
        return await self._same(self._session(cookie))

    async def enter(self, ticket: str, address: str) -> tuple[User, str]:
        """By a ticket instead of a password. Raises Problem: 403, 429."""
        self._count(address)
        session = self._cookies.redeem(ticket, self._wall())
        user = await self._same(session)
        if user is None:
            raise Problem(403, "this link was used or is too old; sign in by name and password", reason="used")
        return user, self.cookie_for(user)

    def sign_out(self, cookie: str | None) -> None:
        if session := self._session(cookie):
            self._cookies.end(session, self._wall())

    async def _same(self, session: Session | None) -> User | None:
        user = await self._users.find(session.user) if session else None
        return user if user and session and user.created.isoformat() == session.made else None

    def _session(self, cookie: str | None) -> Session | None:
        return self._cookies.read(cookie, self._wall()) if cookie else None

    def _count(self, address: str, name: str | None = None) -> None:
        now = self._clock()
        by_name = 0.0 if name is None else self._by_name.take(name, now)
        if wait := max(self._by_address.take(address, now), by_name):
            raise try_later(429, "too many tries to sign in; wait as long as Retry-After says", wait, "rate")
