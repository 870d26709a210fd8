"""Every place where a canary could come out, listened at for the whole run: nothing here changes what is listened to.

What the house logs is read before numbers and keys are struck out of it: they are not to be put there in the first
place. What libraries log and what an exception says there has only that fence, and is read behind it.
"""

import logging
import secrets
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, BinaryIO

import aiohttp
import prometheus_client.metrics
import pydantic
import structlog._base
import websockets.asyncio.client
from _pytest.raises import RaisesExc
from aiohttp import web

from telephony.log import struck

Leaked = Callable[[str, str], None]
"""Is told where, and the text."""

EXAMPLE = "+12025550123"
"""How a number is to be written: the house says so to whoever wrote a wrong one."""

BY_NUMBER = ("/IncomingPhoneNumbers.json", "PhoneNumber")
"""Twilio finds a number of an account by no other way (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource,
"Read multiple IncomingPhoneNumber resources"); it is the house's own."""

ROOT = Path(__file__).parents[2]
HOUSE, TESTS = f"{ROOT / 'telephony'}/", f"{ROOT / 'tests'}/"
OUTSIDE = tuple(f"{HOUSE}{room}/" for room in ("simulator", "replay"))
"""The other ends of both wires: they are no part of the house."""


class Wrapped:
    """Functions that are replaced until `undo`."""

    def __init__(self) -> None:
        self._before: list[tuple[Any, str, Any]] = []

    def wrap(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        before = getattr(owner, name)
        self._before.append((owner, name, before))
        setattr(owner, name, wraps(before)(make(before)))

    def undo(self) -> None:
        while self._before:
            owner, name, before = self._before.pop()
            setattr(owner, name, before)


def listen_to_logs(wrapped: Wrapped, seen: Leaked) -> None:
    """`structlog._base.BoundLoggerBase._process_event` is passed by every record of the house, whatever happens to it
    then; `logging.Logger.handle` by every one of a library."""

    def processed(before: Any) -> Any:
        def process(self: Any, method: str, event: Any, given: dict[str, Any]) -> Any:
            context = {**structlog.contextvars.get_contextvars(), **self._context, **given}
            seen("a log record", f"{event} {context}")
            seen("a log record's exception", struck(_failure(context.get("exc_info") or method == "exception")))
            return before(self, method, event, given)

        return process

    def handled(before: Any) -> Any:
        def handle(self: Any, record: logging.LogRecord) -> None:
            if not isinstance(record.msg, dict):  # the house's own, which has passed `process`
                with suppress(Exception):
                    text = f"{record.getMessage()}{_failure(record.exc_info)}"
                    seen(f"a log record of {record.name}", struck(text))
            before(self, record)

        return handle

    wrapped.wrap(structlog._base.BoundLoggerBase, "_process_event", processed)
    wrapped.wrap(logging.Logger, "handle", handled)


def listen_to_exceptions(wrapped: Wrapped, seen: Leaked) -> None:
    """Those that a test expects, where the house has raised them."""

    def left(before: Any) -> Any:
        def leave(self: Any, kind: Any, failure: BaseException | None, trace: TracebackType | None) -> Any:
            if failure is not None and _raised_by_the_house(trace):
                seen("the text of an exception", _told_by(failure).replace(EXAMPLE, ""))
            return before(self, kind, failure, trace)

        return leave

    wrapped.wrap(RaisesExc, "__exit__", left)


def listen_to_addresses(wrapped: Wrapped, seen: Leaked) -> None:
    """What the house asks of anybody over HTTP or a websocket, and what its pages ask of it."""

    def asked(before: Any) -> Any:
        async def ask(self: Any, method: str, address: Any, **more: Any) -> Any:
            if _asked_by_the_house():
                seen("an address that was asked", _address(str(address), more.get("params")))
            return await before(self, method, address, **more)

        return ask

    def connected(before: Any) -> Any:
        def connect(self: Any, uri: str, **more: Any) -> None:
            if _asked_by_the_house():
                seen("an address that was asked", uri)
            before(self, uri, **more)

        return connect

    wrapped.wrap(aiohttp.ClientSession, "_request", asked)
    wrapped.wrap(websockets.asyncio.client.connect, "__init__", connected)


def listen_to_answers(wrapped: Wrapped, seen: Leaked) -> None:
    """What is answered to whoever fetches metrics; and, of what pages ask, the addresses."""

    def served(before: Any) -> Any:
        async def serve(self: Any, request: web.Request) -> Any:
            if "Chrom" in request.headers.get("User-Agent", ""):
                seen("an address that a page asked", request.path_qs)
            answer = await before(self, request)
            if request.path.endswith("/metrics") and isinstance(getattr(answer, "body", None), bytes):
                seen("the metrics", answer.body.decode("utf-8", "replace"))
            return answer

        return serve

    wrapped.wrap(web.Application, "_handle", served)


def listen_to_metrics(wrapped: Wrapped, seen: Leaked) -> None:
    """Values of labels, when a series begins."""

    def labelled(before: Any) -> Any:
        def labels(self: Any, *values: object, **named: object) -> Any:
            seen("a metric's label", " ".join(map(str, (*values, *named.values()))))
            return before(self, *values, **named)

        return labels

    wrapped.wrap(prometheus_client.metrics.MetricWrapperBase, "labels", labelled)


def learn_secrets(wrapped: Wrapped, watch: Callable[[str], None], watch_token: Callable[[str], None]) -> None:
    """Keys of settings, and every token that is made."""

    def made(before: Any) -> Any:
        def make(size: int | None = None) -> str:
            token: str = before(size)
            watch_token(token)
            return token

        return make

    def hidden(before: Any) -> Any:
        def hide(self: Any, value: Any) -> None:
            before(self, value)
            if isinstance(value, str):
                watch(value)

        return hide

    wrapped.wrap(secrets, "token_urlsafe", made)
    wrapped.wrap(pydantic.SecretStr, "__init__", hidden)


class ChildrensWords:
    """What child processes of the house write to standard error, be it into a file or a pipe."""

    def __init__(self, wrapped: Wrapped, seen: Leaked) -> None:
        self._files: list[BinaryIO] = []
        self._seen = seen
        wrapped.wrap(subprocess.Popen, "__init__", self._started)
        wrapped.wrap(subprocess.Popen, "communicate", self._read)

    def look(self) -> None:
        """Reads what has been written to files since the last time."""
        for file in self._files:
            if words := file.read():
                self._seen("the words of a process", words.decode("utf-8", "replace").replace(EXAMPLE, ""))
        while len(self._files) > 100:
            self._files.pop(0).close()

    def close(self) -> None:
        self.look()
        while self._files:
            self._files.pop().close()

    def _started(self, before: Any) -> Any:
        def start(process: Any, arguments: Any, *rest: Any, **more: Any) -> None:
            name = getattr(more.get("stderr"), "name", None)
            if "telephony" in str(arguments) and isinstance(name, str) and Path(name).is_file():
                words = Path(name).open("rb")  # noqa: SIM115 (for as long as the process may write)
                words.seek(0, 2)
                self._files.append(words)
            before(process, arguments, *rest, **more)

        return start

    def _read(self, before: Any) -> Any:
        def communicate(process: Any, *rest: Any, **more: Any) -> Any:
            said, words = before(process, *rest, **more)
            if words and "telephony" in str(process.args):
                text = words if isinstance(words, str) else words.decode("utf-8", "replace")
                self._seen("the words of a process", text.replace(EXAMPLE, ""))
            return said, words

        return communicate


def _address(address: str, parameters: Any) -> str:
    """With its parameters, but for the one by which Twilio is asked of our own number."""
    known = dict(parameters or {})
    if address.endswith(BY_NUMBER[0]):
        known.pop(BY_NUMBER[1], None)
    return f"{address} {known}"


def _failure(given: Any) -> str:
    """The text of the exception that a record is about."""
    failure = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    if given is True:
        failure = sys.exc_info()[1]
    return f" {_told_by(failure)}" if isinstance(failure, BaseException) else ""


def _told_by(failure: BaseException) -> str:
    """What a traceback would say of it and of those behind it, without the lines of source."""
    return "".join(line for each in _chain(failure) for line in traceback.format_exception_only(each))


def _chain(failure: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [failure]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting.append(each.__cause__ or (None if each.__suppress_context__ else each.__context__))
        waiting += each.exceptions if isinstance(each, BaseExceptionGroup) else ()


def _is_house(path: str) -> bool:
    return path.startswith(HOUSE) and not path.startswith(OUTSIDE)


def _raised_by_the_house(trace: TracebackType | None) -> bool:
    """Whether the last to touch it, of the house and the tests, is the house."""
    last = ""
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        last = path if path.startswith((HOUSE, TESTS)) else last
        trace = trace.tb_next
    return _is_house(last)


def _asked_by_the_house() -> bool:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith((HOUSE, TESTS)) and not path.startswith(f"{TESTS}canary/"):
            return _is_house(path)
        frame = frame.f_back
    return False
