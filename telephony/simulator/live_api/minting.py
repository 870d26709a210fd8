"""`POST auth_tokens` as the service answers it.

Address: google-genai's `tokens.py`; what an error looks like: its `errors.py`.
"""

import json
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from telephony.simulator.live_api.refusal import RefusedError
from telephony.simulator.live_api.tokens import AuthTokens

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    429: "RESOURCE_EXHAUSTED",
}


async def mint(request: web.Request, tokens: AuthTokens, wall: Callable[[], datetime]) -> web.Response:
    """Answers with the token's name alone: all else that was said of it is "input only"."""
    if request.method != "POST":
        return refused(405, "Method not allowed.")
    try:
        body = json.loads(await request.read() or b"{}")
        token = tokens.mint(body, wall())
    except ValueError:
        return refused(400, "Invalid JSON payload received.")
    except RefusedError as error:
        return refused(400, error.refusal.text)
    return web.json_response({"name": token.name})


def refused(code: int, message: str) -> web.Response:
    status = _STATUS.get(code, "UNAVAILABLE")
    return web.json_response({"error": {"code": code, "message": message, "status": status}}, status=code)
