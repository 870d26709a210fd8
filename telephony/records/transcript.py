"""A call's text: deltas as they came, and utterances made of them.

The service sends words a second or so apart, with leading blanks; it marks no end. An utterance ends after 2 s without
words from the same speaker on the same side.
"""

from dataclasses import dataclass, replace

from telephony.calls.observer import Role
from telephony.engines.base import Side

UTTERANCE_GAP = 2.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """What `speaker` said without a long pause (`heard`), or how it was put to the other party (`spoken`)."""

    speaker: Role
    side: Side
    language: str
    began: float
    last: float
    text: str


class Transcript:
    """Grows by deltas. `utterances` is in the order in which they began."""

    def __init__(self) -> None:
        self.utterances: list[Utterance] = []

    def add(self, speaker: Role, side: Side, language: str, text: str, at: float) -> Utterance:
        """Takes a delta at `at` seconds and returns the utterance it has become part of."""
        for place in reversed(range(len(self.utterances))):
            open_one = self.utterances[place]
            if (open_one.speaker, open_one.side) == (speaker, side):
                if at - open_one.last > UTTERANCE_GAP:
                    break
                grown = replace(open_one, last=at, text=open_one.text + text)
                self.utterances[place] = grown
                return grown
        begun = Utterance(speaker, side, language, at, at, text.lstrip())
        self.utterances.append(begun)
        return begun
