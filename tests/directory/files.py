"""Directory files for tests: what is read of a text, and what is said of it."""

from pathlib import Path

import pytest

from telephony.directory.directory import Basis, Directory, read_directory
from telephony.directory.faults import DirectoryError

BASIS = Basis(("en", "es"), "en", "+12025550100", ("+12025550111", "client:agent_7"))

AGENT = '[[agent]]\nname = "Anna"\naddress = "+12025550121"\n'


def directory(folder: Path, agents: str | None = None, numbers: str | None = None, basis: Basis = BASIS) -> Directory:
    """What is read of these texts; None is an absent file."""
    for name, text in (("agents.toml", agents), ("numbers.toml", numbers)):
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return read_directory(folder, basis)


def faults(
    folder: Path, agents: str | None = None, numbers: str | None = None, basis: Basis = BASIS
) -> tuple[str, ...]:
    """The lines that are said of these texts."""
    with pytest.raises(DirectoryError) as wrong:
        directory(folder, agents, numbers, basis)
    assert str(wrong.value) == "\n".join(wrong.value.faults)
    return wrong.value.faults
