from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from telephony.api.values import FIRST, LAST, LanguageCode, Moment

language: TypeAdapter[str] = TypeAdapter(LanguageCode)
moment: TypeAdapter[datetime] = TypeAdapter(Moment)


@pytest.mark.parametrize(("given_code", "code"), [("de", "de"), ("DE", "de"), ("iw", "he"), ("zh-CN", "zh-Hans")])
def test_a_language_goes_by_any_of_its_codes(given_code: str, code: str) -> None:
    assert language.validate_python(given_code) == code


@given(st.text(max_size=60))
def test_what_is_no_language_is_not_repeated(text: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        language.validate_python(f"+1202{text}")
    assert "+1202" not in wrong.value.errors()[0]["msg"]


offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(), offsets)
def test_any_time_can_be_told_in_any_zone(time: datetime, zone: timezone) -> None:
    read = moment.validate_python(time.replace(tzinfo=zone).isoformat())
    assert FIRST <= read <= LAST
    assert read.astimezone(UTC) == read
