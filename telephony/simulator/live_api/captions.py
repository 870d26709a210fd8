"""A text given out bit by bit, as what it says is heard or spoken: the deltas of a transcript.

The real service sends deltas about a second apart; those that go on with a phrase begin with the blank that parts the
words (seen by several projects that log its transcripts).
"""

_EVERY_S = 1.0


class Caption:
    """The words of one line that takes `seconds` to say, from a share of it (0 to 1) on.

    `goes_on`: the words before that have been given, as somebody else's deltas.
    """

    def __init__(self, text: str, seconds: float, share: float, *, goes_on: bool = False) -> None:
        self._text = text
        self._seconds = seconds
        self._share = share
        self._given = _word_border(text, share)
        self._has_begun = goes_on

    def upto(self, share: float, *, last: bool) -> str:
        """The words since the last delta that lie within this share; none before a second more has gone by.

        The first delta and the `last` do not wait.
        """
        if self._has_begun and not last and (share - self._share) * self._seconds < _EVERY_S:
            return ""
        end = _word_border(self._text, share)
        delta = self._text[self._given : end]
        if not delta.strip():
            return ""
        self._given, self._share = end, share
        delta = delta if self._has_begun else delta.lstrip()
        self._has_begun = True
        return delta


def _word_border(text: str, share: float) -> int:
    """Where the last word that lies within this share ends. Where a script has no blanks every letter is a word."""
    end = round(share * len(text))
    if share >= 1:
        return len(text)
    if " " not in text:
        return end
    return max(text.rfind(" ", 0, end + 1), 0)
