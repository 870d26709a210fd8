"""`telephony token`: the bearer tokens of the API, made, listed and revoked in the store."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from telephony.commands.with_store import console, told_of_store

if TYPE_CHECKING:
    from rich.console import Console

    from telephony.records.store import Store

app = typer.Typer(help="Bearer tokens of the HTTP API.", no_args_is_help=True)

NONE_SUCH = 1


@app.command()
def create(
    scope: Annotated[Literal["read", "call", "admin"], typer.Option(help="What it may do; each includes the former.")],
    name: Annotated[str, typer.Option(help="What you will know it by.")] = "",
) -> None:
    """Make a token and print it: this once, it is not kept."""

    async def make(store: "Store", out: "Console") -> int:
        from telephony.api.gate import written
        from telephony.records.store.tokens import Scope

        token, secret = await store.tokens.create(name or f"{scope} token", Scope(scope), datetime.now(UTC))
        console(stderr=True).print(f"token {token.id}, scope {scope}. Keep it now, it is not shown again:")
        out.print(written(token, secret))
        return 0

    raise typer.Exit(told_of_store(make))


@app.command("list")
def list_tokens() -> None:
    """List the tokens, without their secrets."""

    async def show(store: "Store", out: "Console") -> int:
        from rich.table import Column, Table

        table = Table(Column("Id", no_wrap=True), "Name", "Scope", "Made (UTC)", "Last used", "Revoked")
        for token in await store.tokens.all():
            moments = (token.created, token.last_used, token.revoked)
            table.add_row(
                token.id, token.name, str(token.scope), *(f"{one:%Y-%m-%d %H:%M}" if one else "-" for one in moments)
            )
        out.print(table)
        return 0

    raise typer.Exit(told_of_store(show))


@app.command()
def revoke(token: Annotated[str, typer.Argument(help="The token's id, as `telephony token list` shows it.")]) -> None:
    """Make a token worthless, at once and for good."""

    async def end(store: "Store", out: "Console") -> int:
        if await store.tokens.revoke(token, datetime.now(UTC)):
            out.print(f"token {token} is revoked")
            return 0
        console(stderr=True).print("there is no such token, or it was revoked before; see: telephony token list")
        return NONE_SUCH

    raise typer.Exit(told_of_store(end))
