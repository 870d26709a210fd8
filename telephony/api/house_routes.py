"""The house itself: holding new calls, its languages, what it has used."""

from datetime import date, datetime

from pydantic import Field

from telephony.api.desk import Archive, Desk
from telephony.api.route import Asked, Given, Told, route
from telephony.ivr.languages import ALL
from telephony.ivr.prompts import available
from telephony.records.store.holds import Hold
from telephony.records.store.tokens import Scope


class HoldView(Told):
    """Whether new calls are turned away."""

    held: bool
    since: datetime | None = None
    by: str | None = Field(default=None, description="The name of the token or user that did it.")


class LanguageView(Told):
    """A language that can be interpreted."""

    code: str
    name: str
    autonym: str = Field(description="Its own name.")
    right_to_left: bool
    announcements: bool = Field(description="Whether we speak it ourselves; otherwise announcements are in English.")


class LanguageList(Told):
    languages: tuple[LanguageView, ...]


class UsageQuery(Given):
    days: int = Field(default=7, ge=1, le=366, description="how many days, today included: 1 to 366")


class DayView(Told):
    """A day in UTC."""

    day: date
    calls: int
    session_minutes: float = Field(description="Two sessions a call.")
    spend: float = Field(description="In the currency of minute_price.")


class LimitsView(Told):
    """Null: no limit."""

    calls_at_once: int | None
    calls_an_hour: int | None
    minutes_a_day: float | None
    spend_a_day: float | None


class UsageView(Told):
    """What interpretation was used, and what may be."""

    today: date
    days: tuple[DayView, ...] = Field(description="Oldest first; days without calls are left out.")
    minute_price: float = Field(description="Of a minute of one session, by which spend is counted.")
    limits: LimitsView


class HouseRoutes:
    def __init__(self, desk: Desk, archive: Archive) -> None:
        self._desk = desk
        self._archive = archive
        self._announced = available()

    @route("GET", "/hold", Scope.READ, problems=(503,))
    async def get_hold(self) -> HoldView:
        """Whether new calls are held."""
        return _hold_view(await self._archive.held())

    @route("PUT", "/hold", Scope.ADMIN, problems=(503,))
    async def hold_calls(self, asked: Asked) -> HoldView:
        """Turn new calls away. Calls that run go on.

        It holds at once in this process, within seconds in the others, and over restarts, until it is lifted.
        """
        self._desk.hold(True)
        return _hold_view(await self._archive.place_hold(asked.holder.name))

    @route("DELETE", "/hold", Scope.ADMIN, status=204, problems=(503,))
    async def lift_hold(self) -> None:
        """Let new calls come again."""
        await self._archive.lift_hold()
        self._desk.hold(False)

    @route("GET", "/languages", Scope.READ)
    async def list_languages(self) -> LanguageList:
        """Every language that can be interpreted."""
        return LanguageList(
            languages=tuple(
                LanguageView(
                    code=one.code,
                    name=one.name,
                    autonym=one.autonym,
                    right_to_left=one.right_to_left,
                    announcements=one.code in self._announced,
                )
                for one in ALL
            )
        )

    @route("GET", "/usage", Scope.READ, problems=(503,))
    async def get_usage(self, query: UsageQuery) -> UsageView:
        """What the last days used, and the limits. The newest ten seconds of a call's sessions may not be in it yet."""
        bounds = self._desk.bounds
        days = await self._archive.usage(query.days)
        return UsageView(
            today=self._archive.today(),
            days=tuple(
                DayView(
                    day=one.day,
                    calls=one.calls,
                    session_minutes=one.session_s / 60,
                    spend=one.spend_micro / 1_000_000,
                )
                for one in days
            ),
            minute_price=bounds.minute_price,
            limits=LimitsView(
                calls_at_once=bounds.calls_at_once,
                calls_an_hour=bounds.calls_an_hour,
                minutes_a_day=bounds.minutes_a_day,
                spend_a_day=bounds.spend_a_day,
            ),
        )


def _hold_view(hold: Hold | None) -> HoldView:
    return HoldView(held=True, since=hold.since, by=hold.by) if hold else HoldView(held=False)
