"""What a Gather has been answered so far, and whether that is all. PURE.

Source: twilio.com/docs/voice/twiml/gather: input counts from the start of the prompt and stops it; `timeout` runs from
the end of the prompt and from each key; the answer is complete with `numDigits` keys or with `finishOnKey`.
"""

from telephony.simulator.carrier.verbs import Gather


class Collecting:
    """One Gather whose prompts are over at `prompts_end`."""

    def __init__(self, gather: Gather, prompts_end: float) -> None:
        self._gather = gather
        self._prompts_end = prompts_end
        self._deadline = prompts_end + gather.timeout
        self._keys = ""
        self._words = ""
        self._complete = False

    @property
    def interrupted(self) -> bool:
        """Whether an answer has begun, which stops the prompt."""
        return self._complete or bool(self._keys)

    def key(self, key: str, now: float) -> None:
        """One key pressed."""
        if "dtmf" not in self._gather.input or self._complete:
            return
        if key == self._gather.finish_on_key:
            self._complete = True
            return
        self._keys += key
        self._deadline = now + self._gather.timeout
        self._complete = len(self._keys) == self._gather.num_digits

    def words(self, words: str, now: float) -> None:
        """Something said; before the prompt's end it counts where `bargeIn` is on."""
        heard = self._gather.barge_in or now >= self._prompts_end
        if words and heard and "speech" in self._gather.input and not self.interrupted:
            self._words = words
            self._complete = True

    def over(self, now: float) -> bool:
        """Whether the answer is complete or time is up."""
        return self._complete or now >= self._deadline

    @property
    def fields(self) -> dict[str, str] | None:
        """What the action is sent; None where the document goes on with its next verb."""
        if self._words:
            return {"SpeechResult": self._words, "Confidence": "0.9"}
        if self._keys or self._gather.action_on_empty_result:
            return {"Digits": self._keys}
        return None
