"""The websocket on which a page is told of the live calls. It only listens; what a page says is not read.

Close codes of our own (RFC 6455 section 7.4.2, 4000 to 4999): 4401, nobody is signed in any more.
"""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import WSCloseCode, web

from telephony.api.problem import try_later
from telephony.console.doorway import Doorway
from telephony.console.feed import Browser, Feed
from telephony.console.rights import sees_words
from telephony.records.store.trouble import StoreUnavailable
from telephony.records.store.users import User

log = structlog.get_logger(__name__)

MOST_BROWSERS: Final = 100
PACE: Final = 0.015
"""Seconds between two messages: what changes meanwhile goes in one."""

SEND_WITHIN: Final = 10.0
"""Seconds after which a browser that takes nothing is given up; it comes back when it can."""

LOOK_EVERY: Final = 5.0
"""Seconds after which is looked whether a user may still see this."""

HEARTBEAT: Final = 20.0
SIGNED_OUT: Final = 4401


class FeedSockets:
    """All pages that listen. `merged` counts changes that browsers never saw, for a newer one came first."""

    def __init__(self, feed: Feed, doorway: Doorway) -> None:
        self._feed = feed
        self._doorway = doorway
        self._sockets: set[web.WebSocketResponse] = set()
        self.merged = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Raises Problem: 401, 403, 503."""
        user = await self._doorway.signed_in(request)
        self._doorway.from_our_page(request)
        if len(self._sockets) >= MOST_BROWSERS:
            raise try_later(503, "too many consoles are open; close one, or try again in a moment", 10.0, "full")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=1024, compress=False)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            with self._feed.watched(sees_words=sees_words(user.role)) as browser:
                await self._tell(request, socket, user, browser)
                self.merged += browser.outbox.merged
        finally:
            self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        """Ends all of them."""
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in tuple(self._sockets)))

    async def _tell(self, request: web.Request, socket: web.WebSocketResponse, user: User, browser: Browser) -> None:
        """Until the page goes away, or is sent away."""
        tasks = (
            asyncio.create_task(self._send(request, socket, browser), name="console feed"),
            asyncio.create_task(self._watch(request, socket, user), name="console user"),
        )
        try:
            async for _ in socket:
                pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _send(self, request: web.Request, socket: web.WebSocketResponse, browser: Browser) -> None:
        with suppress(ConnectionError):
            while not socket.closed:
                await browser.woken.wait()
                while (message := self._feed.next_message(browser)) is not None:
                    if not await _sent(socket, message):
                        log.info("a console takes nothing, and is given up")
                        _drop(request)
                        return
                    await asyncio.sleep(PACE)

    async def _watch(self, request: web.Request, socket: web.WebSocketResponse, user: User) -> None:
        """Sends the page away when its user is signed out or has another role."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            self._feed.sweep()
            try:
                still = await self._doorway.user(request)
            except StoreUnavailable:
                continue
            if still != user:
                await socket.close(code=SIGNED_OUT)
                return


async def _sent(socket: web.WebSocketResponse, message: str) -> bool:
    try:
        async with asyncio.timeout(SEND_WITHIN):
            await socket.send_str(message)
    except TimeoutError:
        return False
    return True


def _drop(request: web.Request) -> None:
    """Without a word of farewell, which would wait for its turn behind what is not taken."""
    if request.transport is not None:
        request.transport.abort()
