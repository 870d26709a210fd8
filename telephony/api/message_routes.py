"""Messages that callers left. They hold what was said, so they need more than a token that only watches."""

from dataclasses import asdict
from datetime import datetime

from pydantic import Field

from telephony.api.desk import Archive
from telephony.api.problem import Problem
from telephony.api.route import Given, Sound, Told, route
from telephony.api.values import Id, Moment
from telephony.records.store.messages import Message
from telephony.records.store.tokens import Scope


class MessageView(Told):
    """One message."""

    id: str
    call: str = Field(description="The id of the call in which it was left.")
    line: str
    language: str = Field(description="What the caller spoke.")
    began: datetime
    seconds: float
    heard: str = Field(description="What was said, as far as it was understood.")
    interpreted: str = Field(description="The same in `interpreted_language`.")
    interpreted_language: str
    incomplete: bool = Field(description="Sound or text has gaps.")


class MessageList(Told):
    """Newest first."""

    messages: tuple[MessageView, ...]


class WhichMessages(Given):
    limit: int = Field(default=50, ge=1, le=200, description="how many at most: 1 to 200")
    before: Moment | None = Field(
        default=None, description="a time with its zone, as 2030-05-04T12:00:00Z: older messages only"
    )


class WhichMessage(Given):
    message: Id = Field(description="a message's id: 32 hexadecimal digits")


class MessageRoutes:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @route("GET", "/messages", Scope.CALL, problems=(503,))
    async def list_messages(self, query: WhichMessages) -> MessageList:
        """The newest messages. For the next page, `before` is the beginning of the last one."""
        found = await self._archive.messages(query.limit, query.before)
        return MessageList(messages=tuple(_view(message) for message in found))

    @route("GET", "/messages/{message}/sound", Scope.CALL, problems=(503,))
    async def get_message_sound(self, path: WhichMessage) -> Sound:
        """What a caller said, as a WAV file."""
        if (wav := await self._archive.sound(path.message)) is None:
            raise Problem(404, "there is no message of that id, or its sound is not there")
        return Sound(wav)


def _view(message: Message) -> MessageView:
    return MessageView(**{name: value for name, value in asdict(message).items() if name != "sound"})
