"""The way in before anybody can sign in: a link, shown once at the start, by which the first admin is made."""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

from telephony.api.problem import Problem, wrong_field
from telephony.console.names import as_name, wrong_with_name, wrong_with_password
from telephony.records.store.users import NameTaken, User, UserRole, Users


class FirstAdmin:
    """The secret lives as long as this process, and is worth nothing once there is a user, however made."""

    def __init__(self, users: Users, wall: Callable[[], datetime]) -> None:
        self._users = users
        self._wall = wall
        self._secret: str | None = None
        self._making = asyncio.Lock()

    async def invitation(self) -> str | None:
        """The secret of the link, where there is no user yet; 256 random bits."""
        if await self._users.count():
            return None
        self._secret = secrets.token_urlsafe(32)
        return self._secret

    async def accept(self, secret: str, name: str, password: str) -> User:
        """Makes the first admin. Raises Problem: 403, 422."""
        name = as_name(name)
        async with self._making:
            if not self._secret or not hmac.compare_digest(secret.encode(), self._secret.encode()):
                raise _used()
            if wrong := wrong_with_name(name):
                raise wrong_field("name", wrong)
            if wrong := wrong_with_password(password):
                raise wrong_field("password", wrong)
            return await self._make(name, password)

    async def _make(self, name: str, password: str) -> User:
        if await self._users.count():
            self._secret = None
            raise _used()
        try:
            user = await self._users.add(name, UserRole.ADMIN, password, self._wall())
        except NameTaken:
            raise _used() from None
        self._secret = None
        return user


def _used() -> Problem:
    detail = "this link was used, or the service was started anew; a new start without a user shows another"
    return Problem(403, detail, reason="used")
