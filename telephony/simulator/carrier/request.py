"""A webhook's request and what comes back. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for: a URL, how, and the fields that go with it."""

    url: str
    method: str = "POST"
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, and from which URL in the end."""

    url: str
    content_type: str
    body: bytes = field(repr=False)


class WebhookError(Exception):
    """A request that was not answered: Twilio's error code and why.

    `failure` is its kind in the words of a retry policy: ct (no connection), rt (no answer in time), 4xx, 5xx, or "".
    """

    def __init__(self, code: int, reason: str, failure: str = "") -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.failure = failure
