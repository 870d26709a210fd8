"""What a leg is told at each step: welcome and menu, whisper and acceptance, and why a call is over."""

from collections.abc import Callable

from telephony.calls.leg import Leg
from telephony.calls.observer import Role
from telephony.calls.parties import way_back
from telephony.calls.profile import AUTO, Profile
from telephony.calls.state import Outcome
from telephony.carriers.verbs import Conference, ConnectStream, Gather, Hangup, Redirect, Say, Script
from telephony.ivr.menu import KEYS, Menu
from telephony.ivr.prompts import Prompts, load

ACCEPT_KEY = "1"
WHISPER_TIMEOUT = 6
CONSENT_VERSION = "1"
"""Changes with the text that asks whether a call may be recorded."""

TOKEN = "token"  # noqa: S105 - the parameter's name

Phrase = Callable[[Prompts], str]

FAREWELLS: dict[tuple[Role, Outcome], Phrase] = {
    (Role.CALLER, Outcome.AGENT_HUNG_UP): lambda words: words.other_hung_up,
    (Role.AGENT, Outcome.CALLER_HUNG_UP): lambda words: words.other_hung_up,
    (Role.AGENT, Outcome.CALLER_LEFT_EARLY): lambda words: words.call_ended,
    (Role.CALLER, Outcome.AGENT_LEFT_EARLY): lambda words: words.other_hung_up,
    **{
        (Role.INTERPRETER, outcome): lambda words: words.goodbye
        for outcome in (Outcome.CALLER_HUNG_UP, Outcome.AGENT_HUNG_UP)
    },
    (Role.CALLER, Outcome.NOBODY_ANSWERED): lambda words: words.nobody_available,
    (Role.CALLER, Outcome.MESSAGE_LEFT): lambda words: words.message_kept,
    (Role.AGENT, Outcome.NOT_REACHED): lambda words: words.not_reached,
    **{(role, Outcome.LONGEST_TIME): lambda words: words.time_up for role in Role},
    **{(role, Outcome.SERVICE_ENDED): lambda words: words.service_ending for role in Role},
    **{(role, Outcome.ENDED_BY_REQUEST): lambda words: words.goodbye for role in Role},
}


def _technical_problem(words: Prompts) -> str:
    """Where the call did not end by anybody's will."""
    return words.technical_problem


class Reception:
    """Knows the languages of a line and the words for each occasion; holds no state of a call."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self.default = profile.first_language

    @property
    def asks(self) -> bool:
        """Whether the caller has a choice."""
        return self._profile.asks

    @property
    def only(self) -> str:
        """The language of a caller who has no choice; "auto" where that is heard."""
        return self.default if self._profile.languages else AUTO

    def menu(self, attempt: int, first: str | None = None) -> Script:
        """The question in every language, for the `attempt`-th time (from 1), the caller's `first` before others."""
        return self._menu(first).script(attempt, then=f"choice-{attempt}", again=f"silence-{attempt}")

    def settle(self, attempt: int, keys: str, words: str, first: str | None = None) -> str | None:
        """The language to go on in after the answer to the `attempt`-th question; None: the menu again."""
        return self._menu(first).settle(attempt, keys, words)

    def other_language(self, leg: Leg) -> Menu:
        """The question to one who is talking already and wants another language."""
        profile = self._profile
        codes = dict.fromkeys((leg.language, *profile.languages, profile.agent_language))
        return Menu(tuple(codes)[: len(KEYS)])

    def welcome(self, leg: Leg, consent_step: str = "") -> Script:
        """The notice that a machine interprets, in the caller's language, and on into the call.

        With `consent_step`, it is asked first whether the call may be recorded, and the answer goes there.
        """
        words = load(leg.language)
        script = [] if self.asks else [words.say(self._profile.greeting(leg.language) or words.greeting)]
        script += [words.say(words.fallback_note)] if words.is_fallback else []
        script += [words.say(words.not_for_emergencies)] if self._profile.emergencies_notice else []
        script.append(words.say(words.notice))
        return (*script, *(self.ask_consent(leg, consent_step) if consent_step else (self.connect(leg),)))

    def ask_consent(self, leg: Leg, then: str) -> Script:
        words = load(leg.language)
        return (Gather((words.say(words.consent),), then=then, timeout=WHISPER_TIMEOUT), Redirect(then))

    def consented(self, leg: Leg, *, given: bool) -> Script:
        words = load(leg.language)
        return (words.say(words.consent_given if given else words.consent_refused), self.connect(leg))

    def whisper(self, leg: Leg, caller_language: str | None) -> Script:
        """To the agent who answered: who is calling, and the one key that accepts. Silence or a machine hangs up."""
        words = load(leg.language)
        whisper = words.whisper_about(caller_language) if caller_language else words.say(words.notice)
        return (Gather((whisper, whisper), then="accept", timeout=WHISPER_TIMEOUT), Hangup())

    def placing(self, leg: Leg, language: str) -> Script:
        """To the one who asked for a call: whom we shall ring, and the key that has us do so."""
        dialing = load(leg.language).dialing_for(language)
        return (Gather((dialing, dialing), then="accept", timeout=WHISPER_TIMEOUT), Hangup())

    def outgoing(self, leg: Leg, language: str, consent_step: str = "") -> Script:
        """To the one who is called: who is calling, and that a machine interprets."""
        words = load(leg.language)
        excuse = (words.say(words.fallback_note),) if words.is_fallback else ()
        on = self.ask_consent(leg, consent_step) if consent_step else (self.connect(leg),)
        return (*excuse, words.outgoing(language), *on)

    def human_whisper(self, leg: Leg, languages: tuple[str, str]) -> Script:
        """To a human interpreter who answered."""
        whisper = load(leg.language).human_whisper_about(*languages)
        return (Gather((whisper, whisper), then="accept", timeout=WHISPER_TIMEOUT), Hangup())

    def accepted(self, leg: Leg, consent_step: str = "") -> Script:
        words = load(leg.language)
        on = self.ask_consent(leg, consent_step) if consent_step else (self.connect(leg),)
        return (words.say(words.accepted), *on)

    def declined(self, leg: Leg) -> Script:
        words = load(leg.language)
        return (words.say(words.goodbye), Hangup())

    def left_alone(self) -> Script:
        """To a machine that answered: not a word, which it would keep."""
        return (Hangup(),)

    def farewell(self, leg: Leg, outcome: Outcome | None) -> Script:
        """Why it is over, in this leg's language."""
        words = load(leg.language)
        phrase = FAREWELLS.get((leg.role, outcome), _technical_problem) if outcome else _technical_problem
        return (words.say(phrase(words)), Hangup())

    def told(self, leg: Leg, *says: Say) -> Script:
        """Something said to a leg in the middle of a call, and back into it."""
        return (*says, self.connect(leg))

    def turned_away(self, phrase: Phrase) -> Script:
        """To a caller whose call is not taken."""
        words = load(self.default)
        return (words.say(phrase(words)), Hangup())

    def connect(self, leg: Leg) -> ConnectStream:
        """Into the call, with a ticket of its own; back here, at a step of its own, when that stream is over."""
        leg.confers = False
        return ConnectStream({TOKEN: leg.admit()}, then=way_back())

    def meet(self, leg: Leg, room: str) -> Script:
        """Into the carrier's conference. It lives as long as the two who want to talk are both in it."""
        leg.confers = True
        return (Conference(room, then=way_back(), keeps=leg.role is not Role.INTERPRETER),)

    def _menu(self, first: str | None = None) -> Menu:
        return Menu(self._profile.languages, first=first, any_language=self._profile.auto)
