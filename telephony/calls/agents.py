"""The agents of this line, in the order they are rung."""


class Agents:
    """Addresses (numbers, `client:` or `sip:`); whoever is being rung or talks is not rung for another call."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        self._addresses = addresses
        self._taken: set[str] = set()

    def take_next(self, tried: set[str]) -> str | None:
        """The first free agent that is not in `tried`; taken until released."""
        for address in self._addresses:
            if address not in tried and address not in self._taken:
                self._taken.add(address)
                return address
        return None

    def release(self, address: str | None) -> None:
        """Frees an agent. One who is free already, or None, is fine."""
        self._taken.discard(address or "")
