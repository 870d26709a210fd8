"""Where calls take place: each slot has a number of ours, its own caller and agent, and a fixture call's voices."""

from dataclasses import dataclass, replace
from pathlib import Path

from telephony.simulator.scenario import AgentPhone, Answers, Scenario, load

CALLS = Path(__file__).parents[2] / "fixtures" / "calls"
NAMES = ("clinic-appointment", "missing-order", "hotline-crosstalk", "hung-up-midway")
FOLDERS = tuple(CALLS / name for name in NAMES)
OURS = "+12025550100"
MOST_SLOTS = 90


@dataclass(frozen=True, slots=True)
class Slot:
    """`scenario` has neither menu nor long ringing; its lines are those of the fixture call."""

    name: str
    number: str
    scenario: Scenario

    @property
    def voices(self) -> str:
        """Which fixture call it speaks with."""
        return self.scenario.folder.name


def slots(count: int) -> list[Slot]:
    """So many, the fixture calls by turns."""
    calls = [load(folder) for folder in FOLDERS]
    return [_slot(nth, calls[nth % len(calls)]) for nth in range(count)]


def _slot(nth: int, call: Scenario) -> Slot:
    scenario = replace(
        call,
        caller_number=f"+1213555{100 + nth:04d}",
        languages=(call.caller_language,),
        agents=(AgentPhone(f"+1415555{100 + nth:04d}", 0.5, Answers.ACCEPTS),),
        keys=(),
        faults=(),
    )
    return Slot(f"slot-{nth}", f"+1202555{101 + nth:04d}", scenario)


def write_directory(slots: list[Slot], folder: Path) -> None:
    """agents.toml and numbers.toml that tie each number to its own agent."""
    folder.mkdir(parents=True, exist_ok=True)
    agents, numbers = [], []
    for slot in slots:
        call = slot.scenario
        agents.append(
            f'[[agent]]\nname = "{slot.name}"\naddress = "{call.agents[0].number}"\n'
            f'languages = ["{call.agent_language}"]\ngroups = ["{slot.name}"]\n'
        )
        numbers.append(
            f'[[number]]\nname = "{slot.name}"\nnumbers = ["{slot.number}"]\nlanguages = ["{call.caller_language}"]\n'
            f'agent_language = "{call.agent_language}"\ngroups = ["{slot.name}"]\nmessages = false\n'
        )
    (folder / "agents.toml").write_text("\n".join(agents), encoding="utf-8")
    (folder / "numbers.toml").write_text("\n".join(numbers), encoding="utf-8")
