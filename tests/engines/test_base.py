import pytest

from telephony.engines.base import SessionRefused, Trouble


@pytest.mark.parametrize("trouble", Trouble)
def test_only_what_a_setting_can_change_is_fatal(trouble: Trouble) -> None:
    assert trouble.fatal is (trouble in {Trouble.KEY, Trouble.MODEL, Trouble.LANGUAGE, Trouble.SETUP})


def test_a_refusal_says_its_trouble_and_the_services_words_in_one_line() -> None:
    refused = SessionRefused(Trouble.KEY, "the upgrade was answered with HTTP 401")
    assert str(refused) == "key: the upgrade was answered with HTTP 401"
    assert (refused.trouble, refused.detail) == (Trouble.KEY, "the upgrade was answered with HTTP 401")
