"""What stands where on the report's time axis; times are seconds from the beginning of the recordings."""

from dataclasses import dataclass, field

from telephony.replay.evidence import Evidence
from telephony.replay.figures import missing
from telephony.replay.heard import MESSAGE
from telephony.replay.measures import HeardLine, Measures
from telephony.replay.parties import language_of
from telephony.replay.wording import heard_text, said_text, said_until
from telephony.simulator.scenario import Who

SECONDS_A_CHARACTER = 0.06
"""How long the carrier's voice is taken to speak, of which only the beginning is known."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at `at` seconds of the evidence's clock; `kind` is a word that a colour may be given."""

    at: float
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when."""

    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """A line on its way from one party to the other: its words as far as they were said, and heard.

    `lost` are the times at which pieces were sent that were not heard.
    """

    line: HeardLine
    said: Stretch
    heard: Stretch | None
    text: str = field(repr=False)
    translation: str = field(repr=False)
    lost: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A text at its place in time. `language` is None for the carrier's own voice."""

    stretch: Stretch
    text: str = field(repr=False)
    language: str | None


@dataclass(frozen=True, slots=True)
class Lane:
    """What one party said or heard: mu-law at 8 kHz, and the texts that belong to it."""

    who: Who
    verb: str
    language: str
    pcmu: bytes = field(repr=False)
    notes: tuple[Note, ...]

    @property
    def name(self) -> str:
        """Names the lane's recording too."""
        return f"{self.who}-{self.verb}"


@dataclass(frozen=True, slots=True)
class Direction:
    """One speaker's words: as they were said, and as the other party heard them."""

    speaker: Who
    said: Lane
    heard: Lane
    crossings: tuple[Crossing, ...]


def directions(evidence: Evidence, measures: Measures) -> tuple[Direction, ...]:
    """The caller's words, then the agent's."""
    return tuple(_direction(evidence, measures, who) for who in Who)


def _direction(evidence: Evidence, measures: Measures, who: Who) -> Direction:
    crossings = tuple(_crossing(evidence, line) for line in measures.lines if line.line.who is who)
    original, other = (language_of(evidence.scenario, party) for party in (who, who.other))
    said = [Note(crossing.said, crossing.text, original) for crossing in crossings]
    heard = [Note(c.heard, c.translation, original if c.line.direct else other) for c in crossings if c.heard]
    return Direction(
        who,
        Lane(who, "said", original, evidence.said[who], tuple(said)),
        Lane(who.other, "heard", other, evidence.heard[who.other], _in_order([*heard, *told(evidence, who.other)])),
        crossings,
    )


def _crossing(evidence: Evidence, line: HeardLine) -> Crossing:
    heard = [message.at for message in line.messages if message.at is not None]
    left = evidence.talk_ended.get(line.line.who.other, evidence.until)
    arrived = None
    if line.heard_at is not None:
        ends = said_until(evidence, line) if line.direct else max(heard) + MESSAGE
        arrived = _stretch(evidence, line.heard_at, min(ends, max(left, line.heard_at)))
    lost = tuple(at - evidence.origin for at in missing(evidence, line))
    said = _stretch(evidence, line.said_at, said_until(evidence, line))
    return Crossing(line, said, arrived, said_text(evidence, line), heard_text(line), lost)


def told(evidence: Evidence, who: Who) -> list[Note]:
    """What the carrier's own voice told a party."""
    return [
        Note(_stretch(evidence, one.at, one.at + len(one.text) * SECONDS_A_CHARACTER), one.text, None)
        for one in evidence.told
        if one.who is who
    ]


def _in_order(notes: list[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: note.stretch.began))


def _stretch(evidence: Evidence, began: float, ended: float) -> Stretch:
    return Stretch(began - evidence.origin, ended - evidence.origin)
