"""What we ask of Twilio by REST: ring a phone, send a leg elsewhere, hang up, how a leg stands.

Twilio's own client is used as it is. Two of its habits are fenced in: its asyncio transport ignores timeouts
(twilio-python #925), so every request gets one here; and its retries would repeat a POST, so there are none.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from telephony.carriers.base import LONGEST_LEG, DialRefused, LegStatus
from telephony.carriers.twilio.addresses import Addresses
from telephony.carriers.twilio.statuses import leg_status

REQUEST_WITHIN = 10.0
UNREADABLE = "Twilio's REST API gave an answer that cannot be read"
NOT_IN_PROGRESS = 21220
NOT_FOUND = 20404
CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]


class TwilioCallControl:
    """A `CallControl` for one account. To be made inside a running event loop; `close()` ends it."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        caller_id: str,
        where: Addresses,
        api_url: str,
        fallback_url: str = "",
    ) -> None:
        """`caller_id` is the number that rings unless a call names another; `fallback_url` is what a leg we dialled
        asks where our own server does not answer."""
        self._transport = AsyncTwilioHttpClient()
        self._client = client_at(api_url, account_sid, auth_token, self._transport)
        self._caller_id = caller_id
        self._where = where
        self._fallback = {"fallback_url": fallback_url, "fallback_method": "POST"} if fallback_url else {}

    async def dial(
        self,
        address: str,
        *,
        call: str,
        leg: str,
        ring_seconds: int,
        machine_detection: bool = False,
        time_limit: int = LONGEST_LEG,
        caller_id: str | None = None,
    ) -> str:
        """See `CallControl.dial`.

        Sources: twilio.com/docs/voice/api/call-resource#create-a-call-resource; .../answering-machine-detection:
        `MachineDetection=Enable` holds `Url` back until it is known who answered, and sends it `AnsweredBy`.
        """
        detection = {"machine_detection": "Enable"} if machine_detection else {}
        created = await asked(
            self._client.calls.create_async(
                to=address,
                from_=caller_id or self._caller_id,
                url=self._where.step(call, leg, "answered"),
                status_callback=self._where.status(call, leg),
                status_callback_event=CALL_EVENTS,
                timeout=ring_seconds,
                time_limit=time_limit,
                **detection,
                **self._fallback,
            )
        )
        if not created.sid:
            raise DialRefused(UNREADABLE)
        return str(created.sid)

    async def redirect(self, carrier_call: str, *, call: str, leg: str, step: str) -> None:
        await self._update(carrier_call, url=self._where.step(call, leg, step))

    async def hang_up(self, carrier_call: str) -> None:
        await self._update(carrier_call, status="completed")

    async def standing(self, carrier_call: str) -> LegStatus:
        """See `CallControl.standing`. Source: twilio.com/docs/voice/api/call-resource#fetch-a-call-resource."""
        try:
            found = await asked(self._client.calls(carrier_call).fetch_async())
        except DialRefused as refused:
            if refused.args[1:] == (NOT_FOUND,):
                return LegStatus.COMPLETED
            raise
        status = leg_status(str(found.status))
        if status is None:
            raise DialRefused(UNREADABLE)
        return status

    async def close(self) -> None:
        await self._transport.close()

    async def _update(self, carrier_call: str, **change: Any) -> None:
        try:
            await asked(self._client.calls(carrier_call).update_async(**change))
        except DialRefused as refused:
            if refused.args[1:] not in ((NOT_IN_PROGRESS,), (NOT_FOUND,)):
                raise


def client_at(api_url: str, account_sid: str, auth_token: str, transport: AsyncTwilioHttpClient) -> Client:
    """Twilio's client for `api_url`. TWILIO_EDGE and TWILIO_REGION, which it reads by itself, name hosts of Twilio's
    and would mangle any other."""
    client = Client(account_sid, auth_token, http_client=transport)
    client.api.base_url = api_url
    if not (urlsplit(api_url).hostname or "").endswith(".twilio.com"):
        client.edge = client.region = None
    return client


async def asked(request: Awaitable[Any]) -> Any:
    """The answer to one REST request. Raises DialRefused with Twilio's error code as its second argument."""
    try:
        async with asyncio.timeout(REQUEST_WITHIN):
            return await request
    except TwilioRestException as refused:
        raise DialRefused(f"Twilio answered {refused.status} with error {refused.code}", refused.code) from None
    except (TwilioException, ClientError, TimeoutError, OSError) as failed:
        raise DialRefused(f"Twilio's REST API could not be reached ({type(failed).__name__})") from None
    except (ValueError, AttributeError, TypeError):
        raise DialRefused(UNREADABLE) from None
