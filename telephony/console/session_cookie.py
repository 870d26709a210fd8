"""The cookie of somebody who is signed in: signed by us, worth nothing after twelve hours or once they sign out.

The name of a cookie that is only for https begins with `__Host-`, which browsers take from no other host and from no
page without TLS (RFC 6265bis section 4.1.3.2).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from aiohttp import web
from itsdangerous import BadData, URLSafeSerializer

LASTS: Final = timedelta(hours=12)
PLAIN: Final = "telephony_session"
SECURE: Final = f"__Host-{PLAIN}"
TICKET_LASTS: Final = timedelta(minutes=10)
MOST_SIGNED_OUT: Final = 100_000
"""Sessions and tickets that are remembered as over before their time; beyond it the oldest are forgotten."""

MOST_LETTERS: Final = 2000


@dataclass(frozen=True, slots=True)
class Session:
    """Who signed in; `made` is when the user was, so that another of the same name is somebody else."""

    id: str
    user: str
    made: str
    until: float


class SessionCookies:
    """Signs and reads sessions. Who signed out is remembered by this process."""

    def __init__(self, key: bytes) -> None:
        self._serializer = _serializer(key, "console-session")
        self._tickets = _serializer(key, "console-ticket")
        self._signed_out: dict[str, float] = {}

    def begin(self, user: str, made: datetime, now: datetime) -> Session:
        return Session(secrets.token_hex(16), user, made.isoformat(), (now + LASTS).timestamp())

    def written(self, session: Session) -> str:
        return str(self._serializer.dumps([session.id, session.user, session.made, session.until]))

    def read(self, value: str, now: datetime) -> Session | None:
        """The session of a cookie; None for one that is not ours, too old, or signed out."""
        return self._good(self._serializer, value, now)

    def ticket(self, user: str, made: datetime, now: datetime) -> str:
        """Lets in once, for a few minutes, whoever brings it; only a holder of the key can write one."""
        until = (now + TICKET_LASTS).timestamp()
        return str(self._tickets.dumps([secrets.token_hex(16), user, made.isoformat(), until]))

    def redeem(self, ticket: str, now: datetime) -> Session | None:
        """Whom a ticket lets in. It is worth nothing afterwards."""
        if found := self._good(self._tickets, ticket, now):
            self.end(found, now)
        return found

    def end(self, session: Session, now: datetime) -> None:
        """From now on its cookie is worth nothing."""
        for old in [one for one, until in self._signed_out.items() if until <= now.timestamp()]:
            del self._signed_out[old]
        while len(self._signed_out) >= MOST_SIGNED_OUT:
            del self._signed_out[next(iter(self._signed_out))]
        self._signed_out[session.id] = session.until

    def _good(self, serializer: URLSafeSerializer, value: str, now: datetime) -> Session | None:
        if len(value) > MOST_LETTERS:
            return None
        try:
            session = Session(*serializer.loads(value))
        except (BadData, TypeError):
            return None
        return None if session.until <= now.timestamp() or session.id in self._signed_out else session


def _serializer(key: bytes, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=purpose, signer_kwargs={"key_derivation": "hmac", "digest_method": sha256})


def found_in(cookies: Mapping[str, str], *, secure_only: bool) -> str | None:
    """The cookie of a request. Where we are known to be reached by https, only the one that is for https counts."""
    return cookies.get(SECURE) or (None if secure_only else cookies.get(PLAIN))


def put(response: web.StreamResponse, value: str, *, secure: bool) -> None:
    response.set_cookie(
        SECURE if secure else PLAIN,
        value,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def remove(response: web.StreamResponse) -> None:
    for name in (SECURE, PLAIN):
        response.del_cookie(name, path="/", secure=name == SECURE, httponly=True, samesite="Strict")
