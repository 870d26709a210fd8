"""What the API answers when something is wrong: a problem document that names the field and the remedy.

Problem details are those of RFC 9457 (`application/problem+json`). No value that was sent is ever repeated in one.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

PROBLEM_JSON: Final = "application/problem+json"
"""RFC 9457 section 3."""


class FieldProblem(BaseModel):
    """One input that is wrong."""

    model_config = ConfigDict(frozen=True)

    place: str = Field(description="Where the field stands: body, query, path or header.")
    field: str = Field(description="Its name; empty where the whole is meant.")
    remedy: str = Field(description="What is wrong and what it should be, as the rest of a sentence.")


class ProblemDocument(BaseModel):
    """Why a request was not done, and what to do about it."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(default="about:blank", description="Always about:blank: the status says what kind it is.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status, again.")
    detail: str = Field(description="What is wrong here and what to do.")
    reason: str | None = Field(default=None, description="One fixed word, where programs may want to tell cases apart.")
    errors: tuple[FieldProblem, ...] = Field(default=(), description="The fields that are wrong.")


class Problem(Exception):
    """A request that is not done. `detail` and what stands in `errors` are our own words only."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        reason: str | None = None,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.reason = reason
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def response(self) -> web.Response:
        document = ProblemDocument(
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            reason=self.reason,
            errors=self.errors,
        )
        return web.Response(
            status=self.status,
            text=document.model_dump_json(exclude_none=True),
            content_type=PROBLEM_JSON,
            headers={"Cache-Control": "no-store", **self.headers},
        )


def wrong_field(field: str, remedy: str, place: str = "body") -> Problem:
    """A value that is well written and still not possible; `remedy` goes on after the field's name."""
    return Problem(422, f"{field} {remedy}", errors=[FieldProblem(place=place, field=field, remedy=remedy)])


def try_later(status: int, detail: str, seconds: float, reason: str | None = None) -> Problem:
    """Something that may be asked again after `seconds` (RFC 9110 section 10.2.3: whole seconds)."""
    return Problem(status, detail, reason=reason, headers={"Retry-After": str(max(1, round(seconds + 0.5)))})
