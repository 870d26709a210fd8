"""`telephony languages`: the languages a call can be interpreted into, and their codes."""

from rich.console import Console
from rich.table import Column, Table

from telephony.ivr.folding import fold
from telephony.ivr.languages import ALL, Language, UnknownLanguage, find, nearest
from telephony.ivr.prompts import available


def languages(search: str | None) -> None:
    """Print every language, or those that `search` names: by a code, another code for it (iw), or part of a name."""
    console = Console()
    found = list(ALL) if search is None else _found(search)
    if search is not None and not found:
        unknown = UnknownLanguage(search, nearest(search))
        console.print(str(unknown), markup=False, highlight=False)
        found = list(unknown.nearest)
    if found:
        console.print(_table(found))
        console.print(f"{len(found)} of {len(ALL)} codes. Without announcements of its own, a language hears English.")


def _found(search: str) -> list[Language]:
    by_name = [language for language in ALL if any(fold(search) in fold(name) for name in _names(language))]
    try:
        return list(dict.fromkeys([find(search), *by_name]))
    except UnknownLanguage:
        return by_name


def _names(language: Language) -> tuple[str, ...]:
    return (language.name, language.autonym, *language.also)


def _table(found: list[Language]) -> Table:
    table = Table(Column("Code", no_wrap=True, min_width=7), "Language", "Own name", "Announcements")
    announced = available()
    for language in found:
        table.add_row(language.code, language.name, language.autonym, "yes" if language.code in announced else "-")
    return table
