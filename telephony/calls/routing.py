"""What becomes of each party's voice: interpreted, into what, or heard as it is. PURE

| the one who speaks | the one who listens   | the session               | the listener hears                |
|--------------------|-----------------------|---------------------------|-----------------------------------|
| anybody            | language known        | into the listener's       | the translation                   |
| language chosen    | `auto`, not heard yet | none                      | the voice                         |
| `auto`             | `auto`, not heard yet | into PROVISIONAL          | the voice; the session listens    |
| anybody            | speaks the same       | into the listener's       | the voice, and what is not theirs |
| nobody interprets  |                       | none: it rests            | the voice                         |
"""

from dataclasses import dataclass

from telephony.calls.observer import Role
from telephony.calls.tongues import AUTO, Tongues

PROVISIONAL = "en"
"""What a session is opened into while it only has to tell which language it hears."""

OTHER = {Role.CALLER: Role.AGENT, Role.AGENT: Role.CALLER}


@dataclass(frozen=True, slots=True)
class Route:
    """What becomes of one speaker's voice.

    `target`: what a session interprets it into, None for no session; `direct`: the listener hears the voice itself at
    full level; `plays`: what the session says is for the listener.
    """

    target: str | None
    direct: bool
    plays: bool


PLAIN = Route(None, direct=True, plays=False)
"""As on any telephone."""


def route(speaker: Role, tongues: Tongues, *, interpreting: bool) -> Route:
    """What becomes of the voice of `speaker` by what is known of both languages."""
    if not interpreting:
        return PLAIN
    target = tongues[OTHER[speaker]].wanted
    if target is not None:
        return Route(target, direct=tongues.alike, plays=True)
    return Route(PROVISIONAL, direct=True, plays=False) if tongues[speaker].chosen == AUTO else PLAIN
