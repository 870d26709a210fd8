import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from telephony import log
from tests.log_state import log_as_it_was

NUMBER = "+12025550123"
KEY = "AIza" + "SyA_-34567890123456789012345678901"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the log holds, at the finest level."""
    with log_as_it_was():
        written = io.StringIO()
        log.configure("debug", written)
        yield written


@pytest.mark.parametrize(
    "text",
    [
        "+12025550123",
        "12025550123",
        "2025550123",
        "rang +12025550123.",
        "rang +12025550123, then nothing",
        "(+12025550123)",
        "'+12025550123'",
        "sip:+12025550123@pbx.example.com",
        "From=%2B12025550123&To=%2b12025550123",
        "+1 202 555 0123",
        "+1-202-555-0123",
        "+1 (202) 555-0123",
        "https://api.example/Calls?To=+12025550123",
        "a line\n+12025550123",
        "a line\\n2025550123",
    ],
)
def test_a_phone_number_is_struck_out(text: str) -> None:
    struck = log.struck(text)
    assert "[number]" in struck
    assert "5550123" not in struck


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"x-goog-api-key: {KEY}",
        f"wss://host/path?key={KEY}&alt=json",
        "auth_tokens/0123abc-_",
        "AQ.Ab8RN6KZx3kq0mVb1a1B2c3D4e5F6g7H8",
    ],
)
def test_a_key_is_struck_out(text: str) -> None:
    struck = log.struck(text)
    assert "[key]" in struck
    assert not any(secret in struck for secret in ("AIza", "0123abc", "Ab8RN6"))


def test_any_key_in_an_address_is_struck_out() -> None:
    assert log.struck("https://host/ws?key=short&alt=json") == "https://host/ws?key=[key]&alt=json"


@pytest.mark.parametrize(
    "text",
    [
        "the call is over",
        "CA0123456789abcdef0123456789abcdef",
        "CA01234567890123456789012345678901",
        "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "127.0.0.1:54321",
        "port 8080, 65535",
        "2026-11-22T18:52:27.649012Z",
        "0.123456789 s",
        "1234567.5",
        "20404 21220 31951",
        "+48 dB",
        "gemini-3.5-live-translate-preview",
        "task 123456",
        "100 %2B 20",
    ],
)
def test_ordinary_words_and_ids_stay(text: str) -> None:
    assert log.struck(text) == text


@given(st.from_regex(r"\+[1-9]\d{6,14}", fullmatch=True), st.text(max_size=10), st.text(max_size=10))
def test_a_number_with_its_country_code_is_found_in_any_surroundings(number: str, before: str, after: str) -> None:
    assert number not in log.struck(f"{before}{number}{after}")


@pytest.mark.lets_out("the fence is to strike it out")
def test_numbers_and_keys_are_struck_out_of_message_and_fields(lines: io.StringIO) -> None:
    structlog.get_logger("tests").info(
        f"dialled {NUMBER}", address=NUMBER, key=KEY, port=8080, carrier_call="CA" + 32 * "0"
    )
    written = lines.getvalue()
    assert "5550123" not in written
    assert "AIza" not in written
    assert json.loads(written)["port"] == 8080
    assert "CA" + 32 * "0" in written


@pytest.mark.lets_out("the fence is to strike it out")
def test_what_is_no_text_is_struck_out_too(lines: io.StringIO) -> None:
    structlog.get_logger("tests").info(
        "fields", number=12025550123, many=[NUMBER], inner={"to": NUMBER}, error=ValueError(f"to {NUMBER}.")
    )
    assert json.loads(lines.getvalue())["number"] == "[number]"
    assert "5550123" not in lines.getvalue()


def test_an_exceptions_text_is_struck_out(lines: io.StringIO) -> None:
    try:
        raise RuntimeError("to\n" + NUMBER)
    except RuntimeError:
        structlog.get_logger("tests").exception("it broke")
        logging.getLogger("library").exception("it broke there")
    written = lines.getvalue()
    assert written.count("RuntimeError: to") == 2
    assert "5550123" not in written


def test_records_of_libraries_are_struck_out(lines: io.StringIO) -> None:
    logging.getLogger("library").warning("asked %s for %s", [f"To={NUMBER}"], KEY)
    assert "asked" in lines.getvalue()
    assert "5550123" not in lines.getvalue()
    assert "AIza" not in lines.getvalue()


def test_a_record_is_one_line_with_time_level_and_event_first(lines: io.StringIO) -> None:
    structlog.get_logger("tests").warning("a media stream was refused", leg="caller")
    (line,) = lines.getvalue().splitlines()
    assert list(json.loads(line)) == ["timestamp", "level", "event", "leg"]
    assert json.loads(line)["leg"] == "caller"


def test_an_exception_stays_on_its_line(lines: io.StringIO) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        structlog.get_logger("tests").exception("it broke")
    assert len(lines.getvalue().splitlines()) == 1


def test_a_record_carries_the_call_it_belongs_to(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(call="c1"):
        structlog.get_logger("tests").info("leg", leg="caller")
        logging.getLogger("library").warning("there")
    assert [json.loads(line)["call"] for line in lines.getvalue().splitlines()] == ["c1", "c1"]


@pytest.mark.parametrize("name", log.QUIET)
def test_libraries_that_log_addresses_and_payloads_are_heard_from_warnings_on(lines: io.StringIO, name: str) -> None:
    logging.getLogger(name).info("payload")
    logging.getLogger(name).warning("trouble")
    assert "payload" not in lines.getvalue()
    assert "trouble" in lines.getvalue()


def test_records_below_the_level_are_left_out(lines: io.StringIO) -> None:
    log.configure("warning", lines)
    structlog.get_logger("tests").info("fine")
    structlog.get_logger("tests").warning("not fine")
    assert lines.getvalue().count('"event"') == 1


def test_the_log_goes_to_standard_error(lines: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info")
    structlog.get_logger("tests").info("serving")
    printed = capsys.readouterr()
    assert "serving" in printed.err
    assert printed.out == ""
