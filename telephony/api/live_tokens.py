"""Tokens with which a browser or a phone's app talks straight to the interpreter, for a while and without our key.

What such a session costs is not seen here, so a token counts against the day's limits with all that it may use: every
session of it, to the end of its life. Bounds: ai.google.dev/api/live (AuthToken): both times less than 20 hours ahead.
The API's "no limit" of uses is not offered, since nothing could be counted for it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from pydantic import Field

from telephony.api.allowance import Allowance
from telephony.api.call_routes import DETAILS, TOO_MANY
from telephony.api.problem import Problem, try_later, wrong_field
from telephony.api.rate import Rate
from telephony.api.route import Asked, Given, Told, route
from telephony.api.values import LanguageCode
from telephony.calls.guards.reason import Reason
from telephony.engines.base import SessionRefused, Trouble
from telephony.records.store.tokens import Scope

MOST_USES: Final = 100
LONGEST_S: Final = 20 * 3600 - 60
"""A minute less than the API's bound: our clock may differ from the service's."""

SHORTEST_S: Final = 30
A_SECOND, BURST = 0.2, 10
"""Tokens that one holder may ask for: on the average, and at once."""

ASK_AGAIN_S: Final = 5.0


class Mint(Protocol):
    """The interpreter's side."""

    @property
    def model(self) -> str:
        """What a client's setup names as its model."""
        ...

    @property
    def address(self) -> str:
        """The websocket that takes the token as `?access_token=`."""
        ...

    async def mint(
        self,
        target_language: str | None,
        *,
        echo: bool,
        uses: int,
        expires: datetime,
        new_sessions_until: datetime,
    ) -> str:
        """A token, locked to a target language and the echo, or to neither. Raises SessionRefused."""
        ...


class Mode(StrEnum):
    LOCKED = "locked"
    UNLOCKED = "unlocked"


class NewLiveToken(Given):
    """A token to make."""

    mode: Mode = Field(
        default=Mode.LOCKED,
        description="locked, where the languages are fixed here, or unlocked, where the client of the token chooses",
    )
    target_language: LanguageCode | None = Field(
        default=None, description="the code of the language to interpret into, as de; only of a locked token"
    )
    echo_target_language: bool | None = Field(
        default=None,
        description="true or false: whether speech in the target language is spoken again; only of a locked token",
    )
    uses: int = Field(default=1, ge=1, le=MOST_USES, description=f"how many sessions it may open: 1 to {MOST_USES}")
    expires_in_s: int = Field(
        default=1800, ge=SHORTEST_S, le=LONGEST_S, description=f"its life in seconds: {SHORTEST_S} to {LONGEST_S}"
    )
    new_session_in_s: int = Field(
        default=60,
        ge=1,
        le=LONGEST_S,
        description="the seconds in which its sessions have to begin: 1 to expires_in_s",
    )


class LiveTokenView(Told):
    """A token. It is a secret: whoever has it can use it."""

    token: str = Field(repr=False)
    url: str = Field(description="The websocket it is for; add ?access_token= and the token.")
    model: str = Field(description="What the setup, the first message, names as its model.")
    mode: Mode
    target_language: str | None
    echo_target_language: bool | None
    uses: int
    expires_at: datetime
    new_sessions_until: datetime
    reserved_session_minutes: float = Field(description="What it counts against the day's limits.")


class LiveTokenRoutes:
    """`clock` is for the rate, `wall` for when a token ends."""

    def __init__(
        self,
        mint: Mint,
        allowance: Allowance,
        clock: Callable[[], float],
        wall: Callable[[], datetime],
        rate: Rate | None = None,
    ) -> None:
        self._mint = mint
        self._allowance = allowance
        self._clock = clock
        self._wall = wall
        self._rate = Rate(A_SECOND, BURST) if rate is None else rate

    @route("POST", "/live-tokens", Scope.CALL, status=201, problems=(502, 503))
    async def create_live_token(self, body: NewLiveToken, asked: Asked) -> LiveTokenView:
        """Make a token for one's own web or mobile app.

        It counts against the day's limits at once, with every session it may open, each for its whole life.
        """
        _check(body)
        if wait := self._rate.take(asked.holder.id, self._clock()):
            raise try_later(429, "too many live tokens; wait as long as Retry-After says", wait, "rate")
        session_s = float(body.uses * body.expires_in_s)
        if reason := self._allowance.hold(session_s):
            raise _over(reason)
        try:
            view = await self._made(body, session_s)
        except BaseException:
            self._allowance.give_back(session_s)
            raise
        self._allowance.spend(session_s)
        return view

    async def _made(self, body: NewLiveToken, session_s: float) -> LiveTokenView:
        now = self._wall()
        expires = now + timedelta(seconds=body.expires_in_s)
        until = now + timedelta(seconds=body.new_session_in_s)
        locked = body.mode is Mode.LOCKED
        echo = bool(body.echo_target_language)
        try:
            token = await self._mint.mint(
                body.target_language, echo=echo, uses=body.uses, expires=expires, new_sessions_until=until
            )
        except SessionRefused as refused:
            raise _refused(refused.trouble) from None
        return LiveTokenView(
            token=token,
            url=self._mint.address,
            model=self._mint.model,
            mode=body.mode,
            target_language=body.target_language,
            echo_target_language=echo if locked else None,
            uses=body.uses,
            expires_at=expires,
            new_sessions_until=until,
            reserved_session_minutes=session_s / 60,
        )


def _check(body: NewLiveToken) -> None:
    """What the fields have to be to each other. Raises Problem."""
    if body.mode is Mode.LOCKED and body.target_language is None:
        raise wrong_field("target_language", "is missing; a locked token needs it: a code such as de")
    if body.mode is Mode.UNLOCKED:
        for name in ("target_language", "echo_target_language"):
            if getattr(body, name) is not None:
                raise wrong_field(name, "should be left out: the client of an unlocked token chooses it")
    if body.new_session_in_s > body.expires_in_s:
        raise wrong_field("new_session_in_s", "should be no more than expires_in_s")


def _over(reason: Reason) -> Problem:
    """A limit that stands in the way."""
    if reason in TOO_MANY:
        detail = "the day's limits have no room for it; ask for fewer uses or a shorter life, or wait for the next day"
        return try_later(429, f"{detail} (UTC)", ASK_AGAIN_S, reason)
    return try_later(503, DETAILS[reason], ASK_AGAIN_S, reason)


def _refused(trouble: Trouble) -> Problem:
    if trouble.fatal:
        detail = "the interpreter does not take our key or settings; telephony doctor says what to do"
        return Problem(502, detail, reason=trouble)
    return try_later(503, "the interpreter gives no token now; try again in a moment", ASK_AGAIN_S, trouble)
