"""The right to join a call with one media stream: 256 random bits, for one leg, once."""

import hmac
import secrets
from hashlib import sha256


class Ticket:
    """Single use; compared in constant time by digest, so neither time nor length tells anything."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)
        self._used = False

    @property
    def used(self) -> bool:
        return self._used

    def redeem(self, token: str) -> bool:
        """Whether `token` is this ticket's and it had not been used; it is now."""
        same = hmac.compare_digest(_digest(token), _digest(self.token))
        if not same or self._used:
            return False
        self._used = True
        return True


def _digest(token: str) -> bytes:
    """Of any text: JSON can hold halves of surrogate pairs, which strict UTF-8 cannot."""
    return sha256(token.encode(errors="surrogatepass")).digest()
