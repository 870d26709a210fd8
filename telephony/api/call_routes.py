"""Calls: looking at them, placing one, ending one, having a human interpreter called."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import Field

from telephony.api.call_views import CallRecord, Calls, CallView, call_record, call_view
from telephony.api.desk import Archive, Desk, NotNow, Wish, WrongWish
from telephony.api.once import Once
from telephony.api.problem import Problem, try_later, wrong_field
from telephony.api.route import Asked, Given, route
from telephony.api.values import Address, Id, LanguageCode, Name, Number
from telephony.calls.guards.limits import QUOTA_REST
from telephony.calls.guards.reason import Reason
from telephony.calls.snapshot import CallSnapshot
from telephony.calls.switchboard import TurnedDown
from telephony.records.store.tokens import Scope

DETAILS: Final = {
    Reason.LINE_FULL: "as many calls as this house carries run already; try again in a moment",
    Reason.STRAINED: "this process is too busy for more calls; try again in a moment",
    Reason.CALLER_LIMIT: "an hour's calls have been placed; try again later",
    Reason.DAY_MINUTES: "the day's minutes are used up; raise TELEPHONY_MINUTES_A_DAY, or wait for the next day (UTC)",
    Reason.DAY_SPEND: "the day's spend is used up; raise TELEPHONY_SPEND_A_DAY, or wait for the next day (UTC)",
    Reason.HELD: "new calls are held; let them come again by: telephony hold-calls --off",
    Reason.NOT_ALLOWED: "this call is not allowed here",
    Reason.DRAINING: "this process is about to end; ask the next one",
    Reason.QUOTA: "the interpreter has refused sessions for want of quota; try again in a minute",
}
TOO_MANY: Final = (Reason.CALLER_LIMIT, Reason.DAY_MINUTES, Reason.DAY_SPEND)


class WhichCall(Given):
    call: Id = Field(description="a call's id: 32 hexadecimal digits")


class NewCall(Given):
    """A call to place."""

    to: Number = Field(
        description="the number to call, with its country code, as +12025550123", examples=["+12025550123"]
    )
    to_language: LanguageCode = Field(description="the code of the language spoken there, as de")
    from_language: LanguageCode = Field(
        description="the code of the language spoken at `me`, as en; an agent who is chosen speaks his own"
    )
    me: Address | None = Field(
        default=None,
        description="the number that is rung first, as +12025550122, or an agent's address; left out, an agent's is",
    )
    line: Name | None = Field(default=None, description="the name of a line in numbers.toml; left out, the house's")


class OnlyOnce(Given):
    idempotency_key: str | None = Field(
        default=None,
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="1 to 200 characters, new for each call; the same key again gets the first answer again",
    )


class CallRoutes:
    """`wall` says when a day's limits end."""

    def __init__(self, desk: Desk, archive: Archive, once: Once, wall: Callable[[], datetime]) -> None:
        self._desk = desk
        self._archive = archive
        self._once = once
        self._wall = wall

    @route("GET", "/calls", Scope.READ)
    async def list_calls(self) -> Calls:
        """The calls that run now."""
        return Calls(calls=tuple(call_view(call) for call in self._desk.live()))

    @route("GET", "/calls/{call}", Scope.READ, problems=(503,))
    async def get_call(self, path: WhichCall) -> CallRecord:
        """One call, running or over, and who has agreed to its being recorded."""
        if (found := await self._desk.find(path.call)) is None:
            raise Problem(404, "there is no call of that id")
        consents, incomplete = await self._archive.kept_of(path.call)
        return call_record(found, consents, incomplete=incomplete)

    @route("POST", "/calls", Scope.CALL, status=201, problems=(409, 503))
    async def place_call(self, asked: Asked, headers: OnlyOnce, body: NewCall) -> CallView:
        """Place a call.

        Rings `me` (or an agent), then `to`, tells both that a machine interprets, and connects them. Follow it with
        GET on the address in Location. An Idempotency-Key is remembered for a day, by the process that got it.
        """
        key = f"{asked.holder.id}:{headers.idempotency_key}" if headers.idempotency_key else None
        now, asks_for = self._wall(), body.model_dump_json()
        placed = self._once.answer_to(key, asks_for, now) if key else None
        if placed is None:
            placed = self._place(body)
            if key:
                self._once.remember(key, asks_for, placed, now)
        asked.reply["Location"] = f"{asked.target.rstrip('/')}/{placed.id}"
        return placed

    @route("POST", "/calls/{call}/hang-up", Scope.CALL, status=202, problems=(409,))
    async def hang_up(self, path: WhichCall) -> CallView:
        """Tell both parties and end a call that runs here."""
        try:
            found = self._desk.hang_up(path.call)
        except NotNow as why:
            raise Problem(409, str(why)) from None
        return _here(found)

    @route("POST", "/calls/{call}/human-interpreter", Scope.CALL, status=202, problems=(409,))
    async def call_human_interpreter(self, path: WhichCall) -> CallView:
        """Have the line's human interpreter called into a talk that runs here.

        The two go on being interpreted until the human has accepted; then all three meet.
        """
        try:
            found = self._desk.call_human(path.call)
        except NotNow as why:
            raise Problem(409, str(why)) from None
        return _here(found)

    def _place(self, new: NewCall) -> CallView:
        wish = Wish(new.to, new.to_language, new.from_language, new.me, new.line)
        try:
            return call_view(self._desk.place(wish))
        except WrongWish as wrong:
            raise wrong_field(wrong.field, str(wrong)) from None
        except NotNow as why:
            raise Problem(409, str(why)) from None
        except TurnedDown as down:
            raise self._turned_down(down.reason) from None

    def _turned_down(self, reason: Reason) -> Problem:
        return try_later(429 if reason in TOO_MANY else 503, DETAILS[reason], self._wait(reason), reason.value)

    def _wait(self, reason: Reason) -> float:
        """Seconds after which it is worth asking again."""
        if reason in (Reason.DAY_MINUTES, Reason.DAY_SPEND):
            now = self._wall().astimezone(UTC)
            tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
            return (tomorrow - now).total_seconds()
        return {Reason.QUOTA: QUOTA_REST, Reason.CALLER_LIMIT: 600.0}.get(reason, 30.0)


def _here(found: CallSnapshot | None) -> CallView:
    if found is None:
        raise Problem(404, "no call of that id runs in this process")
    return call_view(found)
