import pytest

from telephony.console.origin import Origins

ORIGINS = Origins("https://calls.example")


@pytest.mark.parametrize(
    ("origin", "host", "admitted"),
    [
        ("https://calls.example", "calls.example", True),
        ("https://CALLS.example", "10.0.0.7:8080", True),
        ("http://calls.example", "calls.example", False),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", True),
        ("http://127.0.0.1:8081", "127.0.0.1:8080", False),
        ("https://evil.example", "calls.example", False),
        ("https://calls.example.evil", "calls.example", False),
        ("https://calls.example@evil.example", "calls.example", False),
        ("null", "null", False),
        ("file://", "", False),
        ("ftp://calls.example", "calls.example", False),
        ("http://[", "calls.example", False),
        ("", "", False),
        (None, None, False),
    ],
)
def test_only_a_page_of_ours_is_admitted(origin: str | None, host: str | None, admitted: bool) -> None:
    assert ORIGINS.admits(origin, host) is admitted


def test_only_the_public_address_is_known_to_be_https() -> None:
    assert ORIGINS.secure_only("calls.example")
    assert not ORIGINS.secure_only("127.0.0.1:8080")
    assert not Origins("http://127.0.0.1:8080").secure_only("127.0.0.1:8080")
