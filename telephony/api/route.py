"""Declaring a route: an async method with typed inputs and a typed answer, from which all else follows.

A room of the API is an object whose methods are declared with `route`. Inputs are parameters by these names: `path`,
`query`, `headers` and `body`, each annotated with a pydantic model; `asked` is who asks. The annotation of the answer
is a model, `Sound`, `SoundFile` or None. What a declared method raises is a `Problem` of one of the statuses it names.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict

from telephony.records.store.tokens import Scope

INPUTS: Final = ("path", "query", "headers", "body")
ALWAYS: Final = (401, 403, 429, 500)
"""What any route may answer: no token, too small a scope, too many requests, our own fault."""

_DECLARED: Final = "_declared_route"
Method = TypeVar("Method", bound=Callable[..., Awaitable[Any]])


class Given(BaseModel):
    """The base of all that comes in: nothing unknown is taken. Each field needs a description, which is its remedy."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Told(BaseModel):
    """The base of all that goes out."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file as an answer."""

    wav: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A sound file as an answer, too large to be held in memory."""

    path: Path


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks: a token, or a user of the console. `id` is logged, so it is no name; `name` is shown in the API."""

    id: str
    name: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, for a method that wants to know who asks. `reply` takes headers of the answer."""

    holder: Holder
    target: str
    """The path that was asked, as the client wrote it."""
    reply: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a route says of itself."""

    verb: str
    path: str
    scope: Scope
    status: int
    problems: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A declared method of one room, bound to it."""

    declared: Declared
    name: str
    summary: str
    description: str
    tag: str
    inputs: Mapping[str, type[BaseModel]]
    output: type | None
    wants_asked: bool
    method: Callable[..., Awaitable[Any]]

    @property
    def problems(self) -> tuple[int, ...]:
        """Every status besides the good one."""
        bad_input = {422} if {"query", "headers", "body"} & self.inputs.keys() else set()
        bad_body = {400, 413, 415} if "body" in self.inputs else set()
        bad_path = {404} if "path" in self.inputs else set()
        return tuple(sorted({*ALWAYS, *self.declared.problems, *bad_input, *bad_body, *bad_path}))


def route(
    verb: str, path: str, scope: Scope, *, status: int = 200, problems: Sequence[int] = ()
) -> Callable[[Method], Method]:
    """Declares a method. `problems`: statuses it answers besides those of any route and of its inputs."""

    def declare(method: Method) -> Method:
        method.__dict__[_DECLARED] = Declared(verb, path, scope, status, tuple(problems))
        return method

    return declare


def endpoints_of(room: object) -> Iterator[Endpoint]:
    """The declared methods of a room, in the order they stand there. Raises TypeError for one that cannot be read."""
    for name, function in vars(type(room)).items():
        if (declared := getattr(function, _DECLARED, None)) is not None:
            yield _endpoint(room, name, function, declared)


def _endpoint(room: object, name: str, function: Callable[..., Awaitable[Any]], declared: Declared) -> Endpoint:
    signature = inspect.signature(function)
    given = {key: parameter.annotation for key, parameter in list(signature.parameters.items())[1:]}
    asked = given.pop("asked", None)
    if set(given) - set(INPUTS) or not all(
        isinstance(kind, type) and issubclass(kind, Given) for kind in given.values()
    ):
        raise TypeError(f"{name}: inputs are {', '.join(INPUTS)}, each a model made of Given")
    summary, _, description = inspect.cleandoc(function.__doc__ or name).partition("\n")
    return Endpoint(
        declared=declared,
        name=name,
        summary=summary.strip().rstrip("."),
        description=description.strip(),
        tag=type(room).__name__.removesuffix("Routes").lower(),
        inputs=given,
        output=signature.return_annotation,
        wants_asked=asked is not None,
        method=getattr(room, name),
    )
