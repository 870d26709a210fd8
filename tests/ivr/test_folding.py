import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ivr.folding import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Español, por favor!", "espanol por favor"),
        ("İngilizce", "ingilizce"),
        ("HIRVATÇA", "hirvatca"),
        ("tiếng Đức", "tieng duc"),
        ("polski łączy", "polski laczy"),
        ("o‘zbek", "o zbek"),
        ("по-русски", "по русски"),
        ("العربيّة", "العربيه"),
        ("ＥＮＧＬＩＳＨ", "english"),
        ("  \n¿?  ", ""),
    ],
)
def test_case_accents_and_punctuation_make_no_difference(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize("word", ["हिंदी", "ไทย", "ខ្មែរ", "മലയാളം", "日本語", "한국어"])
def test_what_is_no_accent_stays(word: str) -> None:
    assert len(fold(word)) >= len(word) - 1
    assert " " not in fold(word)


@given(st.text())
def test_folded_text_is_words_parted_by_single_spaces(text: str) -> None:
    assert fold(text) == " ".join(fold(text).split())
