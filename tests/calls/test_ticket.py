from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.ticket import Ticket


def test_a_ticket_lets_one_stream_in() -> None:
    mine = Ticket()
    assert not mine.used
    assert mine.redeem(mine.token)
    assert mine.used


def test_it_works_once() -> None:
    mine = Ticket()
    assert [mine.redeem(mine.token) for _ in range(3)] == [True, False, False]


def test_another_legs_ticket_does_not_work_and_does_not_spoil_mine() -> None:
    mine, other = Ticket(), Ticket()
    assert not mine.redeem(other.token)
    assert mine.redeem(mine.token)


def test_it_holds_256_bits() -> None:
    assert len(urlsafe_b64decode(Ticket().token + "=")) == 32


def test_no_two_are_alike_and_every_bit_changes() -> None:
    tokens = [urlsafe_b64decode(Ticket().token + "=") for _ in range(500)]
    assert len(set(tokens)) == 500
    ones = [sum(token[place // 8] >> place % 8 & 1 for token in tokens) for place in range(256)]
    assert min(ones) > 150  # 250 are expected, with a standard deviation of 11
    assert max(ones) < 350


@given(st.text(st.characters()))
def test_no_text_is_taken_for_the_token(guess: str) -> None:
    mine = Ticket()
    assert not mine.redeem(guess)
    assert not mine.used


@pytest.mark.parametrize(
    "near", [lambda t: t[:-1], lambda t: t + "=", lambda t: t.swapcase(), lambda t: " " + t, lambda _: ""]
)
def test_what_is_nearly_the_token_is_not_the_token(near: Any) -> None:
    mine = Ticket()
    assert not mine.redeem(near(mine.token))


def test_a_token_is_compared_in_constant_time_and_at_one_length(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def note(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr("hmac.compare_digest", note)
    mine = Ticket()
    mine.redeem("a")
    mine.redeem("a" * 1000)
    assert [(len(one), len(other)) for one, other in compared] == [(32, 32), (32, 32)]
    assert compared[0][0] == sha256(b"a").digest()
