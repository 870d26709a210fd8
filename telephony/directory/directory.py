"""Both files read together: who answers, and on which number. Absent files leave what the settings say."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from telephony.calls.agent import Agent
from telephony.calls.profile import Profile
from telephony.calls.roster import agents_of
from telephony.directory import readings
from telephony.directory.agents_file import read_agents
from telephony.directory.document import Document, read_document
from telephony.directory.faults import DirectoryError, masked
from telephony.directory.numbers_file import Around, numbers_in, read_profiles

AGENTS_FILE: Final = "agents.toml"
NUMBERS_FILE: Final = "numbers.toml"


@dataclass(frozen=True, slots=True)
class Basis:
    """What the settings say: the house's languages and number, its agents' addresses, and the countries it may dial.

    `languages` may end with "auto"; `countries` are ISO 3166 codes, None allows every country.
    """

    languages: tuple[str, ...]
    agent_language: str
    number: str = field(repr=False)
    addresses: tuple[str, ...] = field(repr=False)
    countries: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """The agents (of agents.toml, or else of the settings), and the lines of numbers.toml."""

    agents: tuple[Agent, ...]
    profiles: tuple[Profile, ...]


def paths_in(folder: Path) -> tuple[Path, Path]:
    """Where the two files are, or would be."""
    return folder / AGENTS_FILE, folder / NUMBERS_FILE


def read_directory(folder: Path, basis: Basis) -> Directory:
    """The files in `folder` (the data folder). Raises DirectoryError with a line for everything that is wrong."""
    unreadable: list[str] = []
    agents_file, numbers_file = (_opened(path, unreadable) for path in paths_in(folder))
    if unreadable:
        raise DirectoryError(tuple(unreadable))
    own = {basis.number} | (numbers_in(numbers_file.values) if numbers_file else set())
    faults: list[str] = []
    agents = _agents(agents_file, basis, own, faults)
    around = Around(basis.languages, basis.agent_language, agents, basis.countries, own)
    profiles = read_profiles(numbers_file, around) if numbers_file else ()
    noted = [line for file in (agents_file, numbers_file) if file for line in file.faults.lines]
    if faults or noted:
        raise DirectoryError((*faults, *noted))
    return Directory(agents, profiles)


def _opened(path: Path, unreadable: list[str]) -> Document | None:
    try:
        return read_document(path)
    except DirectoryError as error:
        unreadable += error.faults
        return None


def _agents(file: Document | None, basis: Basis, own: Collection[str], faults: list[str]) -> tuple[Agent, ...]:
    if file is not None:
        return read_agents(file, basis.agent_language, basis.countries, own)
    faults += _faults_of(basis.addresses, basis.countries, own)
    return agents_of(basis.addresses, basis.agent_language)


def _faults_of(addresses: tuple[str, ...], countries: Collection[str] | None, own: Collection[str]) -> list[str]:
    """What is wrong with the addresses of the settings."""
    faults = []
    for address in addresses:
        try:
            readings.address(countries, own)(address)
        except ValueError as wrong:
            faults.append(f"TELEPHONY_AGENTS: address {masked(address)} {wrong}")
    return faults
