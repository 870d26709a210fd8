"""The REST API: Calls (create, fetch, list, update, delete), the account, its telephone numbers.

Source: twilio.com/docs/usage/api and /docs/voice/api/call-resource: HTTP Basic with the account's SID and token or an
API key and its secret, forms in, JSON out, 201 for what is new.
"""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from aiohttp import web

from telephony.simulator.carrier import bins, rest_shapes
from telephony.simulator.carrier.bins import Bins
from telephony.simulator.carrier.call import Call
from telephony.simulator.carrier.numbers import OwnNumber
from telephony.simulator.carrier.orders import Form, RestError, one, plan_of, source_of
from telephony.simulator.carrier.rest_shapes import VERSION
from telephony.simulator.carrier.standing import Direction, Standing
from telephony.simulator.carrier.switch import Switch

_MOST = 64 * 1024
_Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


class RestApi:
    """`keys` are the passwords of those who may ask: the account's SID, and API keys. Beside it, and without a key,
    stand the documents of `hosted`."""

    def __init__(self, switch: Switch, keys: Mapping[str, str], hosted: Bins) -> None:
        self._hosted = hosted
        self._switch = switch
        self._account = switch.exchange.account
        self._keys = keys
        self._since = datetime.now(UTC)

    def application(self) -> web.Application:
        """What is served."""
        account = f"/{VERSION}/Accounts/{{account}}"
        application = web.Application(middlewares=[self._guard], client_max_size=_MOST)
        application.add_routes(
            [
                web.get(account + ".json", self._fetch_account),
                web.post(account + "/Calls.json", self._create_call),
                web.get(account + "/Calls.json", self._list_calls),
                web.get(account + "/Calls/{sid}.json", self._fetch_call),
                web.post(account + "/Calls/{sid}.json", self._update_call),
                web.delete(account + "/Calls/{sid}.json", self._delete_call),
                web.get(account + "/IncomingPhoneNumbers.json", self._list_numbers),
                web.get(account + "/IncomingPhoneNumbers/{sid}.json", self._fetch_number),
                web.post(account + "/IncomingPhoneNumbers/{sid}.json", self._update_number),
                *self._hosted.routes(),
            ]
        )
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Endpoint) -> web.StreamResponse:
        """Let in who has a key, and word every refusal as Twilio does."""
        if request.path.startswith(bins.PATH):
            return await handler(request)
        try:
            self._authenticate(request)
            return await handler(request)
        except RestError as error:
            return _refusal(error)
        except web.HTTPNotFound:
            return _refusal(_not_found(request))
        except web.HTTPMethodNotAllowed:
            return _refusal(RestError(405, 20004, "Method not allowed"))

    def _authenticate(self, request: web.Request) -> None:
        user, password = _basic(request.headers.get("Authorization", ""))
        expected = self._keys.get(user)
        if expected is None or not hmac.compare_digest(expected.encode(), password.encode()):
            raise RestError(401, 20003, "Authenticate")
        if request.match_info.get("account", self._account) != self._account:
            raise _not_found(request)

    # Calls.

    async def _create_call(self, request: web.Request) -> web.Response:
        form = await _form(request)
        plan = plan_of(form, self._switch.numbers)
        call = self._switch.outgoing(one(form, "From"), one(form, "To"), plan)
        return web.json_response(self._shaped(call), status=201)

    async def _list_calls(self, request: web.Request) -> web.Response:
        wanted = {"To": request.query.get("To"), "Status": request.query.get("Status")}
        calls = [self._shaped(call) for call in reversed(self._switch.calls.values())]
        found = [call for call in calls if all(value in (None, call[key.lower()]) for key, value in wanted.items())]
        return web.json_response(rest_shapes.listed("calls", found, request.path_qs))

    async def _fetch_call(self, request: web.Request) -> web.Response:
        return web.json_response(self._shaped(self._call(request)))

    async def _update_call(self, request: web.Request) -> web.Response:
        call, form = self._call(request), await _form(request)
        source, status = source_of(form), one(form, "Status")
        if status not in ("", "completed", "canceled"):
            raise RestError(400, 20001, "Status is completed or canceled")
        standing = call.progress.standing
        if standing.final or (source and standing is not Standing.IN_PROGRESS):
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
        if status == "completed" or (status == "canceled" and standing is not Standing.IN_PROGRESS):
            call.end()
        elif source:
            call.redirect(source)
        return web.json_response(self._shaped(call))

    async def _delete_call(self, request: web.Request) -> web.Response:
        call = self._call(request)
        if not call.progress.standing.final:
            raise RestError(400, 20009, "Cannot delete a call that is not over")
        del self._switch.calls[call.facts.sid]
        return web.Response(status=204)

    def _call(self, request: web.Request) -> Call:
        call = self._switch.calls.get(request.match_info["sid"])
        if call is None:
            raise _not_found(request)
        return call

    def _shaped(self, call: Call) -> rest_shapes.Resource:
        ours = call.facts.to if call.facts.direction is Direction.INBOUND else call.facts.from_
        return rest_shapes.call(call, self._switch.numbers[ours].sid)

    # The account and its numbers.

    async def _fetch_account(self, _request: web.Request) -> web.Response:
        return web.json_response(rest_shapes.account(self._account, self._since))

    async def _list_numbers(self, request: web.Request) -> web.Response:
        wanted = request.query.get("PhoneNumber", "")
        found = [self._shown(number) for own, number in self._switch.numbers.items() if wanted in ("", own)]
        return web.json_response(rest_shapes.listed("incoming_phone_numbers", found, request.path_qs))

    async def _fetch_number(self, request: web.Request) -> web.Response:
        return web.json_response(self._shown(self._number(request)))

    async def _update_number(self, request: web.Request) -> web.Response:
        number, form = self._number(request), await _form(request)
        updated = number.updated({name: one(form, name) for name in form})
        self._switch.numbers[updated.phone_number] = updated
        return web.json_response(self._shown(updated))

    def _number(self, request: web.Request) -> OwnNumber:
        for number in self._switch.numbers.values():
            if number.sid == request.match_info["sid"]:
                return number
        raise _not_found(request)

    def _shown(self, number: OwnNumber) -> rest_shapes.Resource:
        return rest_shapes.number(number, self._account, self._since)


async def _form(request: web.Request) -> Form:
    fields = await request.post()
    return {name: [value for value in fields.getall(name) if isinstance(value, str)] for name in fields}


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = b64decode(encoded, validate=True).decode().partition(":")
    except (NotBase64, ValueError):
        return "", ""
    return user, password


def _not_found(request: web.Request) -> RestError:
    return RestError(404, 20404, f"The requested resource {request.path} was not found")


def _refusal(error: RestError) -> web.Response:
    body = {
        "code": error.code,
        "message": error.message,
        "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
        "status": error.status,
    }
    return web.json_response(body, status=error.status)
