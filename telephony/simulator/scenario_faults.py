"""The tables `[[fault]]` of a fixture call: what its interpreter's sessions are made to suffer, and when."""

from collections.abc import Collection

from telephony.simulator.live_api.faults import (
    SECONDS_LEFT,
    AtRandom,
    AtSession,
    AtTalk,
    Fault,
    Heard,
    Hit,
    Kind,
    OfLine,
    Refused,
    Trigger,
)
from telephony.simulator.live_api.refusal import ABNORMAL, ABORTED, REASON_BYTES, Refusal
from telephony.simulator.scenario_file import ScenarioFile, Table

_TRIGGERS = ("at", "talk", "heard", "line", "random")
_OF_TRIGGERS = {"line": "share", "random": "seed"}
_HITS = ("kind", "who", "session", "sessions")
_OF_KINDS = {
    Kind.GOAWAY: ("seconds_left", "code", "reason"),
    Kind.CLOSE: ("code", "reason"),
    Kind.WRONG_LANGUAGE: ("language",),
    Kind.REFUSE: ("as",),
}
_KEYS = (*_HITS, *_TRIGGERS, *_OF_TRIGGERS.values(), "seconds_left", "code", "reason", "language", "as")
_HALF = 0.5
_CODES = (1000, 1001, ABNORMAL, 1007, 1008, 1011, 1012, 1013, 1014)
"""Closes that a server may send (RFC 6455, section 7.4, and its registry), and 1006."""


def read_faults(file: ScenarioFile, lines: Collection[str]) -> tuple[Fault, ...]:
    """Every fault of the file; `lines` are the ids of the call's lines. Raises ScenarioError."""
    return tuple(_fault(table, lines) for table in file.tables("fault", _KEYS))


def _fault(table: Table, lines: Collection[str]) -> Fault:
    kind = table.choice("kind", Kind)
    for key in (key for keys in _OF_KINDS.values() for key in keys):
        if key in table and key not in _OF_KINDS.get(kind, ()):
            table.refuse(key, f'no "{key}" for the kind "{kind}"')
    fault = Fault(
        kind,
        _trigger(table, kind, lines),
        who=table.choice("who", Hit) if "who" in table else Hit.BOTH,
        session=table.count("session") if "session" in table else 1,
        sessions=_sessions(table),
        seconds_left=table.seconds("seconds_left", SECONDS_LEFT),
        close=_close(table, kind),
        language=table.text("language", "a language code") if kind is Kind.WRONG_LANGUAGE else "",
        refused=table.choice("as", Refused) if "as" in table else Refused.QUOTA,
    )
    if fault.refused is Refused.TOO_MANY_REQUESTS and fault.who is not Hit.BOTH:
        table.refuse("who", '"both", for a handshake does not say which direction it is for')
    return fault


def _sessions(table: Table) -> int | None:
    """How many in a row; None for all."""
    if "sessions" not in table:
        return 1
    return None if table.says("sessions", "all") else table.count("sessions", '"all", or a whole number, 1 or more')


def _close(table: Table, kind: Kind) -> Refusal:
    if kind is Kind.CLOSE and "code" not in table:
        table.refuse("code", "the code of a close, 1006 for an aborted connection")
    code = table.count("code") if "code" in table else ABORTED.code
    if code not in _CODES:
        table.refuse("code", "one of " + ", ".join(map(str, _CODES)))
    default = "" if "code" in table else ABORTED.text
    return Refusal(
        code, table.text("reason", f"a text (cut at {REASON_BYTES} bytes)") if "reason" in table else default
    )


def _trigger(table: Table, kind: Kind, lines: Collection[str]) -> Trigger:
    given = [key for key in _TRIGGERS if key in table]
    for trigger, key in _OF_TRIGGERS.items():
        if key in table and trigger not in given:
            table.refuse(key, f'"{key}" only beside "{trigger}"')
    if kind is Kind.REFUSE:
        if given:
            table.refuse(given[0], "no time: a session is refused when it is asked for")
        return AtSession(0.0)
    if len(given) != 1:
        table.refuse(given[-1] if given else "at", "exactly one of " + ", ".join(f'"{key}"' for key in _TRIGGERS))
    return _moment(table, given[0], lines)


def _moment(table: Table, trigger: str, lines: Collection[str]) -> Trigger:
    match trigger:
        case "at":
            return AtSession(table.seconds("at"))
        case "talk":
            return AtTalk(table.seconds("talk"))
        case "heard":
            return Heard(table.seconds("heard"))
        case "line":
            line = table.text("line", "the id of a line")
            if line not in lines:
                table.refuse("line", "the id of a line of this call")
            return OfLine(line, table.factor("share", 0.0, 1.0, _HALF))
    first, last = table.range("random", "a list of two numbers of seconds, the smaller first")
    return AtRandom(first, last, table.whole("seed"))
