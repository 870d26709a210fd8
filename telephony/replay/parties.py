"""The two parties of a played call and their languages, as people call them."""

import unicodedata

from telephony.ivr.languages import UnknownLanguage, find
from telephony.simulator.scenario import Scenario, Who


def language_of(scenario: Scenario, who: Who) -> str:
    """The code of the language that `who` speaks."""
    return scenario.caller_language if who is Who.CALLER else scenario.agent_language


def language_name(code: str) -> str:
    """What a language is called in English; the code itself where it is none of ours."""
    try:
        return find(code).name
    except UnknownLanguage:
        return code


def printable(text: str) -> str:
    """A text on one line without the control characters that a terminal would obey."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds: 1:05."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
