"""The phones this carrier can ring, and which of them are in use."""

from collections.abc import Iterator
from contextlib import contextmanager

from telephony.simulator.phone import Phone
from telephony.simulator.talk import Talk


class Phones:
    """Every phone has one number; a talk ties a caller's phone to those that are rung for it."""

    def __init__(self) -> None:
        self._phones: dict[str, Phone] = {}
        self._in_use: list[Phone] = []
        self._talks: list[Talk] = []

    def add(self, phone: Phone) -> None:
        """Connect a phone; one with the same number is replaced."""
        self._phones[phone.number] = phone

    def add_talk(self, talk: Talk) -> None:
        self._talks.append(talk)
        for phone in (talk.caller, *talk.agents):
            self.add(phone)

    def remove_talk(self, talk: Talk) -> None:
        """The talk is over; its phones stay connected."""
        self._talks.remove(talk)

    def with_number(self, number: str) -> Phone | None:
        return self._phones.get(number)

    def in_use(self, phone: Phone) -> bool:
        return phone in self._in_use

    @contextmanager
    def using(self, phone: Phone) -> Iterator[None]:
        """While this lasts the phone is engaged."""
        self._in_use.append(phone)
        try:
            yield
        finally:
            self._in_use.remove(phone)

    @contextmanager
    def sounding(self, phone: Phone, now: float) -> Iterator[bool]:
        """While this lasts the phone has sound both ways. Says whether a talk begins with it."""
        begins = [talk.sound_began(phone, now) for talk in self._talks]
        try:
            yield any(begins)
        finally:
            for talk in self._talks:
                talk.sound_ended(phone)
