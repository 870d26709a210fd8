"""One call's requests to the service: signed, with its cookies, redirected, timed and tried again as Twilio does.

Sources: twilio.com/docs/voice/twiml (content types, redirects, cookies), /docs/api/errors/11205 (15 seconds),
/docs/api/errors/11215 (ten redirects), /docs/usage/security (signatures, user and password in a URL).
"""

import asyncio
import uuid
from base64 import b64encode
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from aiohttp import (
    BaseConnector,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    CookieJar,
    SocketTimeoutError,
)
from yarl import URL

from telephony.simulator.carrier.overrides import Overrides, overrides_of
from telephony.simulator.carrier.request import Reply, Request, WebhookError
from telephony.simulator.carrier.signing import HEADER, Signer

UNREACHABLE = 11205
NOT_OK = 11200
TOO_MANY_REDIRECTS = 11215

_REDIRECTS = 10
_MOVED = (301, 302, 303)
_KEPT = (307, 308)
_GATHERED = frozenset({"Digits", "SpeechResult", "Confidence"})
_LARGEST = 16 * 1024 * 1024


class Webhooks:
    """Cookies live as long as this, which is one call. `failed` is told every try that failed, and how many it were."""

    def __init__(
        self, signer: Signer, connector: BaseConnector, timeout: float, failed: Callable[[WebhookError, int], None]
    ) -> None:
        self._signer = signer
        self._timeout = timeout
        self._failed = failed
        self._session = ClientSession(
            connector=connector,
            connector_owner=False,
            cookie_jar=CookieJar(unsafe=True),
            headers={"User-Agent": "TwilioProxy/1.1", "Accept": "*/*"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._session.close()

    async def ask(self, request: Request) -> Reply:
        """Send the request, again where that is asked for, and follow where it is redirected. Raises WebhookError."""
        overrides = overrides_of(request.url)
        seconds = min(self._timeout, overrides.total)
        try:
            async with asyncio.timeout(seconds):
                return await self._tried(request, overrides)
        except TimeoutError:
            late = WebhookError(UNREACHABLE, f"no answer within {seconds:g} s", "rt")
            self._failed(late, 1)
            raise late from None

    async def _tried(self, request: Request, overrides: Overrides) -> Reply:
        """Every try bears the same idempotency token."""
        token = str(uuid.uuid4())
        tries = 0
        while True:
            tries += 1
            try:
                return await self._once(request, token, overrides)
            except WebhookError as error:
                self._failed(error, tries)
                if not overrides.tries_again(tries, error.failure):
                    raise

    async def _once(self, request: Request, token: str, overrides: Overrides) -> Reply:
        timeout = ClientTimeout(total=None, sock_connect=overrides.connect, sock_read=overrides.read)
        try:
            return Reply(*await self._follow(request, token, timeout))
        except SocketTimeoutError:
            raise WebhookError(UNREACHABLE, f"no answer within {overrides.read:g} s", "rt") from None
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise WebhookError(UNREACHABLE, f"no connection ({type(error).__name__})", "ct") from None
        except (ClientError, OSError, ValueError) as error:
            raise WebhookError(UNREACHABLE, f"no connection ({type(error).__name__})") from None

    async def _follow(self, request: Request, token: str, timeout: ClientTimeout) -> tuple[str, str, bytes]:
        for _ in range(_REDIRECTS + 1):
            async with await self._send(request, token, timeout) as response:
                location = response.headers.get("Location")
                if response.status not in (*_MOVED, *_KEPT) or not location:
                    return await _read(request.url, response)
                request = _redirected(request, response.status, location)
        raise WebhookError(TOO_MANY_REDIRECTS, f"more than {_REDIRECTS} redirects")

    async def _send(self, request: Request, token: str, timeout: ClientTimeout) -> ClientResponse:
        """One request; with user and password in its URL, a second one that names them after a 401."""
        response = await self._signed(request, {"I-Twilio-Idempotency-Token": token}, timeout)
        user = urlsplit(request.url).netloc.rpartition("@")[0]
        if response.status != 401 or not user:
            return response
        response.release()
        basic = b64encode(unquote(user).encode()).decode()
        named = {"I-Twilio-Idempotency-Token": token, "Authorization": f"Basic {basic}"}
        return await self._signed(request, named, timeout)

    async def _signed(self, request: Request, headers: dict[str, str], timeout: ClientTimeout) -> ClientResponse:
        url, body = _prepared(request)
        signed = {**headers, HEADER: self._signer.webhook(url, request.fields if body is not None else {})}
        if body is not None:
            signed["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        target = URL(_without_user(url), encoded=True)
        return await self._session.request(
            request.method, target, data=body, headers=signed, allow_redirects=False, timeout=timeout
        )


def _redirected(request: Request, status: int, location: str) -> Request:
    """307 and 308 repeat the request; the others make it a GET, which loses what was gathered."""
    url = urljoin(request.url, location)
    if status in _KEPT:
        return Request(url, request.method, request.fields)
    return Request(url, "GET", {name: value for name, value in request.fields.items() if name not in _GATHERED})


def _prepared(request: Request) -> tuple[str, bytes | None]:
    """The URL without its fragment and the body; GET has its fields in the URL, a space as %20."""
    url = urlunsplit(urlsplit(request.url)._replace(fragment=""))
    if request.method == "POST":
        return url, urlencode(request.fields).encode()
    if not request.fields:
        return url, None
    return url + ("&" if urlsplit(url).query else "?") + urlencode(request.fields, quote_via=quote), None


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


async def _read(url: str, response: ClientResponse) -> tuple[str, str, bytes]:
    if response.status >= 400:
        failure = "5xx" if response.status >= 500 else "4xx"
        raise WebhookError(NOT_OK, f"answered with HTTP {response.status}", failure)
    body = bytearray()
    async for part in response.content.iter_chunked(65536):
        body += part
        if len(body) > _LARGEST:
            raise WebhookError(NOT_OK, "the answer is too large")
    return url, response.headers.get("Content-Type", "").partition(";")[0].strip().lower(), bytes(body)
