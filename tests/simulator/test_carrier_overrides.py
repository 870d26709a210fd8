import pytest

from telephony.simulator.carrier.overrides import Overrides, overrides_of
from telephony.simulator.carrier.request import WebhookError

URL = "https://interpreter.example.com/step"


def test_an_address_that_asks_for_nothing_is_tried_once_more_for_its_connection() -> None:
    plain = overrides_of(URL)
    assert plain == Overrides(connect=5.0, read=15.0, total=15.0, retries=1, policy=frozenset({"ct"}))
    assert plain.tries_again(1, "ct")
    assert not plain.tries_again(2, "ct")
    assert not any(plain.tries_again(1, failure) for failure in ("rt", "4xx", "5xx", ""))


def test_an_address_says_what_it_is_tried_again_for() -> None:
    asked = overrides_of(f"{URL}#rc=3&rp=ct,5xx&ct=2000&rt=4000&tt=9000")
    assert (asked.connect, asked.read, asked.total) == (2.0, 4.0, 9.0)
    assert [asked.tries_again(tries, "5xx") for tries in (1, 2, 3, 4)] == [True, True, True, False]
    assert not asked.tries_again(1, "4xx")


def test_everything_may_be_tried_again_or_nothing() -> None:
    assert overrides_of(f"{URL}#rp=all").tries_again(1, "")
    assert not overrides_of(f"{URL}#rc=0").tries_again(1, "ct")


def test_where_a_request_leaves_from_is_read_over() -> None:
    assert overrides_of(f"{URL}#e=dublin&sni=y") == Overrides()


@pytest.mark.parametrize(
    ("fragment", "code"),
    [
        ("rp=ct,weekdays", 11243),
        ("rc=6", 11100),
        ("rc=-1", 11100),
        ("rc=many", 11100),
        ("ct=50", 11100),
        ("tt=20000", 11100),
        ("section", 11100),
    ],
)
def test_what_is_not_documented_is_an_error(fragment: str, code: int) -> None:
    with pytest.raises(WebhookError) as wrong:
        overrides_of(f"{URL}#{fragment}")
    assert wrong.value.code == code
