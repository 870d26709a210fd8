"""Failures that look like health: an open socket behind which nobody interprets. PURE

All seen on the real service: messages that stop while the socket stays open; a session that hears and says nothing but
zeros (set up without a translation config, or stalled); a constant sound; a translation that drifts into another
language. Zeros alone are how a healthy session rests, and it speaks about 3 s after the speaker, so they count
only against voice that was heard: not against a hiss that sets in, nor against what is unlike talk once that is known
to get no answer (`trust`).
"""

from collections.abc import Sequence

from telephony.audio.format import AudioFormat
from telephony.audio.level import rms_dbfs
from telephony.engines.base import Reason
from telephony.engines.continuity.policy import Policy
from telephony.engines.continuity.ring import FRAME_S
from telephony.engines.continuity.trust import TalkLike, Trust, Voice

BLOCK_MS = 100.0
SPREAD_DB = 2.0
"""Blocks of 100 ms of speech differ by far more than this within seconds; those of a tone do not."""
AUDIBLE = -45.0

SAME = {"nb": "no", "nn": "no", "cmn": "zh", "iw": "he", "tl": "fil", "in": "id"}
"""Languages that the service has two names for (ai.google.dev live-translate, table of languages; BCP 47)."""


def language_of(tag: str) -> str:
    """The language itself of a BCP 47 tag, without region and script."""
    primary = tag.replace("_", "-").split("-")[0].lower()
    return SAME.get(primary, primary)


class Watch:
    """Watches one connection. `alarm` says what is wrong; each input is given as it happens."""

    def __init__(
        self, policy: Policy, target_language: str, spoken_format: AudioFormat, trust: Trust | None = None
    ) -> None:
        self.talk_like = TalkLike()
        """Whether what it was sent last may be talk."""
        self._trust = trust or Trust()
        self._policy = policy
        self._target = language_of(target_language)
        self._block = spoken_format.bytes_in(BLOCK_MS)
        self._message_at: float | None = None
        """The last message. None is to be expected before the first with sound: an engine may wait until it speaks."""
        self._owed_since: float | None = None
        """When voice was heard that nothing was said to."""
        self._owed = 0.0
        self._owed_voice = Voice()
        self._voice_at = float("-inf")
        self._levels: tuple[float, float] | None = None
        """The quietest and loudest block of the constant sound that goes on."""
        self._constant = 0.0
        self._wrong = 0
        self._right = False
        self._lively = 0.0
        self._lively_since: float | None = None
        self._since_right = 0.0

    def heard(self, voiced_frames: int, now: float, levels: Sequence[float] = ()) -> None:
        """It was sent so much voice, in frames of these levels (dBFS)."""
        self.talk_like.push(levels)
        if self._owed and now - self._voice_at > self._policy.unanswered_for and self._owed < self._least:
            self._answered()
        if self._overdue(now) and self._owed_voice.steady:
            self._answered()
        if not voiced_frames:
            return
        if self._trust.given and not self.talk_like:
            self._answered()
            return
        self._owed_since = now if self._owed_since is None else self._owed_since
        self._owed += voiced_frames * FRAME_S
        self._owed_voice.push(sorted(levels)[-voiced_frames:])
        self._voice_at = now

    def messaged(self, now: float) -> None:
        """It sent anything at all."""
        if self._message_at is not None:
            self._message_at = now

    def said(self, audio: bytes, voice: float, now: float) -> None:
        """It sent sound, with so many seconds of voice."""
        self._message_at = now
        if voice:
            self._answered()
            self._trust.given = False
            self._lively_since = now if self._lively_since is None else self._lively_since
        for at in range(0, len(audio), self._block):
            block = audio[at : at + self._block]
            self._take_level(rms_dbfs(block), len(block) / self._block * BLOCK_MS / 1000)
        self._lively += 0.0 if self._constant >= 0.5 else voice
        self._since_right += voice

    def heard_words(self, language: str) -> bool:
        """A transcript of what it heard. True where no translation is due: it is the target language already."""
        self._trust.given = False
        if not language or language_of(language) != self._target:
            return False
        self._answered()
        return True

    def said_words(self, language: str) -> None:
        """A transcript of what it said."""
        if language:
            self._right = language_of(language) == self._target
            self._wrong = 0 if self._right else self._wrong + 1
            self._since_right = 0.0 if self._right else self._since_right

    def alarm(self, now: float) -> Reason | None:
        """What is wrong, if anything is."""
        if self._message_at is not None and now - self._message_at >= self._policy.quiet_for:
            return Reason.STALLED
        if self._wrong >= self._policy.wrong_deltas:
            return Reason.WRONG_LANGUAGE
        if self._constant >= self._policy.tone_for:
            return Reason.TONE
        if self._overdue(now) and not self._owed_voice.steady:
            return Reason.UNANSWERED
        return None

    def next_due(self) -> float | None:
        """When `alarm` may change without anything happening."""
        dues = [self._message_at + self._policy.quiet_for] if self._message_at is not None else []
        if self._owed_since is not None and self._owed >= self._least:
            dues.append(self._owed_since + self._policy.unanswered_for)
        return min(dues, default=None)

    @property
    def proven(self) -> bool:
        """It has interpreted: words of the target language, or a second of sound as lively as speech."""
        return not self._wrong and (self._right or self._lively >= 1.0)

    def steady(self, now: float) -> bool:
        """It has spoken, and for long, without a complaint."""
        return self._lively_since is not None and now - self._lively_since >= self._policy.steady_after

    @property
    def untranslated(self) -> float:
        """Seconds of voice it said last that were no translation."""
        if self._wrong:
            return self._since_right
        return self._constant if self._constant >= self._policy.tone_for else 0.0

    @property
    def _least(self) -> float:
        return self._policy.unanswered_voice

    def _overdue(self, now: float) -> bool:
        since = self._owed_since
        return since is not None and now - since >= self._policy.unanswered_for and self._owed >= self._least

    def _answered(self) -> None:
        self._owed_since, self._owed = None, 0.0
        self._owed_voice.clear()

    def _take_level(self, level: float, seconds: float) -> None:
        low, high = self._levels or (level, level)
        low, high = min(low, level), max(high, level)
        if level <= AUDIBLE or high - low > SPREAD_DB:
            self._levels, self._constant = None, 0.0
            return
        self._levels = low, high
        self._constant += seconds
