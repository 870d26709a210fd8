import re

import pytest

from telephony.commands.languages import languages
from telephony.ivr.languages import ALL


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


def printed(capsys: pytest.CaptureFixture[str], search: str | None) -> str:
    languages(search)
    return capsys.readouterr().out


def test_every_language_is_listed_with_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, None)
    for language in ALL:
        assert re.search(
            rf"\b{re.escape(language.code)} .*{re.escape(language.name)} .*{re.escape(language.autonym)}", out
        )
    assert "79 of 79" in out


def test_the_list_tells_which_languages_have_announcements(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.search(r"ja .*Japanese .*yes", printed(capsys, "ja"))
    assert re.search(r"th .*Thai .*-", printed(capsys, "thai"))


@pytest.mark.parametrize(
    ("search", "code"), [("spanish", "es"), ("ESPAN", "es"), ("iw", "he"), ("farsi", "fa"), ("русский", "ru")]
)
def test_a_search_finds_codes_names_and_other_codes(capsys: pytest.CaptureFixture[str], search: str, code: str) -> None:
    out = printed(capsys, search)
    assert re.search(rf"\b{code}\b", out)
    assert "Zulu" not in out


def test_a_search_in_vain_shows_what_may_have_been_meant(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "jp")
    assert '"jp" is not one of the 79 language codes. Nearest: ja (Japanese)' in out
    assert "日本語" in out
    assert "is not one of" in printed(capsys, "[qqqq]")


def test_a_narrow_terminal_is_no_obstacle(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in ("20", "30"):
        monkeypatch.setenv("COLUMNS", columns)
        assert "zh-Hans" in printed(capsys, None)
