"""Packets of one exact size out of chunks of any size."""


class Packetizer:
    """Cuts a stream of bytes into packets of `size` bytes and keeps what is left for the next chunk.

    Never holds a whole packet, so it needs no bound.
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"a packet of {size} bytes: expected at least 1")
        self._size = size
        self._held = b""

    @property
    def held(self) -> int:
        """Bytes that wait for the rest of their packet: fewer than `size`."""
        return len(self._held)

    def push(self, data: bytes) -> list[bytes]:
        """The packets that `data` completes, in order."""
        size = self._size
        if not self._held and len(data) == size:
            return [data]
        stream = self._held + data
        whole = len(stream) - len(stream) % size
        self._held = stream[whole:]
        return [stream[start : start + size] for start in range(0, whole, size)]

    def flush(self, pad: bytes) -> bytes | None:
        """The last packet, filled up with repetitions of `pad`; None where nothing is held."""
        if not self._held:
            return None
        missing = self._size - len(self._held)
        packet = self._held + (pad * -(-missing // len(pad)))[:missing]
        self._held = b""
        return packet

    def clear(self) -> None:
        """Forget what is held."""
        self._held = b""
