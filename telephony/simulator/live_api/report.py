"""What a session of the simulated interpreter heard and said, as events with times (seconds, the clock of `now`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineRecognised:
    """A line has been understood, from `position` seconds into its recording on (0: from its beginning).

    `first_sample` is the sample of the session's input, at 16 kHz, at which that place of the recording lies, and
    `first_sample_at` when it arrived; `at` is when enough of the line had arrived.
    """

    line: str
    at: float
    first_sample_at: float
    first_sample: int
    position: float


@dataclass(frozen=True, slots=True)
class TranslationBegan:
    """The first message with sound of this line is due."""

    line: str
    at: float


@dataclass(frozen=True, slots=True)
class TranslationEnded:
    """The last sound of this line is over; `whole` if that was the end of its translation."""

    line: str
    at: float
    whole: bool


@dataclass(frozen=True, slots=True)
class PieceMissing:
    """The line did not come through intact from `from_s` seconds into its recording on."""

    line: str
    at: float
    from_s: float


@dataclass(frozen=True, slots=True)
class UnknownSpeech:
    """`seconds` of speech that began to arrive at `at` and belong to no known line."""

    at: float
    seconds: float


ReportEvent = LineRecognised | TranslationBegan | TranslationEnded | PieceMissing | UnknownSpeech
