"""What keeps an echo out, at what price: `python -m bench.echo`.

The gate of this house beside no gate, a simple correlator, and WebRTC's canceller in two wrappings, where these are
installed (`pip install livekit aec-audio-processing`, in an environment of their own: the house does not need them).
Scenes and measures are those of `tests.audio.echoes`: 40 s of an interpreter, mu-law on both ways, and a delay that
wanders by 20 ms from phrase to phrase.
"""

import importlib.util
import time
from collections.abc import Callable

import numpy as np
from rich.console import Console
from rich.table import Table

from bench import echo_rivals
from telephony.audio.echo import EchoGate
from telephony.audio.echo_evidence import Doubt, Remainder
from tests.audio.echoes import Gate, Open, Outcome, Played, Scene, interpreter, party, taking_turns

LOUD, SOFT = "party at -20", "party at -36"

RIVALS: dict[str, tuple[str, Callable[[], Gate]]] = {
    "livekit APM": ("livekit", echo_rivals.Livekit),
    "aec-audio-processing": ("aec_audio_processing", echo_rivals.AecAudioProcessing),
}
"""By name: the package that it needs, and how one is made."""


def gates() -> dict[str, Callable[[], Gate]]:
    """Everything that can be compared here."""
    found: dict[str, Callable[[], Gate]] = {"none": Open, "correlator": echo_rivals.Correlator, "this house": EchoGate}
    installed = {name: make for name, (package, make) in RIVALS.items() if importlib.util.find_spec(package)}
    return found | installed


def scenes() -> dict[str, Scene]:
    """Who talks, and how the echo comes back."""
    far, near = taking_turns(-24)
    table = {
        f"listens, echo {level} dB, {delay} ms": Scene(interpreter(), level_db=level, delay_ms=delay)
        for level, delay in ((-10, 100), (-20, 400), (-30, 400), (-10, 1150))
    }
    table["listens, wanders by 200 ms"] = Scene(interpreter(), level_db=-15, wander_ms=200)
    table["listens, loudspeaker clips"] = Scene(
        interpreter(), level_db=-10, damage=lambda echo: np.clip(echo, -900.0, 900.0)
    )
    table["takes turns, echo -12 dB"] = Scene(far, near, level_db=-12, seconds=60)
    table["takes turns, handset"] = Scene(far, near, level_db=None, seconds=60)
    for name, dbfs in ((LOUD, -20), (SOFT, -36)):
        table[f"both talk, {name}, echo -10 dB"] = Scene(interpreter(), party(dbfs), level_db=-10)
        table[f"both talk, {name}, echo -25 dB"] = Scene(interpreter(), party(dbfs), level_db=-25)
        table[f"both talk, {name}, handset"] = Scene(interpreter(), party(dbfs), level_db=None)
    return table


def figures(outcome: Outcome, delays: bool) -> list[str]:
    """One row: what came through of the echo, and what was lost of the voice."""
    row = ["-"] * 6
    if outcome.echo_alone().any():
        row[:2] = [f"{outcome.leaked_ms():.0f}", f"{outcome.suppression():.0f}"]
    if outcome.voiced().any():
        row[2:4] = [f"{outcome.cut_ms():.0f}", f"{outcome.kept():.1%}"]
        before, after = outcome.clean()
        row[4] = "-" if delays else f"{before:.0f} > {after:.0f}"
        row[5] = f"{outcome.untouched():.0%}"
    return row


def comparison() -> Table:
    """Every gate in every scene."""
    table = Table("scene", "gate", "leaked, ms", "softer by, dB", "cut, ms", "kept", title="echo")
    table.add_column("voice over the rest, dB")
    table.add_column("bit for bit")
    for scene, played in ((name, scene.played()) for name, scene in scenes().items()):
        for gate, make in gates().items():
            outcome = played.through(make())
            table.add_row(scene, gate, *figures(outcome, gate in RIVALS))
        table.add_section()
    missing = [name for name, (package, _) in RIVALS.items() if not importlib.util.find_spec(package)]
    table.caption = "leaked: echo above -55 dBFS while nobody speaks; cut: frames of the party's voice that are gone"
    table.caption += f"; not installed: {', '.join(missing)}" if missing else ""
    return table


def trade() -> Table:
    """How much is held back in doubt, and how much may be left of an echo, against what it costs a voice."""
    table = Table("frames of doubt", "may be left", "leaked, ms", "cut with a handset, ms", title="the trade")
    table.add_column("cut over a loud echo, ms")
    quiet, both = Scene(interpreter(), level_db=-10).played(), Scene(interpreter(), party(-30), level_db=-10).played()
    handset = Scene(interpreter(), party(-34, first=1.4), level_db=None).played()
    for frames, left in ((0, 5.0), (6, 5.0), (12, 5.0), (25, 5.0), (60, 5.0), (12, 2.0), (12, 10.0), (12, 40.0)):

        def gate(frames: int = frames, left: float = left) -> EchoGate:
            return EchoGate(Doubt(frames, min(frames, 10), min(frames, 6)), Remainder(left, left / 2, 2 * left))

        row = [quiet.through(gate()).leaked_ms(), handset.through(gate()).cut_ms(), both.through(gate()).cut_ms()]
        table.add_row(f"{frames}", f"{left:g} times", *(f"{figure:.0f}" for figure in row))
    return table


def cost(played: Played, make: Callable[[], Gate]) -> tuple[float, float, float]:
    """Microseconds of CPU a frame of 20 ms: on average, while sound is heard, and at most 1 in 100."""
    gate, spent, heard = make(), [], []
    for place, (sent, said) in enumerate(zip(played.sent, played.said, strict=True)):
        begun = time.process_time_ns()
        if sent is not None:
            gate.heard(sent, place * 0.02)
        gate.said(said, place * 0.02)
        spent.append((time.process_time_ns() - begun) / 1000)
        heard.append(sent is not None)
    times = np.array(spent)
    return float(times.mean()), float(times[np.array(heard)].mean()), float(np.quantile(times, 0.99))


def costs() -> Table:
    """What each gate costs."""
    table = Table("gate", "scene", "us a frame", "while sound is heard", "1 in 100", title="time")
    chosen = {
        "listens": Scene(interpreter(), level_db=-15),
        "both talk": Scene(interpreter(), party(-25), level_db=-15),
        "both talk, handset": Scene(interpreter(), party(-25), level_db=None),
    }
    for name, scene in chosen.items():
        played = scene.played()
        for gate, make in gates().items():
            least = min((cost(played, make) for _ in range(3)), key=lambda times: times[0])
            table.add_row(gate, name, *(f"{figure:.0f}" for figure in least))
    return table


def main() -> None:
    """Measure and print."""
    console = Console(width=160)
    for table in (comparison, trade, costs):
        console.print(table())


if __name__ == "__main__":
    main()
