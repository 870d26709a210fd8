"""A call's progress told to the service, one request after the other, beside the call itself.

Source: twilio.com/docs/voice/api/call-resource, StatusCallback. The answer's content does not matter; none, or an
error, is a problem listed with the call.
"""

import asyncio
import math
from collections.abc import Callable
from datetime import UTC, datetime

from telephony.simulator.carrier import forms
from telephony.simulator.carrier.plan import StatusCallback
from telephony.simulator.carrier.request import Request, WebhookError
from telephony.simulator.carrier.standing import SIP_CODES, Standing
from telephony.simulator.carrier.webhooks import Webhooks

_WAITING = 1000
"""Reports that may wait; a further one is dropped and listed as a problem."""

DROPPED = 11205


class Reports:
    """`problem` is told code and reason of a report that did not arrive. `swapped` sends each pair in reverse order."""

    def __init__(self, problem: Callable[[int, str], None], *, swapped: bool = False) -> None:
        self._problem = problem
        self._swapped = swapped
        self._held: Request | None = None
        self._waiting: asyncio.Queue[Request | None] = asyncio.Queue(_WAITING)

    def tell(self, report: Request) -> None:
        """Queue a report."""
        if self._swapped and self._held is None:
            self._held = report
            return
        held, self._held = self._held, None
        for one in (report, held):
            if one:
                self._put(one)

    def close(self) -> None:
        """Nothing more comes: `run` ends when everything has been sent."""
        if self._held:
            self._put(self._held)
        self._put(None)

    async def run(self, webhooks: Webhooks) -> None:
        """Send what is told until `close`."""
        while report := await self._waiting.get():
            try:
                await webhooks.ask(report)
            except WebhookError as error:
                self._problem(error.code, f"status callback: {error.reason}")

    def _put(self, report: Request | None) -> None:
        if report is None and self._waiting.full():
            self._waiting.get_nowait()
        try:
            self._waiting.put_nowait(report)
        except asyncio.QueueFull:
            self._problem(DROPPED, "status callback: too many are waiting")


_EVENTS = {Standing.INITIATED: "initiated", Standing.RINGING: "ringing", Standing.IN_PROGRESS: "answered"}


class Progress:
    """How one call stands, and the reports of it that the service asked for."""

    def __init__(self, facts: forms.CallFacts, asked: StatusCallback | None, reports: Reports) -> None:
        self.standing = Standing.QUEUED
        self._facts = facts
        self._asked = asked
        self._reports = reports
        self._sequence = 0

    def stand(self, standing: Standing, seconds: int) -> None:
        """The call has come to `standing`, `seconds` after it was answered."""
        self.standing = standing
        self.report(standing, seconds)

    def report(self, standing: Standing, seconds: int = 0) -> None:
        """Tell the service, if it asked for this event."""
        if self._asked is None or _EVENTS.get(standing, "completed") not in self._asked.events:
            return
        ended = _ended_fields(standing, seconds) if standing.final else {}
        more = forms.progress(self._sequence, datetime.now(UTC), ended)
        self._sequence += 1
        fields = forms.voice(self._facts, standing, more)
        self._reports.tell(Request(self._asked.url, self._asked.method, fields))


def _ended_fields(standing: Standing, seconds: int) -> dict[str, str]:
    fields = {"CallDuration": str(seconds), "SipResponseCode": str(SIP_CODES[standing])}
    if standing is Standing.COMPLETED:
        fields["Duration"] = str(math.ceil(seconds / 60))
    return fields
