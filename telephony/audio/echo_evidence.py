"""What speaks for an echo and what against it, frame by frame. Powers are means of squares, full scale being 32768."""

from telephony.audio.echo_line import Samples

VOICE = 32768.0**2 * 10**-6.4
"""-60 dBFS: what is softer is nobody's voice."""

DISTINCT = 20
"""Values of a frame of speech that are independent of each other, as far as a correlation over it goes."""


class Evidence:
    """Whether what is foretold comes: sums over the last frames, the older the lighter.

    The ratio is near 1 where the foretold echo is there, whoever speaks besides, and near 0 where it is not.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Nothing is known of the frames before."""
        self._both = self._foretold = self._came = self._frames = 0.0

    def add(self, foretold: Samples, came: Samples, keep: float) -> None:
        """One frame, foretold and as it came; the frames before keep so much of their weight."""
        self._both = keep * self._both + product(foretold, came)
        self._foretold = keep * self._foretold + power(foretold)
        self._came = keep * self._came + power(came)
        self._frames = keep * self._frames + 1

    @property
    def ratio(self) -> float:
        """How much of what was foretold is in what came."""
        return self._both / (self._foretold + 1.0)

    @property
    def alike(self) -> float:
        """How much of what came can be what was foretold: the square of their correlation, 0 to 1."""
        return self._both * abs(self._both) / (self._foretold * self._came + 1.0)

    @property
    def enough(self) -> bool:
        """Whether the echo is there beyond chance."""
        known = self._foretold > 2 * VOICE and self._frames > 2.5
        return known and 0.6 < self.ratio < 1.6 and self.alike * self._frames * DISTINCT > 25

    @property
    def missing(self) -> bool:
        """Whether the echo is not as foretold, though it would show through whatever else is on the line."""
        return self._foretold > VOICE and self._came < 6 * self._foretold and not 0.5 < self.ratio < 2


class Remainder:
    """How much of an echo the path cannot foretell, learned from frames in which hardly anything else was heard.

    Kept near the level that four of five such frames stay below. A frame is nothing but an echo where no more than so
    many times this is `left` of it, the noise of the line besides: `young` times while the path is; less where somebody
    has been talking, so that the soft ends of words pass. What is softer than the echo has to be there for two frames.
    """

    LEAST, MOST = 0.004, 0.3
    AFTER_VOICE = 6
    """Frames."""

    def __init__(self, left: float = 5.0, left_after_voice: float = 2.5, young: float = 10.0) -> None:
        self._share = self.MOST
        self._left = left
        self._left_after_voice = left_after_voice
        self._young = young
        self._talking = 0
        self._alone = True
        """Whether the frame before was nothing but an echo."""

    def is_all(self, left: float, came: float, echo: float, noise: float, young: bool) -> bool:
        """Whether of a frame of power `came`, which had an echo of power `echo` in it, nothing is left that matters."""
        if left < 0.15 * came:
            self._learn(left / (echo + 1))
        margin = self._left_after_voice if self._talking else self._young if young else self._left
        gone = left < margin * self._share * echo + noise and (young or left < 0.8 * came + noise / 2)
        blip, self._alone = left < echo and self._alone, gone
        if gone or blip:
            self._talking = max(0, self._talking - 1)
            return True
        self._talking = self.AFTER_VOICE
        return False

    def _learn(self, share: float) -> None:
        if share > self._share:
            self._share = min(self._share * 1.06, self.MOST)
        else:
            self._share = max(self._share * (0.93 if self._share > 0.1 else 0.985), self.LEAST)


class Noise:
    """The level below which nobody speaks: VOICE, or 4 dB above the softest frame lately where the line is noisier.

    The softest frame counts less and less, by 2 dB a second; a talker pauses more often than that lets it matter.
    """

    RISE = 1.01
    ABOVE = 2.5
    MOST = 32768.0**2 * 10**-4.4
    """The level never goes beyond -44 dBFS: what is louder may be a voice."""

    def __init__(self) -> None:
        self._floor = 0.0
        self.level = VOICE

    def add(self, power: float) -> None:
        """One frame came."""
        self._floor = min(power, self._floor * self.RISE + 1.0)
        self.level = min(max(VOICE, self.ABOVE * self._floor), self.MOST)


class Doubt:
    """For how long sound that may be an echo is held back while nobody can tell. Counts frames of 20 ms.

    Never while somebody speaks who spoke before there was anything to echo, or did not speak until long after it would
    have come back; and never much, for what is held back may be a voice.
    """

    SETTLED = 60
    """Frames of voice without an echo after which there is taken to be none."""

    RESTED = 20
    """Frames of silence after which a voice that was there counts as over."""

    def __init__(self, first: int = 12, again: int = 10, lost: int = 6) -> None:
        """At most so many frames: until an echo is found at all, each time that sound is sent anew and its delay may be
        another, and each time that the delay changes in the middle."""
        self._left = first
        self._again = again
        self._lost = lost
        self._quiet = self.RESTED
        self._talking = False
        self._undecided = 0
        self._first = True
        """Whether nothing has come yet that might be an echo of what is heard now."""
        self._late = False
        """Whether the first to come came too late for that."""

    @property
    def settled(self) -> bool:
        """Whether there has been a lot of voice and never an echo."""
        return self._undecided > self.SETTLED

    @property
    def pace(self) -> int:
        """A search is worth its while every so many frames."""
        return 100 if self._late else 40 if self.settled else 3

    def said(self, voiced: bool) -> None:
        """A frame came from the leg."""
        self._quiet = 0 if voiced else self._quiet + 1
        if self._quiet >= self.RESTED:
            self._talking = False

    def heard_loudly(self) -> None:
        """Something is heard, after a silence, of which an echo would be noticed."""
        self._first, self._late = True, False

    def undecided(self, late: bool) -> None:
        """A frame of voice came that may be an echo of which nothing is known; `late`: but for its lateness."""
        if self._first:
            self._first, self._late = False, late
        self._undecided += 1
        if self.settled:
            self._left = 0

    def unlikely(self) -> None:
        """What came is like nothing that was heard."""
        self._left = 0

    def sound_began(self, known: bool) -> None:
        """Sound is sent again; `known`: its echo has been heard in this call."""
        self._talking = self._quiet < self.RESTED
        if known:
            self._left = self._again
            self._late = False

    def lost(self) -> None:
        """The echo that was known has changed its place."""
        self._left = max(self._left, self._lost)

    def holds(self, power: float, ceiling: float) -> bool:
        """Whether a frame of this power is held back where no echo is louder than `ceiling`."""
        if self._left <= 0 or self._talking or self._late or power > ceiling:
            return False
        self._left -= 1
        return True


def product(one: Samples, other: Samples) -> float:
    """The mean of the products."""
    return float(one @ other) / len(one)


def power(samples: Samples) -> float:
    """The mean of the squares."""
    return product(samples, samples)
