"""What a TwiML document says, verb by verb, with the documented attributes and defaults (twilio.com/docs/voice/twiml).

URLs are absolute: the parser has resolved them. A name is the attribute's own in snake case.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text`; `loop` 0 is for ever."""

    text: str = field(repr=False)
    voice: str = "man"
    language: str = "en-US"
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Play the file at `url`, or `digits` as tones (`w` is a pause of half a second)."""

    url: str | None = None
    digits: str | None = None
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait `length` seconds."""

    length: int = 1


Prompt = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Speak the prompts and wait for keys or words."""

    prompts: tuple[Prompt, ...]
    action: str
    method: str = "POST"
    input: tuple[str, ...] = ("dtmf",)
    timeout: int = 5
    num_digits: int | None = None
    finish_on_key: str = "#"
    action_on_empty_result: bool = False
    language: str = "en-US"
    hints: tuple[str, ...] = ()
    speech_timeout: str | None = None
    max_speech_time: int = 60
    speech_model: str = "default"
    enhanced: bool = False
    profanity_filter: bool = True
    barge_in: bool = True
    partial_result_callback: str | None = None
    partial_result_callback_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Stream:
    """A media stream. `url` is as the document has it where it is absolute."""

    url: str
    name: str | None = None
    track: str = "inbound_track"
    status_callback: str | None = None
    status_callback_method: str = "POST"
    parameters: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Connect:
    """Run the stream to its end; then ask `action` what to do, or go on."""

    stream: Stream
    action: str | None = None
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring `number` and put both parties through to each other."""

    number: str = field(repr=False)
    action: str | None = None
    method: str = "POST"
    timeout: int = 30
    time_limit: int = 14400
    caller_id: str | None = field(default=None, repr=False)
    answer_on_bridge: bool = False
    hangup_on_star: bool = False
    ring_tone: str | None = None


@dataclass(frozen=True, slots=True)
class Conference:
    """A room by its name. `wait_url` None is the default sound of waiting, "" none at all."""

    room: str
    muted: bool = False
    beep: str = "true"
    start_conference_on_enter: bool = True
    end_conference_on_exit: bool = False
    wait_url: str | None = None
    wait_method: str = "POST"
    max_participants: int = 250
    participant_label: str | None = None


@dataclass(frozen=True, slots=True)
class DialConference:
    """Join a conference; then ask `action` what to do, or go on."""

    conference: Conference
    action: str | None = None
    method: str = "POST"
    timeout: int = 30
    time_limit: int = 14400
    caller_id: str | None = field(default=None, repr=False)
    answer_on_bridge: bool = False
    hangup_on_star: bool = False
    ring_tone: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not answer."""

    reason: str = "rejected"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


Verb = Say | Play | Pause | Gather | Redirect | Connect | Dial | DialConference | Reject | Hangup
Document = tuple[Verb, ...]
