"""How long each route takes to answer, as an aiohttp middleware.

The route as it was declared is the label, never the path: that has ids of calls in it.
"""

import time
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import Histogram

UNKNOWN = "unknown"
"""The route of whatever has none."""

GONE = "gone"
"""The status where nobody waited for the answer."""


def timing(histogram: Histogram, clock: Callable[[], float] = time.perf_counter) -> Middleware:
    """Measures into `histogram` (route, status as "2xx"). A websocket goes by: nobody waits for its end."""

    @web.middleware
    async def timed(request: web.Request, handler: Handler) -> web.StreamResponse:
        began, status = clock(), GONE
        try:
            answer = await handler(request)
            status = "" if isinstance(answer, web.WebSocketResponse) else _kind(answer.status)
            return answer
        except web.HTTPException as refused:
            status = _kind(refused.status)
            raise
        except Exception:
            status = _kind(500)
            raise
        finally:
            if status:
                histogram.labels(route_of(request), status).observe(clock() - began)

    return timed


def route_of(request: web.Request) -> str:
    """As it was declared: "/twilio/calls/{call}/{leg}/status"."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else UNKNOWN


def _kind(status: int) -> str:
    return f"{status // 100}xx"
