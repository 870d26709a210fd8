"""How often and how long a webhook is tried, as its URL's fragment asks for it. PURE.

Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides: `#key=value&key=value` with times in milliseconds;
the fragment is neither sent nor signed. By default one further try, for a connection that does not come about (TCP or
TLS). How long Twilio waits between two tries is not documented: here it does not.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from telephony.simulator.carrier.request import WebhookError

POLICIES = frozenset({"ct", "rt", "4xx", "5xx", "all"})
BAD_POLICY = 11243
BAD_URL = 11100

_LIMITS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
_IGNORED = frozenset({"e", "sni"})
"""Where the request leaves from and how TLS names the host: nothing that a simulation would do differently."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Seconds for the connection, for the answer and in all; further tries; what they are made for."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})

    def tries_again(self, tries: int, failure: str) -> bool:
        """Whether there is another try after so many. `failure` is one of ct, rt, 4xx, 5xx, or "" for any other."""
        return tries <= self.retries and not self.policy.isdisjoint({failure, "all"})


def overrides_of(url: str) -> Overrides:
    """What the URL's fragment asks for. Raises WebhookError."""
    fragment = urlsplit(url).fragment
    asked = dict(pair.partition("=")[::2] for pair in fragment.split("&") if pair)
    policy = frozenset(asked.pop("rp", "ct").split(","))
    if not policy <= POLICIES:
        raise WebhookError(BAD_POLICY, "a retry policy that does not exist")
    numbers = {name: _number(name, value) for name, value in asked.items() if name not in _IGNORED}
    return Overrides(
        connect=numbers.get("ct", 5000) / 1000,
        read=numbers.get("rt", 15_000) / 1000,
        total=numbers.get("tt", 15_000) / 1000,
        retries=numbers.get("rc", 1),
        policy=policy,
    )


def _number(name: str, value: str) -> int:
    least, most = _LIMITS.get(name, (1, 0))
    if not (value.isascii() and value.isdigit()) or not least <= int(value) <= most:
        raise WebhookError(BAD_URL, "a connection override that does not exist")
    return int(value)
