"""A call that we are asked to place. PURE."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Order:
    """Whom to ring for whom. `me` is rung first; empty: whichever agent accepts."""

    to: str = field(repr=False)
    to_language: str
    me: str = field(repr=False)
    my_language: str
    my_name: str = ""
