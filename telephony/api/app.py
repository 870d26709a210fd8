"""The API as one aiohttp application, made of rooms of declared routes."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel

from telephony.api.gate import Gates
from telephony.api.openapi import document
from telephony.api.problem import Problem, try_later
from telephony.api.reading import inputs_of
from telephony.api.route import Asked, Endpoint, Sound, SoundFile, endpoints_of
from telephony.records.store.tokens import Scope
from telephony.records.store.trouble import StoreUnavailable

log = structlog.get_logger(__name__)

PREFIX: Final = "/api"
STORE_BACK_AFTER: Final = 5.0
NO_STORE: Final = {"Cache-Control": "no-store"}


def api_app(rooms: Sequence[object], gates: Gates, prefix: str = PREFIX) -> web.Application:
    """To be mounted at `prefix`. Every route of every room, and the document of them all at /openapi.json."""
    endpoints = [endpoint for room in rooms for endpoint in endpoints_of(room)]
    described = document(endpoints, prefix, version("telephony"))
    app = web.Application(middlewares=[problems])
    for endpoint in endpoints:
        app.router.add_route(endpoint.declared.verb, endpoint.declared.path, _serving(endpoint, gates))

    async def openapi(_request: web.Request) -> web.Response:
        return web.json_response(described, headers=NO_STORE)

    app.router.add_route("GET", "/openapi.json", guarded(gates, Scope.READ, openapi))
    return app


def guarded(gates: Gates, scope: Scope, handler: Handler) -> Handler:
    """A route outside of the rooms that needs a token too, such as /metrics."""

    async def admitted(request: web.Request) -> web.StreamResponse:
        await gates.admit(request, scope)
        return await handler(request)

    async def serve(request: web.Request) -> web.StreamResponse:
        return await problems(request, admitted)

    return serve


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is answered as a problem document."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem.response()
    except StoreUnavailable:
        detail = "the store cannot be reached now; try again in a moment"
        return try_later(503, detail, STORE_BACK_AFTER, "store").response()
    except web.HTTPException as refused:
        headers = {"Allow": refused.headers["Allow"]} if "Allow" in refused.headers else None
        detail = f"{refused.reason}; {PREFIX}/openapi.json has every route"
        return Problem(refused.status, detail, headers=headers).response()
    except Exception as failure:
        log.exception("a request to the API failed", error=type(failure).__name__)
        return Problem(500, "something went wrong on our side; the log has it").response()


def _serving(endpoint: Endpoint, gates: Gates) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        asked = Asked(await gates.admit(request, endpoint.declared.scope), request.path)
        given: dict[str, Any] = dict(await inputs_of(endpoint, request))
        if endpoint.declared.verb != "GET":
            log.info("api", operation=endpoint.name, holder=asked.holder.id)
        if endpoint.wants_asked:
            given["asked"] = asked
        answer = await endpoint.method(**given)
        return _answered(answer, endpoint.declared.status, NO_STORE | asked.reply)

    return serve


def _answered(answer: BaseModel | Sound | SoundFile | None, status: int, headers: dict[str, str]) -> web.StreamResponse:
    if answer is None:
        return web.Response(status=status, headers=headers)
    if isinstance(answer, Sound):
        return web.Response(status=status, body=answer.wav, content_type="audio/wav", headers=headers)
    if isinstance(answer, SoundFile):
        return web.FileResponse(answer.path, status=status, headers={**headers, "Content-Type": "audio/wav"})
    return web.Response(status=status, text=answer.model_dump_json(), content_type="application/json", headers=headers)
