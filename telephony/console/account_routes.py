"""Signing in, signing out, the first admin, and who one is."""

from aiohttp import web
from pydantic import Field

from telephony.console.accounts import Accounts
from telephony.console.doorway import Doorway, Sent, address_of, body_of, secure
from telephony.console.first_admin import FirstAdmin
from telephony.console.rights import sees_words
from telephony.console.session_cookie import put, remove
from telephony.records.store.users import User


class SignIn(Sent):
    """What the page /login sends."""

    name: str
    password: str = Field(repr=False)


class Invited(SignIn):
    """What the page /first sends: the secret of its link, and who the first admin is to be."""

    secret: str = Field(repr=False)


class Ticket(Sent):
    """What the page /enter sends."""

    ticket: str = Field(repr=False)


class AccountRoutes:
    """`more`: further facts for the pages about what this console can do."""

    def __init__(self, accounts: Accounts, first_admin: FirstAdmin, doorway: Doorway, more: dict[str, bool]) -> None:
        self._accounts = accounts
        self._first_admin = first_admin
        self._doorway = doorway
        self._more = more

    async def me(self, request: web.Request) -> web.StreamResponse:
        return self._told(await self._doorway.signed_in(request))

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        self._doorway.from_our_page(request)
        given = await body_of(request, SignIn)
        user, cookie = await self._accounts.sign_in(given.name, given.password, address_of(request))
        return self._let_in(request, user, cookie)

    async def first(self, request: web.Request) -> web.StreamResponse:
        self._doorway.from_our_page(request)
        given = await body_of(request, Invited)
        user = await self._first_admin.accept(given.secret, given.name, given.password)
        return self._let_in(request, user, self._accounts.cookie_for(user))

    async def enter(self, request: web.Request) -> web.StreamResponse:
        self._doorway.from_our_page(request)
        given = await body_of(request, Ticket)
        user, cookie = await self._accounts.enter(given.ticket, address_of(request))
        return self._let_in(request, user, cookie)

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        self._doorway.from_our_page(request)
        self._accounts.sign_out(self._doorway.cookie(request))
        response = web.Response(status=204)
        remove(response)
        return response

    def _let_in(self, request: web.Request, user: User, cookie: str) -> web.StreamResponse:
        response = self._told(user)
        put(response, cookie, secure=secure(request))
        return response

    def _told(self, user: User) -> web.Response:
        facts = {"name": user.name, "role": user.role, "sees_words": sees_words(user.role), **self._more}
        return web.json_response(facts, headers={"Cache-Control": "no-store"})
