"""Where Twilio finds each step of a call. All of them derive from the configured public address."""

from dataclasses import dataclass

VOICE = "/twilio/voice"
LINE_STATUS = "/twilio/status"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute addresses under `public_url` (`https://host`, no path)."""

    public_url: str

    def step(self, call: str, leg: str, step: str) -> str:
        return f"{self.public_url}/twilio/calls/{call}/{leg}/steps/{step}"

    def status(self, call: str, leg: str) -> str:
        return f"{self.public_url}/twilio/calls/{call}/{leg}/status"

    def stream(self, call: str, leg: str) -> str:
        """wss for https. No query string: Twilio refuses one (error 31920)."""
        return f"ws{self.public_url.removeprefix('http')}/twilio/calls/{call}/{leg}/stream"

    @property
    def voice(self) -> str:
        return self.public_url + VOICE

    @property
    def line_status(self) -> str:
        return self.public_url + LINE_STATUS
