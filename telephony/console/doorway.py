"""What each route of the console asks of a request before anything is done: from where it comes, and who sends it."""

from ipaddress import ip_address
from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from telephony.api.problem import Problem
from telephony.console.accounts import Accounts
from telephony.console.origin import Origins
from telephony.console.session_cookie import found_in
from telephony.records.store.users import User

LONGEST_BODY: Final = 8192


class Sent(BaseModel):
    """The base of what pages send."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


Body = TypeVar("Body", bound=Sent)


class Doorway:
    """Looks at requests."""

    def __init__(self, accounts: Accounts, origins: Origins) -> None:
        self._accounts = accounts
        self._origins = origins

    def cookie(self, request: web.Request) -> str | None:
        return found_in(request.cookies, secure_only=self._origins.secure_only(request.host))

    async def user(self, request: web.Request) -> User | None:
        """Who is signed in. Raises StoreUnavailable."""
        return await self._accounts.user_of(self.cookie(request))

    async def signed_in(self, request: web.Request) -> User:
        """Raises Problem (401)."""
        if user := await self.user(request):
            return user
        raise Problem(401, "you are not signed in, or not any more; sign in at /login", reason="signed-out")

    def from_our_page(self, request: web.Request) -> None:
        """Raises Problem (403) for a request that another site's page may have made."""
        if not self._origins.admits(request.headers.get("Origin"), request.host):
            detail = "this comes from no page of ours; open the console under its own address (TELEPHONY_PUBLIC_URL)"
            raise Problem(403, detail, reason="origin")


def secure(request: web.Request) -> bool:
    """Whether the browser has our page by https, which it says itself whatever proxies lie between."""
    return request.headers.get("Origin", "").startswith("https://")


def address_of(request: web.Request) -> str:
    """Whose tries to sign in are counted together. A proxy of ours is on a private address, and puts the address of
    whoever asked it at the end of X-Forwarded-For; what stands before it may be made up."""
    peer = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(forwarded)) if forwarded and ip_address(peer).is_private else peer
    except ValueError:
        return peer


async def body_of(request: web.Request, kind: type[Body]) -> Body:
    """The JSON of a request. Raises Problem: 413, 415, 422."""
    if request.content_type != "application/json":
        raise Problem(415, "send JSON, with Content-Type: application/json")
    if (request.content_length or 0) > LONGEST_BODY:
        raise Problem(413, f"send at most {LONGEST_BODY} bytes")
    try:
        return kind.model_validate_json(await request.read())
    except ValidationError as wrong:
        fields = ", ".join(sorted(str(error["loc"][0]) for error in wrong.errors() if error["loc"]))
        raise Problem(422, f"this is not what is expected: {fields or 'no JSON object'}") from None
