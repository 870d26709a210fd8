"""A fixture call as the carrier saw it: what each party said and heard on one time axis, and every leg's record."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from telephony.audio import wav
from telephony.audio.format import AudioFormat, Encoding
from telephony.simulator import mulaw
from telephony.simulator.carrier.records import CallRecord, StreamRecord
from telephony.simulator.talk import Talk
from telephony.simulator.tape import Tape

_PCM16_8K = AudioFormat(Encoding.PCM16, 8000)


@dataclass(frozen=True, slots=True)
class CallReport:
    """Times are monotonic seconds; recordings are mu-law at 8 kHz, equally long, from `began` to `ended`."""

    began: float
    ended: float
    talk_began: float | None
    timed_out: bool
    legs: tuple[CallRecord, ...]
    caller_said: bytes = field(repr=False)
    caller_heard: bytes = field(repr=False)
    agent_said: bytes = field(repr=False)
    agent_heard: bytes = field(repr=False)

    def write_recordings(self, folder: Path) -> None:
        """`caller-said.wav` and its three companions, PCM16 at 8 kHz."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("caller_said", "caller_heard", "agent_said", "agent_heard"):
            samples = mulaw.decode(getattr(self, name)).astype("<i2").tobytes()
            wav.write(folder / f"{name.replace('_', '-')}.wav", samples, _PCM16_8K)

    def summary(self) -> dict[str, object]:
        """What one line of JSON says of the call: no speech, no numbers."""
        return {
            "seconds": round(self.ended - self.began, 3),
            "talk_after": None if self.talk_began is None else round(self.talk_began - self.began, 3),
            "timed_out": self.timed_out,
            "legs": [_leg(leg) for leg in self.legs],
        }


def report_of(talk: Talk, legs: Iterable[CallRecord], began: float, ended: float, *, timed_out: bool) -> CallReport:
    """Everything about a talk whose legs are over. The agents' phones, rung one after the other, share recordings."""
    said, heard = Tape(), Tape()
    for agent in talk.agents:
        said.take_over(agent.said)
        heard.take_over(agent.heard)
    return CallReport(
        began=began,
        ended=ended,
        talk_began=talk.began,
        timed_out=timed_out,
        legs=tuple(legs),
        caller_said=talk.caller.recording_said(began, ended),
        caller_heard=talk.caller.recording_heard(began, ended),
        agent_said=said.between(began, ended),
        agent_heard=heard.between(began, ended),
    )


def _leg(leg: CallRecord) -> dict[str, object]:
    return {
        "who": leg.who,
        "direction": leg.direction,
        "status": leg.standing,
        "seconds": 0.0 if leg.answered is None else round(leg.ended - leg.answered, 3),
        "told": len(leg.told),
        "streams": [_stream(stream) for stream in leg.streams],
        "problems": [{"code": problem.code, "reason": problem.reason} for problem in leg.problems],
    }


def _stream(stream: StreamRecord) -> dict[str, object]:
    return {
        "seconds": round(stream.ended - stream.began, 3),
        "frames": len(stream.sent_at),
        "underruns": len(stream.underruns),
        "marks": stream.marks,
    }
