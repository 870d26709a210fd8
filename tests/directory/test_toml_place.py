import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.directory.toml_place import Path, Places

TEXT = '''# [[agent]] in a comment
top = 1
"quoted key".inner = 2

[[agent]]
name = "x" # [[agent]]
note = """
[[agent]]
name = "no"
"""
languages = [
  "en", # first, "fr"
  "es",

  'de',
]
[[agent]]
hours = ["a]",
 "b"]
[agent.greeting]
en = "x = 1, ]"
es = 'it"s'
after = 1.5
[other.sub]
key=1
odd = { a = [1, 2], b = "," }
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), "top = 1"),
        (("quoted key", "inner"), '"quoted key".inner = 2'),
        (("agent", 0, "name"), 'name = "x" # [[agent]]'),
        (("agent", 0, "languages"), "languages = ["),
        (("agent", 0, "languages", 0), '  "en", # first, "fr"'),
        (("agent", 0, "languages", 2), "  'de',"),
        (("agent", 1, "hours", 0), 'hours = ["a]",'),
        (("agent", 1, "hours", 1), ' "b"]'),
        (("agent", 1, "greeting"), "[agent.greeting]"),
        (("agent", 1, "greeting", "en"), 'en = "x = 1, ]"'),
        (("agent", 1, "greeting", "after"), "after = 1.5"),
        (("other",), "[other.sub]"),
        (("other", "sub", "key"), "key=1"),
        (("other", "sub", "odd", "b"), 'odd = { a = [1, 2], b = "," }'),
    ],
)
def test_a_value_is_found_in_its_line(path: Path, line: str) -> None:
    tomllib.loads(TEXT)
    assert TEXT.splitlines()[Places(TEXT).line_of(path) - 1] == line


def test_tables_of_the_same_name_are_told_apart() -> None:
    places = Places("[[agent]]\n[[agent]]\n\n[[agent]]\n")
    assert [places.line_of(("agent", nth)) for nth in range(3)] == [1, 2, 4]


def test_what_is_missing_is_looked_for_around_it() -> None:
    places = Places(TEXT)
    assert places.line_of(("agent", 1, "name")) == places.line_of(("agent", 1)) == 17
    assert places.line_of(("nothing",)) == places.line_of(()) == 1
    assert Places("").line_of(("agent", 0)) == 1


TEXTS = st.text(st.sampled_from("ab[]{}=,.#'\" \n"), max_size=8)
VALUES = st.recursive(
    st.one_of(st.integers(), st.booleans(), TEXTS), lambda inner: st.lists(inner, max_size=3), max_leaves=6
)
ENTRIES = st.lists(st.dictionaries(st.sampled_from(["a", "b", "c d", "e"]), VALUES, max_size=4), max_size=4)


def written(value: Any, long: bool) -> str:
    """A value in TOML, its lists over several lines where `long`."""
    if isinstance(value, list):
        parts = [written(item, long) for item in value]
        return "[\n" + "".join(f"  {part}, # ], a = [\n" for part in parts) + "]" if long else f"[{', '.join(parts)}]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return str(value).lower()


@given(ENTRIES, st.booleans())
def test_every_key_of_any_file_is_found(entries: list[dict[str, Any]], long: bool) -> None:
    text, expected = "", {}
    for nth, entry in enumerate(entries):
        text += "\n[[agent]]  # the next\n"
        for key, value in entry.items():
            expected[("agent", nth, key)] = text.count("\n") + 1
            text += f'"{key}" = {written(value, long)}\n'
    assert tomllib.loads(text) == ({"agent": entries} if entries else {})
    places = Places(text)
    assert {path: places.line_of(path) for path in expected} == expected
