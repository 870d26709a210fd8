"""The document: valid, and kept by every route as far as made-up requests can tell."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine.events import EngineEvent, FatalError, NonFatalError, ScenarioFinished

from telephony.records.store.tokens import Scope
from tests.api.house import ApiHouse, api_house

EXAMPLES = 20
FEWEST_REQUESTS = 200


async def described(house: ApiHouse) -> dict[str, Any]:
    return (await house.ask("GET", "/api/openapi.json", scope=Scope.READ))[1]


async def test_the_document_is_valid(house: ApiHouse) -> None:
    OpenAPIV31SpecValidator(await described(house)).validate()


async def test_each_operation_says_which_token_it_needs(house: ApiHouse) -> None:
    document = await described(house)
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert all(f"scope `{one['x-scope']}`" in one["description"] for one in operations)
    assert document["security"] == [{"token": []}]
    assert all({"401", "403", "429"} <= one["responses"].keys() for one in operations)


async def test_what_may_be_wrong_with_a_body_is_in_it(house: ApiHouse) -> None:
    paths = (await described(house))["paths"]
    answers = {
        path: sorted(map(int, paths[f"/api/calls{path}"]["post"]["responses"])) for path in ("", "/{call}/hang-up")
    }
    assert answers[""] == [201, 400, 401, 403, 409, 413, 415, 422, 429, 500, 503]
    assert answers["/{call}/hang-up"] == [202, 401, 403, 404, 409, 429, 500]


async def test_names_of_operations_are_unique(house: ApiHouse) -> None:
    document = await described(house)
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names)


def config(url: str, token: str) -> SchemathesisConfig:
    """Which of the numbers that are written like one exist, and may be dialled, is more than a schema can say."""
    more_than_a_schema_says = {
        "include-name": "POST /api/calls",
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 422]}},
    }
    return SchemathesisConfig.from_dict(
        {
            "base-url": url,
            "headers": {"Authorization": f"Bearer {token}"},
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
            "operations": [more_than_a_schema_says],
        }
    )


def findings(event: EngineEvent) -> Iterator[str]:
    """What one step of schemathesis has to complain about."""
    if isinstance(event, NonFatalError | FatalError):
        yield repr(event)
    if isinstance(event, ScenarioFinished):
        for case, checks in event.recorder.checks.items():
            asked = event.recorder.cases[case].value
            for check in (one for one in checks if one.failure_info):
                yield f"{asked.method} {asked.path} {check.name}: {check.failure_info}"


def played(document: dict[str, Any], url: str, token: str) -> tuple[int, list[str]]:
    """How many requests were made, and what was wrong."""
    schema = schemathesis.openapi.from_dict(document, config=config(url, token))
    events = list(engine.from_schema(schema).execute())
    asked = sum(len(event.recorder.interactions) for event in events if isinstance(event, ScenarioFinished))
    return asked, [finding for event in events for finding in findings(event)]


@pytest.mark.filterwarnings("default")
async def test_made_up_requests_find_nothing_that_the_document_does_not_say(tmp_path: Path) -> None:
    async with api_house(tmp_path) as house:
        url = str(house.client.make_url("/")).rstrip("/")
        asked, wrong = await asyncio.to_thread(played, await described(house), url, house.tokens[Scope.ADMIN])
        assert wrong == []
        assert asked > FEWEST_REQUESTS
