"""`[[line_fault]]` in a call.toml: what is read, and how a mistake is named."""

from pathlib import Path

import pytest

from telephony.simulator.line_fault import LineFault, LineKind
from telephony.simulator.live_api.faults import Hit
from telephony.simulator.manners import manners_of
from telephony.simulator.scenario import Scenario, Who, load
from telephony.simulator.scenario_file import ScenarioError

CLINIC = Path(__file__).parents[2] / "fixtures" / "calls" / "clinic-appointment"


def call(folder: Path, *tables: str) -> Scenario:
    """The clinic's call with these line faults."""
    text = (CLINIC / "call.toml").read_text("utf-8")
    for name in ("recording", "translated"):
        text = text.replace(f'{name} = "', f'{name} = "{CLINIC.as_posix()}/')
    (folder / "call.toml").write_text(text + "".join(f"\n[[line_fault]]\n{table}\n" for table in tables), "utf-8")
    return load(folder)


def test_every_kind_is_read_with_what_it_takes(tmp_path: Path) -> None:
    scenario = call(
        tmp_path,
        'kind = "stops"\nat = 3.0\nlasts = 2.0\nwho = "caller"',
        'kind = "lost"\nat = 1.0\nevery = 9',
        'kind = "bunches"\nat = 1.0\nsize = 7',
        'kind = "rate"\nat = 1.0\nrate = 0.9',
        'kind = "clipped"\nat = 1.0\ngain = 20.0',
        'kind = "noise"\nat = 1.0\nlevel = -50.0\nwho = "agent"',
    )
    assert scenario.line_faults == (
        LineFault(LineKind.STOPS, Hit.CALLER, 3.0, 2.0),
        LineFault(LineKind.LOST, at=1.0, every=9),
        LineFault(LineKind.BUNCHES, at=1.0, size=7),
        LineFault(LineKind.RATE, at=1.0, rate=0.9),
        LineFault(LineKind.CLIPPED, at=1.0, level=20.0),
        LineFault(LineKind.NOISE, Hit.AGENT, 1.0, level=-50.0),
    )


def test_a_call_without_any_has_none() -> None:
    assert load(CLINIC).line_faults == ()


def test_each_phone_has_the_faults_of_its_own_line(tmp_path: Path) -> None:
    scenario = call(
        tmp_path,
        'kind = "zeros"\nat = 1.0\nwho = "caller"',
        'kind = "lost"\nat = 1.0\nwho = "agent"',
        'kind = "swapped"\nat = 1.0',
    )
    kinds = {
        who: [fault.kind for fault in manners_of(who, scenario, agent).line_faults]
        for who, agent in ((Who.CALLER, None), (Who.AGENT, scenario.agents[0]))
    }
    assert kinds == {
        Who.CALLER: [LineKind.ZEROS, LineKind.SWAPPED],
        Who.AGENT: [LineKind.LOST, LineKind.SWAPPED],
    }


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('kind = "tired"\nat = 1.0', 'kind = "tired"; expected "stops" or'),
        ('kind = "stops"', '[line_fault] without "at"; expected a number of seconds'),
        ('kind = "stops"\nat = 1.0\nevery = 3', 'every = 3; expected no "every" for the kind "stops"'),
        ('kind = "lost"\nat = 1.0\nevery = 1', "every = 1; expected a whole number, 2 or more"),
        ('kind = "rate"\nat = 1.0\nrate = 3.0', "rate = 3.0; expected a number from 0.5 to 2"),
        ('kind = "noise"\nat = 1.0\nlevel = 5.0', "level = 5.0; expected a number from -80 to -3"),
        ('kind = "noise"\nat = 1.0\nwho = "nobody"', 'who = "nobody"; expected'),
        ('kind = "noise"\nat = 1.0\nloud = true', "loud = true; expected one of kind, who"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_was_expected(tmp_path: Path, table: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        call(tmp_path, table)
    assert said in str(refused.value)
    assert ", line " in str(refused.value)
