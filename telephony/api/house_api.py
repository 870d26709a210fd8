"""The API of a house: all of its rooms, put together."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import web

from telephony.api.agent_routes import AgentRoutes
from telephony.api.app import api_app
from telephony.api.call_routes import CallRoutes
from telephony.api.desk import Archive, Desk
from telephony.api.gate import Gates
from telephony.api.house_routes import HouseRoutes
from telephony.api.message_routes import MessageRoutes
from telephony.api.once import Once
from telephony.api.recording_routes import RecordingRoutes


def house_api(
    desk: Desk, archive: Archive, gates: Gates, wall: Callable[[], datetime], more: Sequence[object] = ()
) -> web.Application:
    """To be mounted at /api; `more` are further rooms of declared routes."""
    rooms = (
        CallRoutes(desk, archive, Once(), wall),
        AgentRoutes(desk),
        RecordingRoutes(archive),
        MessageRoutes(archive),
        HouseRoutes(desk, archive),
        *more,
    )
    return api_app(rooms, gates)
