"""The account behind the calls, as `doctor` looks at it: is it active, and where does the number send its calls?"""

from dataclasses import dataclass
from typing import Any

from twilio.http.async_http_client import AsyncTwilioHttpClient

from telephony.carriers.twilio.addresses import Addresses
from telephony.carriers.twilio.call_control import asked, client_at


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What a number asks when it rings, what it tells when the call is over, and what it asks where the first does not
    answer ("" for what is not set, or left alone). All are asked by POST."""

    voice: str
    status: str
    fallback: str = ""


class TwilioAccount:
    """To be made inside a running event loop; `close()` ends it. Every method raises DialRefused."""

    def __init__(self, account_sid: str, auth_token: str, number: str, api_url: str, fallback_url: str = "") -> None:
        """Without a `fallback_url` the number's own is left as it is."""
        self._transport = AsyncTwilioHttpClient()
        self._client = client_at(api_url, account_sid, auth_token, self._transport)
        self._account_sid = account_sid
        self._number = number
        self._fallback_url = fallback_url

    async def status(self) -> str:
        """The account's state in Twilio's word ("active")."""
        account = await asked(self._client.api.accounts(self._account_sid).fetch_async())
        return str(account.status)

    async def webhooks(self) -> Webhooks | None:
        """The number's addresses now; None if the account does not own the number."""
        number = await self._found()
        if number is None:
            return None
        elsewhere = number.voice_application_sid or number.trunk_sid
        voice = f"left to {elsewhere}" if elsewhere else _by_post(number.voice_url, number.voice_method)
        fallback = _by_post(number.voice_fallback_url, number.voice_fallback_method) if self._fallback_url else ""
        return Webhooks(voice, _by_post(number.status_callback, number.status_callback_method), fallback)

    def wanted(self, public_url: str) -> Webhooks:
        """What they have to be for a service at `public_url`."""
        where = Addresses(public_url)
        return Webhooks(where.voice, where.line_status, self._fallback_url)

    async def point_at(self, wanted: Webhooks) -> None:
        """Sets the number's addresses (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource). An application
        or a trunk would go before them, so none is left."""
        number = await self._found()
        others = {name: "" for name in ("voice_application_sid", "trunk_sid") if getattr(number, name)}
        if wanted.fallback:
            others |= {"voice_fallback_url": wanted.fallback, "voice_fallback_method": "POST"}
        await asked(
            number.update_async(
                voice_url=wanted.voice,
                voice_method="POST",
                status_callback=wanted.status,
                status_callback_method="POST",
                **others,
            )
        )

    async def close(self) -> None:
        await self._transport.close()

    async def _found(self) -> Any:
        numbers = await asked(self._client.incoming_phone_numbers.list_async(phone_number=self._number, limit=1))
        return numbers[0] if numbers else None


def _by_post(url: str | None, method: str | None) -> str:
    """An address that is asked by POST as it is; any other with its method, so that it equals none of ours."""
    return f"{method} {url}" if url and (method or "POST") != "POST" else url or ""
