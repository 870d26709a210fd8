"""The pages and what they are drawn with: files of this package, each with the rules that a browser is to keep.

Nothing but our own files runs or draws in a page (Content Security Policy Level 3); `'self'` in connect-src covers our
websocket too. Only /try may use the microphone or share a tab.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aiohttp import web

STATIC: Final = Path(__file__).parent / "static"
KINDS: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
}

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{more}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NO_SOUND: Final = "camera=(), microphone=(), geolocation=(), display-capture=()"
WITH_SOUND: Final = "microphone=(self), geolocation=(), display-capture=(self)"


class Pages:
    """`live_source`: where /try talks to besides us, as a source of a policy, such as "wss://api.example"."""

    def __init__(self, live_source: str = "") -> None:
        self._live_source = f" {live_source}" if live_source else ""
        self._files = {path.name: path for path in STATIC.iterdir() if path.suffix in KINDS}

    def page(self, name: str) -> web.StreamResponse:
        """A page that is asked for anew each time."""
        sound = name == "try.html"
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": POLICY.format(more=self._live_source if sound else ""),
            "Permissions-Policy": WITH_SOUND if sound else NO_SOUND,
        }
        return self._file(self._files[name], headers)

    def static(self, name: str) -> web.StreamResponse:
        """A file that pages are made of. Browsers ask whether theirs is still the newest. Raises HTTPNotFound."""
        path = self._files.get(name)
        if path is None or path.suffix == ".html":
            raise web.HTTPNotFound
        return self._file(path, {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY.format(more="")})

    def has(self, name: str) -> bool:
        return name in self._files

    def _file(self, path: Path, headers: Mapping[str, str]) -> web.StreamResponse:
        kind = KINDS[path.suffix]
        charset = "" if kind == "image/png" else "; charset=utf-8"
        return web.FileResponse(path, headers={**ALWAYS, **headers, "Content-Type": f"{kind}{charset}"})
