"""`telephony user`: who may sign in to the console, and as what."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from telephony.commands.with_store import console, told_of_store

if TYPE_CHECKING:
    from rich.console import Console

    from telephony.records.store import Store

app = typer.Typer(help="Users of the console.", no_args_is_help=True)

NOT_DONE = 1

Name = Annotated[str, typer.Argument(help="What the user signs in as.")]


@app.command()
def add(
    name: Name,
    role: Annotated[
        Literal["agent", "supervisor", "admin"],
        typer.Option(help="An agent sees how calls fare, a supervisor what is said in them, an admin may do all."),
    ],
) -> None:
    """Let somebody sign in. The password is asked for, or read from standard input where that is no terminal."""
    from telephony.console.names import as_name, wrong_with_name, wrong_with_password

    user = as_name(name)
    if wrong := wrong_with_name(user):
        raise typer.Exit(_refused(f"a name {wrong}"))
    password = _password()
    if wrong := wrong_with_password(password):
        raise typer.Exit(_refused(f"a password {wrong}"))
    raise typer.Exit(_add(user, role, password))


@app.command("list")
def list_users() -> None:
    """List who may sign in."""

    async def show(store: "Store", out: "Console") -> int:
        from rich.table import Table

        table = Table("Name", "Role", "Made (UTC)")
        for user in await store.users.all():
            table.add_row(user.name, str(user.role), f"{user.created:%Y-%m-%d %H:%M}")
        out.print(table)
        return 0

    raise typer.Exit(told_of_store(show))


@app.command()
def remove(name: Name) -> None:
    """Let somebody sign in no more; within seconds they are signed out, too."""
    from telephony.console.names import as_name

    async def end(store: "Store", out: "Console") -> int:
        if await store.users.remove(as_name(name)):
            out.print("the user is removed")
            return 0
        return _refused("there is no such user; see: telephony user list")

    raise typer.Exit(told_of_store(end))


def _add(name: str, role: str, password: str) -> int:
    async def make(store: "Store", out: "Console") -> int:
        from telephony.records.store.users import NameTaken, UserRole

        try:
            await store.users.add(name, UserRole(role), password, datetime.now(UTC))
        except NameTaken:
            return _refused("there is a user of this name; remove that one first, or choose another name")
        out.print(f"the user may sign in as {role}")
        return 0

    return told_of_store(make)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _refused(why: str) -> int:
    console(stderr=True).print(why)
    return NOT_DONE
