"""Ports of loopback for processes that have to know each other's addresses before they run."""

import socket
from random import SystemRandom

from telephony.replay.processes import ProcessFailed

ASIDE = range(20_000, 32_000)
"""Below those that a system gives to whoever opens a connection (Linux from 32768 on, see ip(7), ip_local_port_range;
others from 49152 on, RFC 6335, 6): one of those may be taken again before its process listens."""

TRIES = 100

_given: set[int] = set()


def free_port() -> int:
    """One that nobody listens on, and that this process has not given away before. Raises ProcessFailed."""
    for port in SystemRandom().sample(ASIDE, TRIES):
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise ProcessFailed(f"no port of loopback is free between {ASIDE.start} and {ASIDE.stop}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
