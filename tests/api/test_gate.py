"""Which tokens let in, how often, and what is noted of it."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from telephony.api.gate import WRITTEN, Gates, TokenGate, written
from telephony.api.problem import Problem
from telephony.api.rate import Rate
from telephony.api.route import Holder
from telephony.records.store.tokens import Scope, Token
from tests.api.house import NOON, ApiHouse, Plan, api_house

SECRET = "s" * 43
TOKEN = Token("0123abcd", "console", Scope.CALL, NOON)
GOOD = f"Bearer telephony_0123abcd_{SECRET}"


@dataclass
class OneToken:
    """A store with one token."""

    asked: list[str] = field(default_factory=list)
    uses: list[tuple[str, datetime]] = field(default_factory=list)

    async def find(self, secret: str) -> Token | None:
        self.asked.append(secret)
        return TOKEN if secret == SECRET else None

    def used(self, token: str, at: datetime) -> None:
        self.uses.append((token, at))


def asking(header: str | None) -> web.Request:
    return make_mocked_request("GET", "/api/calls", headers={} if header is None else {"Authorization": header})


async def status_of(header: str | None, tokens: OneToken | None = None) -> int:
    gates = Gates((TokenGate(tokens or OneToken(), lambda: NOON),), Rate(), lambda: 0.0)
    try:
        await gates.admit(asking(header), Scope.READ)
    except Problem as problem:
        return problem.status
    return 200


@pytest.mark.parametrize("header", [GOOD, GOOD.replace("Bearer", "bearer"), GOOD.replace(" ", "   "), f"{GOOD} "])
async def test_a_good_token_lets_in_and_is_noted(header: str) -> None:
    tokens = OneToken()
    assert await status_of(header, tokens) == 200
    assert tokens.uses == [("0123abcd", NOON)]


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        SECRET,
        f"Bearer {SECRET}",
        f"Basic telephony_0123abcd_{SECRET}",
        GOOD + "s",
        GOOD[:-1],
        GOOD.replace("telephony", "Telephony"),
        GOOD.replace("0123abcd", "0123abce"),
        GOOD.replace("sss", "sst"),
        f"{GOOD}, {GOOD}",
        "Bearer telephony_0123abcd_" + 43 * "\u017f",
    ],
)
async def test_nothing_else_lets_in(header: str | None) -> None:
    tokens = OneToken()
    assert await status_of(header, tokens) == 401
    assert tokens.uses == []


async def test_the_store_is_not_asked_about_what_cannot_be_a_token() -> None:
    tokens = OneToken()
    await status_of("Bearer of-bad-news", tokens)
    assert tokens.asked == []


@given(st.text(max_size=120))
async def test_no_text_lets_in_by_chance(text: str) -> None:
    gate = TokenGate(OneToken(), lambda: NOON)
    assert await gate._token(f"Bearer {text}") is None


@given(st.from_regex(WRITTEN, fullmatch=True).filter(lambda text: SECRET not in text))
async def test_nor_does_one_that_is_written_like_a_token(text: str) -> None:
    assert await status_of(f"Bearer {text}") == 401


async def test_what_the_store_makes_is_written_as_the_gate_reads_it(house: ApiHouse) -> None:
    for _ in range(50):
        token, secret = await house.office.store.tokens.create("many", Scope.READ, NOON)
        parts = WRITTEN.fullmatch(written(token, secret))
        assert parts is not None
        assert parts.groups() == (token.id, secret)


async def test_the_last_use_is_kept_to_the_minute(house: ApiHouse) -> None:
    for seconds in (0, 30, 40):
        house.times.pass_by(seconds)
        await house.ask("GET", "/api/agents", scope=Scope.READ)
    await house.office.keeper.close(5)
    kept = {token.id: token.last_used for token in await house.office.store.tokens.all()}
    assert kept[house.known[Scope.READ].id] == house.times.wall
    assert kept[house.known[Scope.ADMIN].id] is None


async def test_who_asks_too_often_waits_and_nobody_else_does(tmp_path: Path) -> None:
    async with api_house(tmp_path, Plan(rate=Rate(a_second=0.5, burst=3))) as house:
        assert [(await house.ask("GET", "/api/agents"))[0] for _ in range(4)] == [200, 200, 200, 429]
        answer = await house.raw("GET", "/api/agents")
        assert (answer.headers["Retry-After"], (await answer.json())["reason"]) == ("2", "rate")
        assert (await house.ask("GET", "/api/agents", scope=Scope.READ))[0] == 200
        house.times.pass_by(2.0)
        assert (await house.ask("GET", "/api/agents"))[0] == 200


class NamedGate:
    """Lets in who says a name in a cookie."""

    async def holder(self, request: web.Request) -> Holder | None:
        name = request.cookies.get("name")
        return Holder(f"user:{name}", name, Scope.READ) if name else None


@pytest.mark.parametrize(("headers", "name"), [({"Cookie": "name=eva"}, "eva"), ({"Authorization": GOOD}, "console")])
async def test_there_may_be_several_gates(headers: dict[str, str], name: str) -> None:
    gates = Gates((TokenGate(OneToken(), lambda: NOON), NamedGate()), Rate(), lambda: 0.0)
    holder = await gates.admit(make_mocked_request("GET", "/", headers=headers), Scope.READ)
    assert holder.name == name


async def test_a_wrong_token_is_not_helped_by_another_gate() -> None:
    gates = Gates((TokenGate(OneToken(), lambda: NOON), NamedGate()), Rate(), lambda: 0.0)
    headers = {"Authorization": "Bearer x", "Cookie": "name=eva"}
    with pytest.raises(Problem):
        await gates.admit(make_mocked_request("GET", "/", headers=headers), Scope.READ)
