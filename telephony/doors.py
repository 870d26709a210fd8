"""The ways into a house besides the telephone: the API, the console with its feed, the metrics and the probes."""

from collections.abc import Callable
from datetime import date, datetime

from aiohttp import web

from telephony.api.allowance import DayAllowance
from telephony.api.app import guarded
from telephony.api.gate import Gates, TokenGate
from telephony.api.house_api import house_api
from telephony.api.live_tokens import LiveTokenRoutes, Mint
from telephony.api.rate import Rate
from telephony.api.store_archive import StoreArchive, StoredTokens
from telephony.api.switchboard_desk import SwitchboardDesk
from telephony.calls.clock import Clock
from telephony.calls.house import House
from telephony.calls.switchboard import Switchboard
from telephony.config import Settings
from telephony.console.console import Console, ConsoleSettings
from telephony.metrics.house_watch import HouseWatch
from telephony.records.office import Office
from telephony.records.store.tokens import Scope

Wall = Callable[[], datetime]


def make_console(
    settings: Settings, office: Office, live_source: str, price: float, clock: Clock, wall: Wall
) -> Console:
    """The pages; `live_source` is where /try talks to. Raises DatabaseRefused."""
    chosen = ConsoleSettings(
        settings.data_dir, settings.public_url, price, live_source=live_source, demo_url=settings.demo_url
    )
    return Console(office.store.users, chosen, clock, wall)


def open_doors(
    app: web.Application,
    settings: Settings,
    house: House,
    switchboard: Switchboard,
    office: Office,
    watch: HouseWatch,
    console: Console,
    mint: Mint,
    countries: tuple[str, ...],
) -> None:
    """Adds every route that is not Twilio's."""
    wall, clock, store = house.wall, house.clock, office.store
    gates = Gates((console.gate, TokenGate(StoredTokens(store.tokens, office.keeper), wall)), Rate(), clock)

    def spent(day: date, session_s: float, spend_micro: int) -> None:
        office.keeper.later("live token", lambda: store.usage.add(day, session_s, 0, spend_micro))

    desk = SwitchboardDesk(switchboard, house, store.calls, countries)
    archive = StoreArchive(store, settings.data_dir, wall)
    tokens = LiveTokenRoutes(mint, DayAllowance(house.limits, spent, wall), clock, wall)
    app.router.add_get("/livez", _livez)
    app.router.add_get("/readyz", watch.readyz)
    app.router.add_get("/metrics", guarded(gates, Scope.READ, watch.metrics))
    app.add_subapp("/api", house_api(desk, archive, gates, wall, more=(tokens,)))
    app.add_routes(console.routes())
    app.on_shutdown.append(console.close)


async def _livez(_request: web.Request) -> web.Response:
    """The process runs its event loop."""
    return web.json_response({"status": "alive"})
