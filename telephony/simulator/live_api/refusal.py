"""How the Live API says no: a websocket close code and a reason, and the reasons the real service was seen to give."""

from dataclasses import dataclass

REASON_BYTES = 123
"""A close frame holds 125 bytes, two of them the code (RFC 6455, section 5.5.1). The service cuts its reasons there."""

INVALID = 1007
POLICY = 1008
INTERNAL = 1011
ABNORMAL = 1006
"""Stands in no close frame: the connection is gone without one (RFC 6455, section 7.1.5)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A close of the connection by the service."""

    code: int
    text: str

    @property
    def reason(self) -> bytes:
        """The text as it goes into the close frame: cut, but never within a character."""
        return self.text.encode()[:REASON_BYTES].decode(errors="ignore").encode()


class RefusedError(Exception):
    """What the client sent is answered by closing the connection."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code} {refusal.text}")
        self.refusal = refusal


INVALID_ARGUMENT = Refusal(INVALID, "Request contains an invalid argument.")
"""The service's answer to whatever has the right shape and a wrong value (BerriAI/litellm pull request 31494)."""

QUOTA = Refusal(
    INTERNAL,
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, "
    "head to: https://ai.google.dev/gemini-api/docs/rate-limits.",
)
KEY = Refusal(INVALID, "API key not valid. Please pass a valid API key.")
"""Besides an HTTP status at the handshake a bad key can end like this (an expired one: yagudaev/voiceclaw 155)."""

DEADLINE = Refusal(INTERNAL, "Deadline expired before operation could complete.")
UNAVAILABLE = Refusal(INTERNAL, "The service is currently unavailable.")
ABORTED = Refusal(POLICY, "The operation was aborted.")
"""The end of a connection's life: the API reference calls it ABORTED, and 1008 is what a Live Translate session got."""


def unknown_field(name: str, path: str) -> Refusal:
    where = f" at '{path}'" if path else ""
    return Refusal(INVALID, f'Unknown name "{name}"{where}: Cannot find field.')


def unknown_model(name: str, version: str) -> Refusal:
    return Refusal(
        POLICY,
        f"{name} is not found for API version {version}, or is not supported for bidiGenerateContent. Call ListModels "
        "to see the list of available models and their supported methods.",
    )


def unsupported_language(code: str, model: str) -> Refusal:
    """What the service says of a wrong speechConfig.languageCode; of a wrong target language no report was found."""
    return Refusal(INVALID, f"Unsupported language code '{code}' for model {model}")


def invalid_value(path: str, kind: str) -> Refusal:
    return Refusal(INVALID, f"Invalid value at '{path}' ({kind}).")
