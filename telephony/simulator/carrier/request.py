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
    """A request that was not answered: Twilio's error code and why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
