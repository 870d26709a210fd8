"""What a leg is told at each step: welcome and menu, whisper and acceptance, and why a call is over."""

from collections.abc import Callable

from telephony.calls.leg import Leg
from telephony.calls.observer import Role
from telephony.calls.state import Outcome
from telephony.carriers.verbs import ConnectStream, Gather, Hangup, Script
from telephony.ivr.menu import Menu
from telephony.ivr.prompts import Prompts, load

ACCEPT_KEY = "1"
WHISPER_TIMEOUT = 6
TOKEN = "token"  # noqa: S105 - the parameter's name

Phrase = Callable[[Prompts], str]

FAREWELLS: dict[tuple[Role, Outcome], Phrase] = {
    (Role.CALLER, Outcome.AGENT_HUNG_UP): lambda words: words.other_hung_up,
    (Role.AGENT, Outcome.CALLER_HUNG_UP): lambda words: words.other_hung_up,
    (Role.AGENT, Outcome.CALLER_LEFT_EARLY): lambda words: words.call_ended,
    (Role.CALLER, Outcome.NOBODY_ANSWERED): lambda words: words.nobody_available,
    (Role.CALLER, Outcome.INTERPRETER_UNAVAILABLE): lambda words: words.interpreter_unavailable,
    (Role.AGENT, Outcome.INTERPRETER_UNAVAILABLE): lambda words: words.interpreter_unavailable,
}


def _technical_problem(words: Prompts) -> str:
    """Where the call did not end by anybody's will."""
    return words.technical_problem


class Reception:
    """Knows the languages of this line and the words for each occasion; holds no state of a call."""

    def __init__(self, languages: tuple[str, ...], agent_language: str) -> None:
        self._menu = Menu(languages)
        self.default = languages[0]
        self._agent_language = agent_language

    @property
    def asks(self) -> bool:
        """Whether the caller has a choice."""
        return self._menu.needed

    def menu(self, attempt: int) -> Script:
        """The question in every language, for the `attempt`-th time (from 1)."""
        return self._menu.script(attempt, then=f"choice-{attempt}", again=f"silence-{attempt}")

    def settle(self, attempt: int, keys: str, words: str) -> str | None:
        """The language to go on in after the answer to the `attempt`-th question; None: the menu again."""
        return self._menu.settle(attempt, keys, words)

    def welcome(self, leg: Leg) -> Script:
        """The notice that a machine interprets, in the caller's language, and on into the call."""
        words = load(leg.language)
        greeting = () if self.asks else (words.say(words.greeting),)
        excuse = (words.say(words.fallback_note),) if words.is_fallback else ()
        return (*greeting, *excuse, words.say(words.notice), self._connect(leg))

    def whisper(self, caller_language: str) -> Script:
        """To the agent who answered: who is calling, and the one key that accepts. Silence or a machine hangs up."""
        whisper = load(self._agent_language).whisper_about(caller_language)
        return (Gather((whisper, whisper), then="accept", timeout=WHISPER_TIMEOUT), Hangup())

    def accepted(self, leg: Leg) -> Script:
        words = load(leg.language)
        return (words.say(words.accepted), self._connect(leg))

    def declined(self, leg: Leg) -> Script:
        words = load(leg.language)
        return (words.say(words.goodbye), Hangup())

    def farewell(self, leg: Leg, outcome: Outcome | None) -> Script:
        """Why it is over, in this leg's language."""
        words = load(leg.language)
        phrase = FAREWELLS.get((leg.role, outcome), _technical_problem) if outcome else _technical_problem
        return (words.say(phrase(words)), Hangup())

    def _connect(self, leg: Leg) -> ConnectStream:
        return ConnectStream({TOKEN: leg.ticket.token}, then="after")
