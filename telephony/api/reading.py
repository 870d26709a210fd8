"""Reading a request into the models of its route; what does not fit becomes a `Problem` that names the field.

Only names that stand in our own models are told back, and no value ever: a wrong value may be a number or a secret.
"""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from telephony.api.problem import FieldProblem, Problem
from telephony.api.route import Endpoint

LARGEST_BODY: Final = 64 * 1024
BODY_WITHIN: Final = 10.0
JSON: Final = "application/json"

CLOSE: Final = {"Connection": "close"}
"""The rest of a body is not read, so nothing else can be asked over its connection."""


async def inputs_of(endpoint: Endpoint, request: web.Request) -> dict[str, BaseModel]:
    """Every input of the route, as its method takes them. Raises Problem: 400, 404, 413, 415, 422."""
    found: dict[str, BaseModel] = {}
    for place, model in endpoint.inputs.items():
        found[place] = await _input(place, model, request)
    return found


async def _input(place: str, model: type[BaseModel], request: web.Request) -> BaseModel:
    try:
        if place == "body":
            return model.model_validate_json(await _body(request), strict=True)
        return model.model_validate(_texts(place, model, request))
    except ValidationError as wrong:
        details = wrong.errors(include_url=False, include_input=False)
    raise _problem(place, model, details)


def _texts(place: str, model: type[BaseModel], request: web.Request) -> dict[str, Any]:
    if place == "path":
        return dict(request.match_info)
    if place == "headers":
        names = {name: field.alias or name for name, field in model.model_fields.items()}
        return {alias: request.headers[alias] for alias in names.values() if alias in request.headers}
    # Of a parameter that is given twice, one is taken: a list fits no field.
    return {name: values[0] if len(values := request.query.getall(name)) == 1 else values for name in request.query}


async def _body(request: web.Request) -> bytes:
    if request.content_type != JSON or (request.charset or "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise Problem(415, f"send the body as {JSON} in UTF-8, and say so in Content-Type")
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await _whole(request)
    except (TimeoutError, web.RequestPayloadError, HttpProcessingError):
        raise Problem(400, "the body did not come whole; send it again", headers=CLOSE) from None


async def _whole(request: web.Request) -> bytes:
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > LARGEST_BODY:
            raise Problem(413, f"the body is longer than {LARGEST_BODY} bytes; send less", headers=CLOSE)
    return bytes(body)


def _problem(place: str, model: type[BaseModel], details: list[ErrorDetails]) -> Problem:
    if place == "path":
        return Problem(404, "there is nothing of that name")
    if any(error["type"] == "json_invalid" for error in details):
        return Problem(400, "the body is not JSON; mend it and send it again")
    place = place.removesuffix("s")
    errors = tuple(dict.fromkeys(_explained(place, model, error) for error in details))
    return Problem(422, "; ".join(f"{one.field or one.place} {one.remedy}" for one in errors), errors=errors)


def _explained(place: str, model: type[BaseModel], error: ErrorDetails) -> FieldProblem:
    path = error["loc"]
    if error["type"] == "extra_forbidden" or not path:
        known = ", ".join(_names(model)) or "none"
        whole = "has a field that is not known here" if path else "should be an object"
        return FieldProblem(place=place, field="", remedy=f"{whole}; its fields: {known}")
    name = str(path[0])
    should_be = next((field.description for key, field in model.model_fields.items() if name in (key, field.alias)), "")
    if error["type"] == "missing":
        remedy = f"is missing; it should be {should_be}"
    elif error["type"] == "value_error":
        remedy = f"should be {error['ctx']['error']}"
    else:
        remedy = f"should be {should_be}"
    return FieldProblem(place=place, field=".".join(str(part) for part in path), remedy=remedy)


def _names(model: type[BaseModel]) -> Iterator[str]:
    return (field.alias or name for name, field in model.model_fields.items())
