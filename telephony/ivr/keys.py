"""The keys of one leg during the call: a star opens a command, the next key says which. PURE.

Keys reach a call as `dtmf` messages, one for each press, of 0 to 9, star and hash (Twilio documentation, "Media Streams
- WebSocket messages"). A key without a star before it is the other party's business: a bank's menu, a door.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

STAR: Final = "*"

SEQUENCE_TIME: Final = 3.0
"""Seconds that a star waits for its second key; afterwards it is as if it had not been pressed."""


class Command(Enum):
    """What a party asks for; the value is the key after the star. UNKNOWN stands for every other key."""

    HUMAN = "0"
    REPEAT = "1"
    ORIGINAL = "2"
    LANGUAGE = "3"
    INTERPRETATION = "4"
    SLOWER = "7"
    FASTER = "8"
    LIST = "*"
    UNKNOWN = ""


COMMANDS: Final[Mapping[str, Command]] = {command.value: command for command in Command if command.value}
"""The key after the star, and what it asks for."""


class Keys:
    """Collects what one leg presses; `unknown` counts the sequences that asked for nothing there is."""

    def __init__(self) -> None:
        self.unknown = 0
        self._opened: float | None = None

    def press(self, digit: str, now: float) -> Command | None:
        """The command that `digit`, pressed at `now` (monotonic seconds), completes; None where it completes none."""
        if not self._is_open(now):
            self._opened = now if digit == STAR else None
            return None
        self._opened = None
        command = COMMANDS.get(digit, Command.UNKNOWN)
        self.unknown += command is Command.UNKNOWN
        return command

    def _is_open(self, now: float) -> bool:
        return self._opened is not None and now - self._opened <= SEQUENCE_TIME
