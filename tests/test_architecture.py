"""Who may import whom, and which modules are pure. What is not written is forbidden.

Imports are read from the source, those inside functions included; an import under `if TYPE_CHECKING` runs nowhere and
does not count.
"""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "telephony"
FILES = sorted(HOUSE.rglob("*.py"))
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}

BRANDS = tuple(
    f"telephony.{port}.{folder.name}"
    for port in ("carriers", "engines")
    for folder in sorted((HOUSE / port).iterdir())
    if (folder / "__init__.py").is_file() and folder.name != "continuity"
)
"""Every folder of a port's room is a brand, but for continuity, which serves any engine."""

EVERYTHING = ("telephony*",)

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "telephony.audio": (),
    "telephony.carriers": ("telephony.audio*",),
    "telephony.engines": ("telephony.audio*",),
    "telephony.ivr": ("telephony.carriers.verbs",),
    "telephony.calls": (
        "telephony.audio*",
        "telephony.ivr*",
        "telephony.carriers.base",
        "telephony.carriers.verbs",
        "telephony.engines.base",
        "telephony.engines.continuity",
    ),
    "telephony.records": ("telephony.audio*", "telephony.calls*", "telephony.engines.base"),
    # The files in which an operator says who answers, and on which number.
    "telephony.directory": ("telephony.calls*", "telephony.ivr.languages", "telephony.ivr.prompts"),
    "telephony.api": (
        "telephony.calls*",
        "telephony.records*",
        "telephony.ivr*",
        "telephony.engines.base",
        "telephony.carriers.base",
    ),
    "telephony.metrics": ("telephony.calls*", "telephony.engines.base", "telephony.records.store.keeper"),
    "telephony.console": (
        "telephony.api*",
        "telephony.ivr.languages",
        "telephony.calls*",
        "telephony.records*",
        "telephony.engines.base",
        "telephony.carriers.base",
    ),
    # The simulator shares formats, files and levels with the product, but never a codec: an error of both ends would
    # cancel out.
    "telephony.simulator": ("telephony.audio.format", "telephony.audio.wav", "telephony.audio.level"),
    # Fixture calls played against the house: it joins the simulator to the ports, whatever brand fills them.
    "telephony.replay": (
        "telephony.simulator*",
        "telephony.audio*",
        "telephony.calls*",
        "telephony.carriers.base",
        "telephony.carriers.verbs",
        "telephony.engines.base",
        "telephony.engines.continuity",
        "telephony.records*",
        "telephony.ivr*",
    ),
    "telephony.config": ("telephony.config_values",),
    "telephony.config_values": ("telephony.ivr.languages",),
    "telephony.log": (),
    "telephony.commands": EVERYTHING,
    "telephony.app": EVERYTHING,
    "telephony.doors": (
        "telephony.api*",
        "telephony.calls*",
        "telephony.config",
        "telephony.console*",
        "telephony.metrics*",
        "telephony.records*",
    ),
    "telephony.__main__": EVERYTHING,
    "telephony": (),
}
"""For each room, what it may import besides itself. A brand's folder has the rules of `within_brand`."""

PURE = (
    "telephony.audio.*",
    "telephony.carriers.base",
    "telephony.carriers.verbs",
    "telephony.carriers.twilio.messages",
    "telephony.carriers.twilio.twiml",
    "telephony.carriers.twilio.signature",
    "telephony.carriers.twilio.addresses",
    "telephony.engines.base",
    "telephony.engines.gemini.config",
    "telephony.engines.gemini.messages",
    "telephony.ivr.*",
    "telephony.records.transcript",
    "telephony.simulator.scenario",
    "telephony.simulator.scenario_file",
    "telephony.simulator.playback",
    "telephony.simulator.mulaw",
    "telephony.simulator.tape",
)
"""Modules without I/O or a clock of their own, besides all that call themselves PURE in their docstring."""

IMPURE = ("asyncio", "aiohttp", "google", "twilio", "socket", "time", "threading", "os", "logging", "structlog")

PURE_PARTS = {
    # TwiML is built, and a signature is checked, by Twilio's own code; these two parts of its package do no I/O.
    "telephony.carriers.twilio.twiml": ("twilio.twiml.voice_response",),
    "telephony.carriers.twilio.signature": ("twilio.request_validator",),
}


def runtime_imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Every import that can run, in a function or not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            for otherwise in node.orelse:
                yield from runtime_imports(ast.Module([otherwise], []))
        else:
            yield from runtime_imports(node)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """The modules a tree imports, by their full names: `from a import b` is a.b where that is a module, else a."""
    names = set()
    for node in runtime_imports(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        else:
            assert not node.level, "imports are absolute"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= whole & MODULES.keys() or {str(node.module)}
            if whole - MODULES.keys():
                names.add(str(node.module))
    return names


@cache
def imports_of(module: str) -> frozenset[str]:
    return frozenset(imported(tree_of(MODULES[module])))


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def brand_of(module: str) -> str | None:
    return next((brand for brand in BRANDS if module == brand or module.startswith(f"{brand}.")), None)


def within_brand(brand: str, target: str) -> bool:
    """A brand's folder knows its ports and itself, never another brand."""
    room = room_of(brand)
    return brand_of(target) == brand or target in (f"{room}.base", f"{room}.verbs")


def is_allowed(module: str, target: str) -> bool:
    """Whether `module` may import `target`, both of this house."""
    brand, room = brand_of(module), room_of(module)
    if brand_of(target) not in (None, brand):
        return module == "telephony.app"
    if brand and room_of(target) == room:
        return within_brand(brand, target)
    return room_of(target) == room or any(fnmatch(target, pattern) for pattern in MAY_IMPORT[room])


def is_impure(module: str, target: str) -> bool:
    return target.split(".")[0] in IMPURE and target not in PURE_PARTS.get(module, ())


def is_meant_to_be_pure(module: str) -> bool:
    docstring = ast.get_docstring(tree_of(MODULES[module])) or ""
    return any(fnmatch(module, pattern) for pattern in PURE) or "PURE" in docstring.split("\n\n", maxsplit=1)[0]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_room_may(module: str) -> None:
    targets = {name for name in imports_of(module) if name.split(".")[0] == "telephony"}
    assert room_of(module) in MAY_IMPORT, "a new room needs a line in the table"
    assert {target for target in targets if not is_allowed(module, target)} == set()


@pytest.mark.parametrize("module", [module for module in MODULES if is_meant_to_be_pure(module)])
def test_a_pure_module_does_no_io_and_has_no_clock(module: str) -> None:
    assert {name for name in imports_of(module) if is_impure(module, name)} == set()


@pytest.mark.parametrize("pattern", PURE)
def test_what_is_listed_as_pure_is_there(pattern: str) -> None:
    assert [module for module in MODULES if fnmatch(module, pattern)]


@pytest.mark.parametrize(
    ("module", "target", "allowed"),
    [
        ("telephony.audio.wav", "telephony.audio.format", True),
        ("telephony.audio.wav", "telephony.carriers.base", False),
        ("telephony.calls.call", "telephony.carriers.base", True),
        ("telephony.calls.call", "telephony.carriers.twilio.messages", False),
        ("telephony.calls.call", "telephony.engines.gemini", False),
        ("telephony.carriers.base", "telephony.carriers.twilio.twiml", False),
        ("telephony.carriers.twilio.twiml", "telephony.carriers.verbs", True),
        ("telephony.carriers.twilio.twiml", "telephony.engines.base", False),
        ("telephony.engines.gemini.session", "telephony.engines.continuity", False),
        ("telephony.simulator.phone", "telephony.audio.g711", False),
        ("telephony.simulator.phone", "telephony.audio.wav", True),
        ("telephony.replay.fast", "telephony.app", False),
        ("telephony.commands.doctor", "telephony.app", True),
        ("telephony.commands.doctor", "telephony.carriers.twilio.account", False),
        ("telephony.app", "telephony.carriers.twilio.account", True),
        ("telephony.config", "telephony.ivr.prompts", False),
    ],
)
def test_the_table_is_read_as_it_is_meant(module: str, target: str, allowed: bool) -> None:
    assert is_allowed(module, target) is allowed


def test_imports_are_found_wherever_they_stand() -> None:
    source = """
from typing import TYPE_CHECKING
import asyncio, os.path
from telephony.carriers import base
from telephony.audio.format import AudioFormat
if TYPE_CHECKING:
    import twilio
else:
    import socket
def later():
    try:
        from telephony.app import make_engine
    except ImportError:
        import google.genai
"""
    assert imported(ast.parse(source)) == {
        "typing",
        "asyncio",
        "os.path",
        "telephony.carriers.base",
        "telephony.audio.format",
        "socket",
        "telephony.app",
        "google.genai",
    }


def test_only_two_modules_may_use_the_pure_parts_of_the_twilio_package() -> None:
    assert not is_impure("telephony.carriers.twilio.signature", "twilio.request_validator")
    assert is_impure("telephony.carriers.twilio.signature", "twilio.rest")
    assert is_impure("telephony.carriers.twilio.messages", "twilio.request_validator")
