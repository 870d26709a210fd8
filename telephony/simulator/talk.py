"""When the caller and an agent are connected, and from when on the caller hears it ring. PURE."""

from collections.abc import Iterable

from telephony.simulator.phone import Phone


class Talk:
    """One caller's phone and the phones that may be rung for it. The talk begins when both parties have sound."""

    def __init__(self, caller: Phone, agents: Iterable[Phone]) -> None:
        self.caller = caller
        self.agents = tuple(agents)
        self.began: float | None = None
        self._on_line: list[Phone] = []

    def sound_began(self, phone: Phone, now: float) -> bool:
        """A media stream (or a bridge) of `phone` has started. Returns whether the talk begins with it."""
        if phone is not self.caller and phone not in self.agents:
            return False
        self._on_line.append(phone)
        agent = next((other for other in self._on_line if other in self.agents), None)
        if self.caller not in self._on_line or self.began is not None:
            return False
        if agent is None:
            self.caller.ringback_began(now)
            return False
        self.began = now
        self.caller.talk_began(now)
        agent.talk_began(now)
        return True

    def sound_ended(self, phone: Phone) -> None:
        """A media stream of `phone` has ended."""
        if phone in self._on_line:
            self._on_line.remove(phone)
