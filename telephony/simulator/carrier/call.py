"""One call's life: rung or placed, its script run, interrupted when its phone or a REST request ends or redirects it.

Sources: twilio.com/docs/voice/api/call-resource (states, status callbacks, updates) and /docs/voice/twiml.
"""

import asyncio
import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from telephony.simulator.carrier import forms
from telephony.simulator.carrier.detecting import detect
from telephony.simulator.carrier.exchange import Exchange
from telephony.simulator.carrier.forms import CallFacts
from telephony.simulator.carrier.pacing import PTIME, clock
from telephony.simulator.carrier.plan import Plan, Source
from telephony.simulator.carrier.records import CallRecord, Problem, StreamRecord
from telephony.simulator.carrier.request import Reply, Request, WebhookError
from telephony.simulator.carrier.ringing import ring
from telephony.simulator.carrier.script import Script
from telephony.simulator.carrier.standing import Direction, Standing
from telephony.simulator.carrier.status import Progress, Reports
from telephony.simulator.carrier.tasks import put_away
from telephony.simulator.carrier.webhooks import Webhooks
from telephony.simulator.phone import Phone

_PROBLEMS = 1000
"""Problems kept of one call."""


class Call:
    """One leg. `phone` is None for a number that nobody has."""

    def __init__(self, exchange: Exchange, facts: CallFacts, phone: Phone | None, plan: Plan) -> None:
        self.exchange = exchange
        self.facts = facts
        self.plan = plan
        self.placed = clock()
        self.answered: float | None = None
        self.ended: float | None = None
        self.created_on = datetime.now(UTC)
        self.answered_on: datetime | None = None
        self.ended_on: datetime | None = None
        self.rejected: Standing | None = None
        self.problems: list[Problem] = []
        self.streams: list[StreamRecord] = []
        self.reports = Reports(self.problem, swapped=exchange.faults.swapped_statuses)
        self.progress = Progress(facts, plan.reports, self.reports)
        self._phone = phone
        self.answered_by: str | None = None
        self._webhooks = Webhooks(exchange.signer, exchange.connector, exchange.webhook_timeout, self._note_failure)
        self._questions = 0
        self._order: Source | None = None
        self._told_to_end = False

    @property
    def phone(self) -> Phone:
        """The phone that is rung or rings."""
        if self._phone is None:
            raise LookupError("nobody has this number")
        return self._phone

    # What is asked of a call from outside.

    def end(self) -> None:
        """End the call whatever it is doing."""
        self._told_to_end = True

    def redirect(self, source: Source) -> None:
        """Interrupt what the call is doing and go on with another document."""
        self._order = source

    async def run(self) -> None:
        """Live: returns when the call is over and its last report has been sent."""
        async with self._webhooks, asyncio.TaskGroup() as group:
            group.create_task(self.reports.run(self._webhooks), name=f"{self.facts.sid} reports")
            try:
                await self._live()
            finally:
                self._end()
                self.reports.close()

    # What the verbs of a script need.

    async def ask(self, request: Request) -> Reply:
        """One webhook of this call. Raises WebhookError."""
        began = clock()
        fields = forms.voice(self.facts, self.progress.standing, request.fields)
        try:
            reply = await self._webhooks.ask(Request(request.url, request.method, fields))
        finally:
            self.note("webhook", milliseconds=round((clock() - began) * 1000, 1))
        return reply

    def answer(self) -> None:
        """Pick up, if that has not happened."""
        if self.answered is None:
            self.answered, self.answered_on = clock(), datetime.now(UTC)
            self.phone.answered(self.answered)
            self._stand(Standing.IN_PROGRESS)

    def reject(self, standing: Standing) -> None:
        """Do not answer; a call that has been answered ends."""
        self.rejected = standing

    def next_question(self) -> int:
        """The number of the Gather that begins, from 1."""
        self._questions += 1
        return self._questions

    @contextmanager
    def sounding(self, now: float) -> Iterator[None]:
        """While this lasts the phone has sound both ways."""
        with self.exchange.phones.sounding(self.phone, now) as begins:
            if begins:
                self.note("talk began", at=now)
            yield

    def problem(self, code: int, reason: str) -> None:
        """List an error or a warning."""
        self.note("problem", code=code, reason=reason)
        if len(self.problems) < _PROBLEMS:
            self.problems.append(Problem(code, reason, clock()))

    def note(self, event: str, *, at: float | None = None, **details: object) -> None:
        """Write into the carrier's journal."""
        who = self._phone.who if self._phone else None
        self.exchange.journal.write(event, at=at, who=who, call=self.facts.sid, **details)

    def record(self) -> CallRecord:
        """What is known of the call by now."""
        return CallRecord(
            sid=self.facts.sid,
            who=self._phone.who if self._phone else None,
            direction=self.facts.direction,
            standing=self.progress.standing,
            placed=self.placed,
            answered=self.answered,
            ended=clock() if self.ended is None else self.ended,
            told=tuple(told for told in self._phone.told_log if told.at >= self.placed) if self._phone else (),
            streams=tuple(self.streams),
            problems=tuple(self.problems),
        )

    # Its course.

    async def _live(self) -> None:
        self.note("call placed", at=self.placed, direction=self.facts.direction)
        engaged: AbstractContextManager[None] = nullcontext()
        if self.facts.direction is Direction.INBOUND:
            self.progress.standing = Standing.RINGING
        elif not await self._rung():
            return
        if self._phone:
            engaged = self.exchange.phones.using(self._phone)
        with engaged:
            await self._run_scripts()

    async def _rung(self) -> bool:
        """Ring the phone. Whether somebody answered."""
        self.progress.report(Standing.INITIATED)
        if self._phone:
            self._stand(Standing.RINGING)
        ringing = asyncio.create_task(ring(self.exchange.phones, self._phone, self.plan.ring_seconds), name="ringing")
        await self._watch(ringing)
        if ringing.cancelled():
            return False
        if ringing.result() is not Standing.IN_PROGRESS:
            self.rejected = ringing.result()
            return False
        self.answer()
        return not self.plan.machine_detection or await self._detected()

    async def _detected(self) -> bool:
        """Find out who answered. Whether the call lives on."""
        detecting = asyncio.create_task(detect(self), name="machine detection")
        self._order = await self._watch(detecting) or self._order
        if not detecting.cancelled():
            self.answered_by = detecting.result()
        return not detecting.cancelled() or self._order is not None

    async def _run_scripts(self) -> None:
        source: Source | None = self.plan.source
        if self.answered_by and isinstance(source, Request):
            source = replace(source, fields={**source.fields, "AnsweredBy": self.answered_by})
        while source:
            name = f"{self.facts.sid} script"
            source = await self._watch(asyncio.create_task(Script(self).run(source), name=name))

    async def _watch(self, doing: asyncio.Task[Any]) -> Source | None:
        """Wait until it is done or interrupted. Returns the document that a REST request puts in its place."""
        try:
            while not doing.done() and not self._over():
                if self._order:
                    source, self._order = self._order, None
                    return source
                await asyncio.wait({doing}, timeout=PTIME)
        finally:
            await put_away(doing)
        return None

    def _over(self) -> bool:
        """Whether the call ends now: told to by REST, its phone hung up, or it has lasted too long."""
        now = clock()
        self._note_lines()
        if self.answered is not None and now - self.answered >= self.plan.time_limit:
            return True
        hung_up = self._phone is not None and self._phone.hangs_up(now)
        if hung_up:
            self.note("hung up", at=now)
        return self._told_to_end or hung_up

    def _note_failure(self, error: WebhookError, tries: int) -> None:
        self.note("webhook failed", code=error.code, reason=error.reason, tries=tries)

    def _note_lines(self) -> None:
        for line in self._phone.line_events() if self._phone else ():
            self.note("line ended" if line.over else "line began", at=line.at, line=line.line)

    def _end(self) -> None:
        self._note_lines()
        self.ended, self.ended_on = clock(), datetime.now(UTC)
        if self.answered is not None:
            standing = Standing.COMPLETED
        else:
            unanswered = Standing.CANCELED if self._told_to_end else Standing.NO_ANSWER
            standing = self.rejected or unanswered
        self._stand(standing)

    def _stand(self, standing: Standing) -> None:
        self.progress.stand(standing, self.duration)
        self.note("status", status=standing)

    @property
    def duration(self) -> int:
        """Seconds since the answer, or from the answer to the end."""
        if self.answered is None:
            return 0
        return math.ceil((clock() if self.ended is None else self.ended) - self.answered)
