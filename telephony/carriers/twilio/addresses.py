"""Where Twilio finds each step of a call. All of them derive from the configured public address."""

from dataclasses import dataclass

VOICE = "/twilio/voice"
LINE_STATUS = "/twilio/status"

RETRIES = "#rc=3&rp=ct,5xx"
"""Asks Twilio to try up to three times more where no connection comes about or a server answers 5xx, so that a proxy or
the next process of several can take a step over. By itself it tries once more, and only for the connection. The
fragment is neither sent nor signed (twilio.com/docs/usage/webhooks/webhooks-connection-overrides: rc, rp)."""

AGAIN = "again"
"""In a step's query: how often the same step has been asked again since it was answered."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute addresses under `public_url` (`https://host`, no path)."""

    public_url: str

    def step(self, call: str, leg: str, step: str, again: int = 0) -> str:
        """`again` counts how often the step has been asked in vain before."""
        query = f"?{AGAIN}={again}" if again else ""
        return f"{self.public_url}/twilio/calls/{call}/{leg}/steps/{step}{query}{RETRIES}"

    def status(self, call: str, leg: str) -> str:
        return f"{self.public_url}/twilio/calls/{call}/{leg}/status{RETRIES}"

    def stream(self, call: str, leg: str) -> str:
        """wss for https. No query string: Twilio refuses one (error 31920)."""
        return f"ws{self.public_url.removeprefix('http')}/twilio/calls/{call}/{leg}/stream"

    def voice_again(self, again: int) -> str:
        """What an incoming call asks when its first question was asked in vain."""
        return f"{self.voice}?{AGAIN}={again}{RETRIES}"

    @property
    def voice(self) -> str:
        return self.public_url + VOICE

    @property
    def line_status(self) -> str:
        return self.public_url + LINE_STATUS
