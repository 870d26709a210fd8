"""Performing a Dial of a Conference on a call: waiting alone, hearing the others, and how it ends.

Source: twilio.com/docs/voice/twiml/dial, `action`: after a conference it is sent `DialCallStatus` "answered", and
neither `DialCallSid` nor `DialCallDuration`.
"""

from typing import TYPE_CHECKING

from telephony.simulator import tones
from telephony.simulator.carrier.conferences import Party, Room
from telephony.simulator.carrier.pacing import PTIME, clock, ticks
from telephony.simulator.carrier.verbs import DialConference

if TYPE_CHECKING:
    from telephony.simulator.carrier.call import Call


async def confer(call: "Call", verb: DialConference) -> dict[str, str]:
    """Be in the room until it is over, the time is, or the star is pressed. Returns the fields for the action."""
    rooms, name = call.exchange.conferences, verb.conference.room
    room, party = rooms.room(name), Party(verb.conference)
    began = clock()
    room.enter(party)
    call.note("conference joined", at=began, room=name)
    try:
        if await _alone(call, verb, room, began):
            await _together(call, verb, room, party)
    finally:
        room.leave(party)
        rooms.left(name, room)
        call.note("conference left", room=name, over=room.over)
    return {"DialCallStatus": "answered", "DialBridged": "true" if room.started else "false"}


async def _alone(call: "Call", verb: DialConference, room: Room, began: float) -> bool:
    """Hear the sound of waiting. Whether the conference has started."""
    async for now in ticks(began, began + verb.time_limit):
        if room.started:
            return True
        call.phone.frame(now - PTIME)
        if verb.conference.wait_url is None:
            call.phone.hear(tones.hold(now - began), now)
        if room.over or _leaves(call, verb, now):
            return False
    return False


async def _together(call: "Call", verb: DialConference, room: Room, party: Party) -> None:
    start = clock()
    with call.sounding(start):
        async for now in ticks(start, start + verb.time_limit):
            room.speak(party, call.phone.frame(now - PTIME))
            call.phone.hear(room.hear(party), now)
            if room.over or _leaves(call, verb, now):
                return


def _leaves(call: "Call", verb: DialConference, now: float) -> bool:
    return "*" in call.phone.keys_due(now) and verb.hangup_on_star
