"""agents.toml: who answers. PURE; the format is described in infra/examples/agents.toml."""

from collections.abc import Collection
from typing import Final
from zoneinfo import ZoneInfo

from telephony.calls.agent import Agent
from telephony.calls.hours import Hours, find_zone
from telephony.directory import readings
from telephony.directory.document import Document
from telephony.directory.faults import hidden, plain
from telephony.directory.table import Table, tables

KEYS: Final = ("name", "address", "languages", "priority", "groups", "hours", "zone", "pin", "wrap_up_s")
LAST_PRIORITY: Final = 1000
LONGEST_WRAP_UP: Final = 3600.0

_UTC: Final = ZoneInfo("UTC")


def read_agents(
    document: Document, language: str, countries: Collection[str] | None, own: Collection[str]
) -> tuple[Agent, ...]:
    """The agents of a file; what is wrong is noted in it. `language` is spoken by those who name none.

    `countries` (None: all) may be dialled, the numbers `own` may not.
    """
    firsts = _Firsts()
    agents = []
    for table in tables(document.values, "agent", document.faults, KEYS):
        agent = _agent(table, language, countries, own)
        firsts.check(table, agent)
        agents.append(agent)
    if not document.values:
        document.faults.add((), "has no agents; add one that begins with [[agent]], or take the file away")
    return tuple(agents)


def _agent(table: Table, language: str, countries: Collection[str] | None, own: Collection[str]) -> Agent:
    return Agent(
        name=table.one("name", readings.agent_name, "", show=hidden, like='"Agent Seven"'),
        address=table.one("address", readings.address(countries, own), "", like='"+12025550123"'),
        languages=table.many("languages", readings.language, like='["en", "es"]') or (language,),
        priority=table.whole("priority", 1, 1, LAST_PRIORITY),
        groups=frozenset(table.many("groups", readings.label, like='["night-shift"]')),
        hours=_hours(table),
        pin=table.one("pin", readings.pin, "", show=hidden),
        wrap_up_s=table.seconds("wrap_up_s", 0.0, 0.0, LONGEST_WRAP_UP),
    )


def _hours(table: Table) -> Hours | None:
    lines = table.many("hours", readings.hours, show=plain, like='["Mo-Fr 08:00-18:00"]')
    zone = table.one("zone", find_zone, _UTC, show=plain)
    if "hours" in table and "zone" not in table:
        table.wrong("hours", 'hours need the zone they are meant in; add one, like zone = "Europe/Berlin"')
    if "zone" in table and "hours" not in table:
        table.wrong("zone", "zone means nothing without hours; add some, or take it out")
    return Hours(tuple(span for line in lines for span in line), zone) if lines else None


class _Firsts:
    """Where each name, address and PIN stands first: no two agents share one."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str], Table] = {}

    def check(self, table: Table, agent: Agent) -> None:
        for key, value in (("name", agent.name), ("address", agent.address), ("pin", agent.pin)):
            if not value:
                continue
            first = self._tables.setdefault((key, value), table)
            if first is not table:
                table.wrong(key, f"{key} stands in line {first.line_of(key)} already; each agent has one of its own")
