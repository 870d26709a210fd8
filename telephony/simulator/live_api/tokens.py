"""Ephemeral tokens: minting them, and what a session is that is opened with one. PURE.

Rules: ai.google.dev/api/live ("Ephemeral authentication tokens": AuthToken). Without a setup the connection's holds.
With one and no mask, the token's replaces the connection's. With a mask, its fields of the token's overwrite those of
the connection. `uses` is 1 unless said, 0 is no limit, and resuming a session is no use. New sessions are refused after
`newSessionExpireTime` (a minute unless said), everything after `expireTime` (30 minutes unless said); both lie less
than 20 hours ahead. What the client of a refused token is told is in no page; 1008 is a websocket's code for a policy.
A handle to resume by is the client's own, whatever is locked: a token cannot know it.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from telephony.simulator.live_api.fields import Kind, Shape, read
from telephony.simulator.live_api.refusal import POLICY, Refusal, RefusedError, invalid_value
from telephony.simulator.live_api.setup import fields_of, known_path

PREFIX: Final = "auth_tokens/"
LIFE: Final = timedelta(minutes=30)
NEW_SESSIONS: Final = timedelta(seconds=60)
LONGEST: Final = timedelta(hours=20)

EXPIRED: Final = Refusal(POLICY, "The auth token has expired.")
TOO_LATE: Final = Refusal(POLICY, "The auth token can no longer start new sessions.")
USED_UP: Final = Refusal(POLICY, "The auth token has been used as often as it may be.")

_BODY: Mapping[str, Shape] = {
    "name": Kind.STRING,
    "uses": Kind.INT,
    "expire_time": Kind.STRING,
    "new_session_expire_time": Kind.STRING,
    "bidi_generate_content_setup": Kind.ANY,
    "field_mask": Kind.STRING,
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
"""proto3 JSON writes a Timestamp as RFC 3339 does (protobuf.dev, "ProtoJSON Format")."""

Path = tuple[str, ...]


@dataclass(slots=True)
class AuthToken:
    """One token. `left` is None without a limit; `handles` are those of the sessions it opened."""

    name: str = field(repr=False)
    setup: Mapping[str, Any] | None
    mask: tuple[Path, ...]
    left: int | None
    expires: datetime
    new_sessions_until: datetime
    handles: set[str] = field(default_factory=set, repr=False)

    def begin(self, setup: Any, now: datetime) -> dict[str, Any]:
        """The setup that holds for a session asked for with `setup`, which counts. Raises RefusedError."""
        asked = fields_of(setup, "setup")
        handle = asked.get("session_resumption", {}).get("handle")
        if now >= self.expires:
            raise RefusedError(EXPIRED)
        if handle is None or handle not in self.handles:
            self._count(now)
        return self._constrained(asked, handle)

    def _count(self, now: datetime) -> None:
        if now >= self.new_sessions_until:
            raise RefusedError(TOO_LATE)
        if self.left == 0:
            raise RefusedError(USED_UP)
        if self.left is not None:
            self.left -= 1

    def _constrained(self, asked: dict[str, Any], handle: str | None) -> dict[str, Any]:
        if self.setup is None:
            return asked
        if not self.mask:
            setup: dict[str, Any] = _copied(self.setup)
            if handle and "session_resumption" in setup:
                setup["session_resumption"]["handle"] = handle
            return setup
        for path in self.mask:
            _overwrite(asked, self.setup, path)
        if handle and "session_resumption" in asked:
            asked["session_resumption"].setdefault("handle", handle)
        return asked


class AuthTokens:
    """Every token of one simulated Live API."""

    def __init__(self) -> None:
        self._tokens: dict[str, AuthToken] = {}

    def mint(self, body: Any, now: datetime) -> AuthToken:
        """By the body of a request to auth_tokens. Raises RefusedError, whose text is the service's message."""
        given = read(body, _BODY, "auth_token")
        setup = given.get("bidi_generate_content_setup")
        uses = given.get("uses", 1)
        if uses < 0:
            raise RefusedError(invalid_value("auth_token.uses", Kind.INT.value))
        token = AuthToken(
            name=PREFIX + secrets.token_hex(32),
            setup=None if setup is None else fields_of(setup, "auth_token.bidi_generate_content_setup"),
            mask=tuple(_paths(given.get("field_mask", ""))),
            left=uses or None,
            expires=_moment(given, "expire_time", now, LIFE),
            new_sessions_until=_moment(given, "new_session_expire_time", now, NEW_SESSIONS),
        )
        self._tokens[token.name] = token
        return token

    def find(self, name: str) -> AuthToken | None:
        """Names have 256 random bits, so how long the look-up takes tells nothing."""
        return self._tokens.get(name)


def _moment(given: Mapping[str, Any], name: str, now: datetime, default: timedelta) -> datetime:
    written = given.get(name)
    if written is None:
        return now + default
    place = f"auth_token.{name}"
    if not _MOMENT.fullmatch(written):
        raise RefusedError(invalid_value(place, "type.googleapis.com/google.protobuf.Timestamp"))
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", written))
    except ValueError:
        raise RefusedError(invalid_value(place, "type.googleapis.com/google.protobuf.Timestamp")) from None
    if not now < moment < now + LONGEST:
        raise RefusedError(Refusal(POLICY, f"{name} must be in the future, and less than 20 hours in the future."))
    return moment


def _paths(mask: str) -> Iterable[Path]:
    """Each field of a mask by its snake_case names. Raises RefusedError for one that a setup cannot have."""
    for written in filter(None, (part.strip() for part in mask.split(","))):
        path = known_path(written)
        if path is None:
            raise RefusedError(invalid_value("auth_token.field_mask", "type.googleapis.com/google.protobuf.FieldMask"))
        yield path


def _overwrite(asked: dict[str, Any], locked: Mapping[str, Any], path: Path) -> None:
    """Makes the field at `path` what it is in `locked`; what is not there is unset."""
    first, *others = path
    if not others:
        asked.pop(first, None)
        if first in locked:
            asked[first] = _copied(locked[first])
        return
    within = asked.setdefault(first, {})
    _overwrite(within, locked.get(first, {}), tuple(others))
    if not within and first not in locked:
        del asked[first]


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(item) for name, item in value.items()}
    return list(value) if isinstance(value, list) else value
