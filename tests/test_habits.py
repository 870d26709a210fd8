"""Habits of this house that a parser can hold: sizes, names, tasks, queues, and what no text may hold."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import FILES, MODULES, ROOT, imports_of, room_of, tree_of

LONGEST_FILE = 300
GUARDED = ("telephony.calls", "telephony.carriers")
"""Rooms that make tokens and ids which nobody may guess."""

NAMES_THAT_SAY_NOTHING = ("utils", "util", "helper", "misc", "manager", "handler", "processor", "service")


def calls_in(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_every_file_can_be_read_in_one_sitting() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    names = {part for path in FILES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert {name for name in names if any(word in NAMES_THAT_SAY_NOTHING for word in name.split("_"))} == set()


def test_every_task_has_a_name() -> None:
    nameless = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in FILES
        for call in calls_in(path)
        if called(call) in ("create_task", "ensure_future", "run_coroutine_threadsafe")
        and "name" not in {keyword.arg for keyword in call.keywords}
    ]
    assert nameless == []


def test_queues_have_a_bound() -> None:
    unbounded = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in FILES
        for call in calls_in(path)
        if called(call) in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue") and not (call.args or call.keywords)
    ]
    assert unbounded == []


@pytest.mark.parametrize("module", [module for module in MODULES if room_of(module) in GUARDED])
def test_nothing_that_is_hard_to_guess_comes_from_the_random_module(module: str) -> None:
    assert "random" not in {name.split(".")[0] for name in imports_of(module)}


def texts_of_the_repository() -> Iterator[Path]:
    kinds = (".py", ".toml", ".md", ".txt", ".json", ".form", ".query", ".sh", ".html", ".css", ".js", "")
    for name in ("telephony", "tests", "fixtures", "infra", "bench", ".ci"):
        yield from (path for path in (ROOT / name).rglob("*") if path.is_file() and path.suffix in kinds)
    yield from (path for path in ROOT.glob("*") if path.is_file() and path.suffix in kinds)


def test_no_text_names_a_place_on_the_machine_it_was_written_on() -> None:
    places = tuple(f"/{folder}/" for folder in ("work", "root", "home", "tmp"))
    named = [
        f"{path.relative_to(ROOT)}: {place}"
        for path in texts_of_the_repository()
        if "__pycache__" not in path.parts and path.suffix != ".pyc"
        for place in places
        if place in path.read_text("utf-8", errors="replace")
    ]
    assert named == []
