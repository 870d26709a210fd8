"""How long, how often, how soon: every figure of continuity in one place. PURE

Where the figures come from: a Live connection lives about ten minutes and is told so by GoAway before the end
(ai.google.dev/gemini-api/docs/live-session); Live Translate was seen to be closed after 590 s, to speak about 3 s
after the speaker, and to send a message about every 250 ms.
"""

import math
from dataclasses import dataclass

from telephony.engines.base import Trouble


@dataclass(frozen=True, slots=True)
class Policy:
    """All times in seconds."""

    oldest: float = 510.0
    """A connection is handed over before it gets older than this."""
    age_patience: float = 40.0
    """How long a hand-over by age may wait for a silence."""
    unknown_deadline: float = 10.0
    """What a GoAway that names no time is taken to leave."""
    last_moment: float = 6.0
    """So long before a deadline no silence is waited for any more: the old connection still has to say, a few seconds
    late, what it has heard."""
    done_quiet: float = 0.5
    """The old one is done when it has been silent for so long and the new one has something to say: what the old one
    heard came earlier, so by then its answer is overdue."""
    added_pause: float = 0.25
    """Where the speaker's own pause was shorter than that, the old one has to be silent for only so much longer."""
    doubt: float = 0.25
    """How much longer the new one waits where the old one seems to owe something."""
    rest_quiet: float = 3.0
    """The same where the new one has nothing to say and nothing is owed.

    Also how long one that is done is still listened to."""
    drain_within: float = 25.0
    """How long the old one may take to say what it has heard."""

    ring_seconds: float = 30.0
    ring_behind: float = 10.0
    """How much that has been answered is kept, for when it turns out to have been no answer."""
    ring_bytes: int = 2_000_000
    replay_factor: float = 4.0
    """How many times faster than it was said sound is replayed."""
    held_seconds: float = 30.0
    """How much of the new one's speech is held back at most, until the old one is done."""
    send_within: float = 2.0
    open_within: float = 10.0

    quiet_for: float = 2.0
    """No message for so long, once they have begun: stalled."""
    unanswered_for: float = 6.0
    unanswered_voice: float = 1.0
    """Less voice than this need not be speech."""
    tone_for: float = 3.0
    wrong_deltas: int = 2
    """So many pieces of transcript in a row in another language."""
    steady_after: float = 10.0
    """A connection that lived, or spoke, for so long without a complaint was a good one."""

    first_tries: int = 3
    """How often the very first connection is tried for, unless the refusal says that it is no use."""
    backoff: tuple[float, float] = (0.25, 15.0)
    """First and longest wait between tries; each is twice the one before."""
    quota_backoff: tuple[float, float] = (15.0, 120.0)
    unfit_backoff: tuple[float, float] = (5.0, 60.0)
    degrade_after: float = 3.0
    """Without any connection for so long: degraded."""
    proven_after: float = 3.0
    """After refusals, a connection that lives so long ends the degradation."""

    def wait(self, trouble: Trouble, failures: int) -> float:
        """Before the next try, after so many failures in a row (at least 1)."""
        if trouble.fatal:
            return math.inf
        slow = {Trouble.QUOTA: self.quota_backoff, Trouble.UNFIT: self.unfit_backoff}
        first, longest = slow.get(trouble, self.backoff)
        return float(min(first * 2 ** min(failures - 1, 30), longest))

    def silence_wanted(self, left: float) -> float:
        """How long a pause has to be for a hand-over in it, with so much time left: ever less, at last none at all."""
        for least, pause in ((self.last_moment + 15, 0.6), (self.last_moment + 4, 0.3), (self.last_moment, 0.1)):
            if left > least:
                return pause
        return 0.0


class Rotation:
    """When a session hands over by age: on a grid of its own, `oldest` apart.

    Two directions of a call begin together. The second has its grid half a period later, and both keep to their grids
    whatever happens in between, so that they never hand over together.
    """

    def __init__(self, oldest: float, began: float, *, second: bool) -> None:
        self._period = oldest
        self._anchor = began + (oldest / 2 if second else 0.0)

    def next_after(self, opened: float) -> float:
        """The first moment of the grid after `opened`, at most `oldest` later."""
        periods = math.floor((opened - self._anchor) / self._period + 1e-9) + 1
        return self._anchor + periods * self._period


class Backoff:
    """When another try for a connection may be made."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.failures = 0
        """In a row."""
        self._slow = False
        self.not_before = -math.inf

    def failed(self, trouble: Trouble, now: float) -> None:
        """A try failed, or what it opened did not last. The next wait is longer."""
        self.failures += 1
        self._slow = trouble.fatal or trouble in (Trouble.QUOTA, Trouble.UNFIT)
        self.not_before = max(self.not_before, now + self._policy.wait(trouble, self.failures))

    def hurry(self, now: float) -> None:
        """There is no connection left: no more waiting, except for a quota and for what will not change."""
        if not self._slow:
            self.not_before = min(self.not_before, now)

    def worked(self) -> None:
        """A connection proved good: the next try may be made at once."""
        self.failures, self._slow = 0, False
        self.not_before = -math.inf
