"""Whether a request comes from a page of ours. PURE.

A browser says in `Origin` which site's page sends a POST or opens a websocket, and no page can change it (RFC 6454
section 7, RFC 6455 section 10.2). The host in it must be the one the request was sent to, or our public one where a
proxy in between has written another.
"""

from urllib.parse import urlsplit

SCHEMES = ("http", "https")


class Origins:
    """`public_url`: the address under which the service is known outside."""

    def __init__(self, public_url: str) -> None:
        self._public = urlsplit(public_url)

    def admits(self, origin: str | None, host: str | None) -> bool:
        """`host` is what stands in the request's Host header. A request without Origin is from no page."""
        try:
            said = urlsplit(origin or "")
        except ValueError:
            return False
        if said.scheme not in SCHEMES or not said.netloc:
            return False
        if said.netloc.lower() == self._public.netloc.lower():
            return said.scheme == self._public.scheme
        return said.netloc.lower() == (host or "").lower()

    def secure_only(self, host: str | None) -> bool:
        """Whether browsers speak to this host over https only, as far as we know."""
        return self._public.scheme == "https" and (host or "").lower() == self._public.netloc.lower()
