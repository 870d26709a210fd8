"""What a call is told to do next, in no carrier's markup.

A carrier turns a `Script` into its own document (TwiML, NCCO, cXML ...). `then` targets are step names of the call the
script belongs to; the carrier makes addresses of them. Speech is never an instruction: text is only ever spoken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text` in `language` (BCP-47 locale) with `voice` (the carrier's own name for it)."""

    text: str
    language: str
    voice: str


@dataclass(frozen=True, slots=True)
class Gather:
    """Speak the prompts and wait for `digits` keys, or for a spoken answer where `speech` is set.

    A key of `finish` ends an entry of several keys early. The answer goes to the step `then`; with no answer after
    `timeout` seconds the script goes on with its next verb.
    """

    prompts: tuple[Say, ...]
    then: str
    speech: bool = False
    hints: tuple[str, ...] = ()
    language: str = "en-US"
    timeout: int = 5
    digits: int = 1
    finish: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Say nothing for `seconds`."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Conference:
    """Join the carrier's own conference `room`; when this leg is out of it again, ask the step `then`.

    `keeps`: the conference ends for everybody when this leg leaves it. It begins with its second party; alone, a leg
    hears the carrier's hold sound.
    """

    room: str
    then: str
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class ConnectStream:
    """Open a media stream with `parameters`; when it ends, ask the step `then` what to do."""

    parameters: Mapping[str, str] = field(hash=False)
    then: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Ask the step `then` what to do."""

    then: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End this leg."""


Verb = Say | Gather | Pause | Conference | ConnectStream | Redirect | Hangup
Script = tuple[Verb, ...]
