"""Who said what, and how it was put to the other party: utterances of both sides brought together while they grow. PURE

A turn is what somebody said without a long pause, with its translation, which begins later and pauses elsewhere.
"""

from telephony.calls.observer import Role
from telephony.engines.base import Side
from telephony.records.transcript import Transcript, Utterance

QUIET = 3.0
"""Seconds without a new word after which a turn that has been translated is over."""

PATIENCE = 7.0
"""Seconds after the last word in which a translation may still begin."""


class Turn:
    """Original and translation by their places in the transcript; either may be missing."""

    def __init__(self, transcript: Transcript, speaker: Role) -> None:
        self.speaker = speaker
        self.places: dict[Side, list[int]] = {Side.HEARD: [], Side.SPOKEN: []}
        self._transcript = transcript

    @property
    def original(self) -> str:
        return self._words(Side.HEARD)

    @property
    def translation(self) -> str:
        return self._words(Side.SPOKEN)

    def began(self, side: Side | None = None) -> float:
        """When the turn began, or one side of it."""
        return min(utterance.began for utterance in self._utterances(side))

    @property
    def last(self) -> float:
        return max(utterance.last for utterance in self._utterances())

    def over(self, now: float) -> bool:
        """Whether no more words are to be expected."""
        return now - self.last > (QUIET if self.places[Side.SPOKEN] else PATIENCE)

    def _words(self, side: Side) -> str:
        return " ".join(utterance.text for utterance in self._utterances(side))

    def _utterances(self, side: Side | None = None) -> list[Utterance]:
        places = [place for of, places in self.places.items() if side in (None, of) for place in places]
        return [self._transcript.utterances[place] for place in places]


class Turns:
    """Grows by deltas; `open` has the turns that may still grow, in the order in which they began."""

    def __init__(self) -> None:
        self.open: list[Turn] = []
        self._transcript = Transcript()

    def add(self, speaker: Role, side: Side, language: str, text: str, at: float) -> None:
        """Takes a delta of `speaker`'s words at `at` seconds."""
        known = len(self._transcript.utterances)
        grown = self._transcript.add(speaker, side, language, text, at)
        utterances = self._transcript.utterances
        place = next(place for place in reversed(range(len(utterances))) if utterances[place] is grown)
        if place == known or not any(place in turn.places[side] for turn in self.open):
            self._turn_for(speaker, side).places[side].append(place)

    def finished(self, now: float | None) -> list[Turn]:
        """Takes out of `open` what is over, never a later turn before an earlier one; for None, everything.

        Words that come after that begin a turn of their own.
        """
        if now is None:
            self._transcript = Transcript()
        done: list[Turn] = []
        while self.open and (now is None or self.open[0].over(now)):
            done.append(self.open.pop(0))
        return done

    def _turn_for(self, speaker: Role, side: Side) -> Turn:
        """For an utterance that begins: the oldest turn that lacks this side; a translation may also go on with one."""
        mine = [turn for turn in self.open if turn.speaker is speaker]
        for turn in mine:
            if not turn.places[side]:
                return turn
        if mine and side is Side.SPOKEN:
            return mine[-1]
        self.open.append(Turn(self._transcript, speaker))
        return self.open[-1]
