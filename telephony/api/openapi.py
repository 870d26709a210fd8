"""The OpenAPI document of the declared routes (OpenAPI Specification 3.1.0)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from telephony.api.problem import PROBLEM_JSON, ProblemDocument
from telephony.api.route import Endpoint, Sound, SoundFile

REF: Final = "#/components/schemas/{model}"
PLACES: Final = {"path": "path", "query": "query", "headers": "header"}
Json = dict[str, Any]


def document(endpoints: Sequence[Endpoint], prefix: str, version: str) -> Json:
    """The whole document; `prefix` is where the routes are mounted, such as /api."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(ProblemDocument, "serialization")]
    for endpoint in endpoints:
        models += [(model, "validation") for model in endpoint.inputs.values()]
        if model := _model_of(endpoint):
            models.append((model, "serialization"))
    refs, defined = models_json_schema(models, ref_template=REF)
    schemas = defined["$defs"]
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, refs, schemas)
        paths.setdefault(prefix + endpoint.declared.path, {})[endpoint.declared.verb.lower()] = operation
    inputs = {model.__name__ for one in endpoints for place, model in one.inputs.items() if place in PLACES}
    return {
        "openapi": "3.1.0",
        "info": {"title": "telephony", "version": version, "description": "A telephone interpreter's calls."},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in inputs},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "telephony_<id>_<secret>"}
            },
        },
        "security": [{"token": []}],
    }


def _model_of(endpoint: Endpoint) -> type[BaseModel] | None:
    """What its answer is made of, where that is JSON."""
    kind = endpoint.output
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _operation(endpoint: Endpoint, refs: Mapping[Any, Json], schemas: Mapping[str, Json]) -> Json:
    declared = endpoint.declared
    needs = f"Needs a token of scope `{declared.scope}` or more."
    operation: Json = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": "\n\n".join(filter(None, (endpoint.description, needs))),
        "x-scope": str(declared.scope),
        "responses": {str(declared.status): _good(endpoint, refs)} | {str(one): _bad(one) for one in endpoint.problems},
    }
    if parameters := [one for place in PLACES for one in _parameters(endpoint, place, schemas)]:
        operation["parameters"] = parameters
    if "body" in endpoint.inputs:
        schema = refs[(endpoint.inputs["body"], "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _parameters(endpoint: Endpoint, place: str, schemas: Mapping[str, Json]) -> list[Json]:
    if (model := endpoint.inputs.get(place)) is None:
        return []
    schema = schemas[model.__name__]
    return [
        {
            "name": name,
            "in": PLACES[place],
            "required": name in schema.get("required", ()),
            "description": field.pop("description", ""),
            "schema": field,
        }
        for name, field in ((name, dict(field)) for name, field in schema.get("properties", {}).items())
    ]


def _good(endpoint: Endpoint, refs: Mapping[Any, Json]) -> Json:
    answer: Json = {"description": HTTPStatus(endpoint.declared.status).phrase}
    if endpoint.output in (Sound, SoundFile):
        answer["content"] = {"audio/wav": {"schema": {"type": "string", "contentMediaType": "audio/wav"}}}
    elif model := _model_of(endpoint):
        answer["content"] = {"application/json": {"schema": refs[(model, "serialization")]}}
    return answer


def _bad(status: int) -> Json:
    schema = {"$ref": REF.format(model=ProblemDocument.__name__)}
    return {"description": HTTPStatus(status).phrase, "content": {PROBLEM_JSON: {"schema": schema}}}
