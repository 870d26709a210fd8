"""The command line. What a command needs is imported when it runs, so that `--help` is quick."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from telephony.commands.db import app as db
from telephony.commands.token import app as token
from telephony.commands.user import app as user

app = typer.Typer(
    help="A telephone interpreter: two people who share no language talk on the phone as if they did.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would more than double the time of --help
)
simulate = typer.Typer(help="The other ends of both wires, for your own tests.", no_args_is_help=True)
app.add_typer(simulate, name="simulate")
app.add_typer(db, name="db")
app.add_typer(token, name="token")
app.add_typer(user, name="user")

CallFolder = Annotated[Path, typer.Argument(help="A folder with a call.toml.")]


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8080,
    log_level: Annotated[Literal["debug", "info", "warning", "error"], typer.Option(help="What to log.")] = "info",
) -> None:
    """Take calls."""
    from telephony.commands.serve import serve

    raise typer.Exit(serve(host, port, log_level))


@app.command()
def demo(
    call: Annotated[Path | None, typer.Argument(help="Another call than the built-in one.")] = None,
    out: Annotated[Path, typer.Option(help="Where recordings and the report go.")] = Path("demo-call"),
    fast: Annotated[bool, typer.Option(help="In virtual time on memory streams, without sockets.")] = False,
    console: Annotated[bool, typer.Option("--console", help="Watch calls in the console, in a browser.")] = False,
) -> None:
    """Play one interpreted call from end to end, with no account and no internet."""
    from telephony.commands.demo import demo, demo_in_console

    if console:
        raise typer.Exit(demo_in_console(call, out))

    raise typer.Exit(demo(call, out, fast))


@app.command()
def replay(
    calls: Annotated[list[Path], typer.Argument(help="Folders with a call.toml, or folders of such folders.")],
    out: Annotated[Path | None, typer.Option(help="Keep recordings and reports here.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    fast: Annotated[bool, typer.Option(help="In virtual time on memory streams, without sockets.")] = False,
) -> None:
    """Play fixture calls and compare what was heard with what each call expects."""
    from telephony.commands.replay import replay

    raise typer.Exit(replay(calls, out, json, fast))


@app.command()
def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Point your Twilio number at this service.")] = False,
) -> None:
    """Check settings, credentials, the public address and the number's webhook."""
    from telephony.commands.doctor import doctor

    raise typer.Exit(doctor(fix))


@app.command()
def dial(
    to: Annotated[str, typer.Argument(help="Whom to call: a number with its country code.")],
    from_language: Annotated[str, typer.Option(help="What you speak.")],
    to_language: Annotated[str, typer.Option(help="What they speak.")],
    me: Annotated[str, typer.Option(help="Your own phone, rung first; without it whichever agent accepts.")] = "",
) -> None:
    """Have the running service place an interpreted call (TELEPHONY_API_TOKEN, TELEPHONY_API_URL)."""
    from telephony.commands.dial import dial

    raise typer.Exit(dial(to, from_language, to_language, me))


@app.command()
def hold_calls(off: Annotated[bool, typer.Option("--off", help="Take calls again.")] = False) -> None:
    """Take no new calls; those that are up go on."""
    from telephony.commands.hold import hold_calls

    raise typer.Exit(hold_calls(off))


@app.command()
def languages(
    search: Annotated[str | None, typer.Argument(help="A code or a name.")] = None,
) -> None:
    """List the languages that can be interpreted."""
    from telephony.commands.languages import languages

    languages(search)


@simulate.command()
def live(
    call: CallFolder,
    port: Annotated[int, typer.Option(help="0 picks a free one.")] = 0,
    key: Annotated[str, typer.Option(help="The API key it accepts.")] = "simulated-key",
    out: Annotated[Path | None, typer.Option(help="Keep its record here.")] = None,
) -> None:
    """A Live API on loopback that interprets the lines of one call."""
    from telephony.commands.simulate import live

    raise typer.Exit(live(call, port, key, out))


@simulate.command()
def carrier(
    call: CallFolder,
    voice_url: Annotated[str, typer.Argument(help="Your voice webhook, as http://127.0.0.1:8080/twilio/voice.")],
    port: Annotated[int, typer.Option(help="0 picks a free one.")] = 0,
    account_sid: Annotated[str, typer.Option(help="AC and 32 hexadecimal digits.")] = "AC" + 32 * "0",
    auth_token: Annotated[str, typer.Option(help="What it signs with.")] = "simulated-token",  # noqa: S107
    number: Annotated[str, typer.Option(help="The number that is called.")] = "+12025550100",
    out: Annotated[Path | None, typer.Option(help="Keep recordings and its record here.")] = None,
) -> None:
    """A Twilio on loopback that places one call, both phones included."""
    from telephony.commands.simulate import carrier

    raise typer.Exit(carrier(call, voice_url, port, account_sid, auth_token, number, out))


def main() -> None:
    app()


if __name__ == "__main__":
    main()
