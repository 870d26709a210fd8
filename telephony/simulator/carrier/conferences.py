"""Rooms in which several legs hear each other, their sound mixed. PURE.

Sources: twilio.com/docs/voice/twiml/conference (the attributes; a room is known by its name within the account) and
twilio.com/docs/voice/insights/api/conference/conference-summary-resource: a conference does not start until at least
two have joined, one of them with `startConferenceOnEnter`; until then one hears the sound of waiting. When somebody
with `endConferenceOnExit` leaves, everybody else drops out too.
"""

from collections import deque

from telephony.simulator import mulaw, tones
from telephony.simulator.carrier.verbs import Conference

_LATEST = 5
"""Frames that wait for a party, 100 ms; older ones are dropped."""

_FRAME = 160
_SILENCE = b"\xff" * _FRAME


class Party:
    """One leg in a room."""

    def __init__(self, verb: Conference) -> None:
        self.verb = verb
        self.coming: dict[Party | None, deque[bytes]] = {}
        """From whom which frames wait; None is the conference's own sound."""


class Room:
    """One conference."""

    def __init__(self) -> None:
        self.started = False
        self.over = False
        self._parties: list[Party] = []

    @property
    def empty(self) -> bool:
        return not self._parties

    def enter(self, party: Party) -> None:
        self._parties.append(party)
        enough = len(self._parties) > 1 and any(one.verb.start_conference_on_enter for one in self._parties)
        self.started = self.started or enough
        if party.verb.beep in ("true", "onEnter"):
            self._announce(party)

    def leave(self, party: Party) -> None:
        self._parties.remove(party)
        for other in self._parties:
            other.coming.pop(party, None)
        if party.verb.end_conference_on_exit:
            self.over = True
        elif party.verb.beep in ("true", "onExit"):
            self._announce(party)

    def speak(self, party: Party, frame: bytes) -> None:
        """20 ms that `party` says to all the others."""
        if not self.started or party.verb.muted:
            return
        for other in self._others(party):
            other.coming.setdefault(party, deque(maxlen=_LATEST)).append(frame)

    def hear(self, party: Party) -> bytes:
        """The next 20 ms of everybody else."""
        frames = [waiting.popleft() for waiting in party.coming.values() if waiting]
        return mulaw.mix(frames) if frames else _SILENCE

    def _others(self, party: Party) -> list[Party]:
        return [other for other in self._parties if other is not party]

    def _announce(self, party: Party) -> None:
        """The beep, to those who hear each other already; as long as it is, it waits as a whole."""
        beep = tones.beep()
        frames = [beep[place : place + _FRAME] for place in range(0, len(beep), _FRAME)]
        for other in self._others(party) if self.started else ():
            other.coming[None] = deque(frames, maxlen=len(frames))


class Conferences:
    """The rooms of one account, by name."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def room(self, name: str) -> Room:
        """The room of that name, a new one where there is none or it is over."""
        room = self._rooms.get(name)
        if room is None or room.over:
            room = self._rooms[name] = Room()
        return room

    def left(self, name: str, room: Room) -> None:
        """Forget a room that nobody is in."""
        if room.empty and self._rooms.get(name) is room:
            del self._rooms[name]
