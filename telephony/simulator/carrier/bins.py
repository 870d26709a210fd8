"""Documents that the carrier itself hosts, which answer while the service does not: Twilio's TwiML Bins.

Source: support.twilio.com/hc/en-us/articles/230878368, "How to use templates with TwiML Bins": `{{Name}}` stands for
the request's parameter of that name, as text that XML can hold.
"""

import re
from collections.abc import Mapping
from html import escape

from aiohttp import web

PATH = "/twiml/"

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def filled(template: str, parameters: Mapping[str, str]) -> str:
    """The template with each parameter in its place, nothing where there is none of that name."""
    return _PLACEHOLDER.sub(lambda name: escape(parameters.get(name[1], "")), template)


class Bins:
    """Templates by name, asked without a key as `handler.twilio.com/twiml/...` is."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._templates = dict(templates)

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", PATH + "{name}", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        template = self._templates.get(request.match_info["name"])
        if template is None:
            raise web.HTTPNotFound
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        return web.Response(text=filled(template, {**request.query, **form}), content_type="text/xml")
