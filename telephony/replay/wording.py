"""How much of a line's words was really said, and heard: a call may end in the middle of one."""

from pathlib import Path

from telephony.replay.evidence import Evidence
from telephony.replay.heard import MESSAGE
from telephony.replay.measures import HeardLine
from telephony.simulator import recordings

WHOLE = 0.95
"""The share of a line's sound from which on its words count as complete; recordings end in silence."""


def said_text(evidence: Evidence, heard: HeardLine) -> str:
    """The line's words, up to where its speaker was cut off."""
    return _upto(heard.line.text, _share(said_until(evidence, heard) - heard.said_at, heard.line.recording))


def heard_text(heard: HeardLine) -> str:
    """The words of the translation, up to where the listener's hearing ends; empty where nothing was heard. Those of a
    line that is heard directly are its own."""
    if heard.direct:
        return heard.line.text if heard.heard_at is not None else ""
    ends = [message.position + MESSAGE for message in heard.messages if not message.missing]
    if not ends:
        return ""
    to_the_end = heard.whole and not heard.messages[-1].missing
    share = 1.0 if to_the_end else max(ends) / max(heard.length, 0.001)
    return _upto(heard.line.translation, share)


def said_until(evidence: Evidence, heard: HeardLine) -> float:
    """When the speaker ended the line, or was cut off by the end of the talk."""
    for said in evidence.lines:
        if said.line == heard.line.id and said.ended is not None:
            return said.ended
    left = evidence.talk_ended.get(heard.line.who, evidence.until)
    return max(heard.said_at, min(left, heard.said_at + _seconds(heard.line.recording)))


def _share(seconds: float, recording: Path) -> float:
    return seconds / max(_seconds(recording), 0.001)


def _seconds(recording: Path) -> float:
    return recordings.read(recording).size / recordings.RATE


def _upto(text: str, share: float) -> str:
    """The words that lie within this share of a text. Where a script has no blanks every letter is a word."""
    if share >= WHOLE:
        return text
    end = round(max(share, 0.0) * len(text))
    border = text.rfind(" ", 0, end + 1) if " " in text else end
    return f"{text[: max(border, 0)].rstrip()} …".lstrip()
