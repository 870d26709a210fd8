import json
from collections.abc import AsyncIterator

import pytest

from telephony.carriers.base import DialRefused
from telephony.carriers.twilio.account import TwilioAccount, Webhooks
from tests.carriers.twilio.rest import Rest, answering
from tests.carriers.twilio.wire import ACCOUNT, TOKEN

NUMBER = "+12025550100"
HERE = "https://interpreter.example.com"
OURS = Webhooks(f"{HERE}/twilio/voice", f"{HERE}/twilio/status")
RIGHT = {
    "voice_url": OURS.voice,
    "voice_method": "POST",
    "status_callback": OURS.status,
    "status_callback_method": "POST",
}


@pytest.fixture
async def rest() -> AsyncIterator[Rest]:
    async with answering() as server:
        yield server


@pytest.fixture
async def account(rest: Rest) -> AsyncIterator[TwilioAccount]:
    made = TwilioAccount(ACCOUNT, TOKEN, NUMBER, rest.url)
    yield made
    await made.close()


def owned(*numbers: dict[str, str | None]) -> tuple[int, str]:
    """The answer that lists the account's numbers."""
    resources = [{"sid": "PN0123456789abcdef0123456789abcdef", "account_sid": ACCOUNT, **number} for number in numbers]
    return 200, json.dumps({"incoming_phone_numbers": resources, "page": 0, "next_page_uri": None})


async def test_the_accounts_state_is_told_in_twilios_word(rest: Rest, account: TwilioAccount) -> None:
    rest.answers.append((200, json.dumps({"sid": ACCOUNT, "status": "suspended"})))
    assert await account.status() == "suspended"
    assert rest.asked[0].path == f"/2010-04-01/Accounts/{ACCOUNT}.json"


async def test_a_wrong_token_is_a_refusal(rest: Rest, account: TwilioAccount) -> None:
    rest.answer(401, "rest_unauthorized_20003.json")
    with pytest.raises(DialRefused, match="20003"):
        await account.status()


async def test_a_number_that_is_set_up_for_us_is_recognised(rest: Rest, account: TwilioAccount) -> None:
    rest.answers.append(owned({**RIGHT}))
    assert await account.webhooks() == account.wanted(HERE) == OURS
    assert "PhoneNumber=%2B12025550100" in rest.asked[0].path


async def test_a_number_of_somebody_else_has_no_webhooks(rest: Rest, account: TwilioAccount) -> None:
    rest.answers.append(owned())
    assert await account.webhooks() is None


@pytest.mark.parametrize(
    "different",
    [
        {"voice_url": "https://other.example/voice"},
        {"voice_url": None},
        {"voice_method": "GET"},
        {"status_callback": ""},
        {"status_callback_method": "GET"},
        {"voice_application_sid": "AP0123456789abcdef0123456789abcdef"},
        {"trunk_sid": "TK0123456789abcdef0123456789abcdef"},
    ],
    ids=lambda different: next(iter(different)),
)
async def test_a_number_that_sends_its_calls_elsewhere_is_told_apart(
    rest: Rest, account: TwilioAccount, different: dict[str, str | None]
) -> None:
    rest.answers.append(owned({**RIGHT, **different}))
    assert await account.webhooks() != OURS


async def test_pointing_the_number_at_us_sets_all_that_decides_where_its_calls_go(
    rest: Rest, account: TwilioAccount
) -> None:
    rest.answers.extend([owned({**RIGHT, "voice_url": ""}), (200, "{}")])
    await account.point_at(OURS)
    assert rest.asked[-1].method == "POST"
    assert rest.asked[-1].path.endswith("/IncomingPhoneNumbers/PN0123456789abcdef0123456789abcdef.json")
    assert rest.asked[-1].form == {
        "VoiceUrl": [OURS.voice],
        "VoiceMethod": ["POST"],
        "StatusCallback": [OURS.status],
        "StatusCallbackMethod": ["POST"],
    }


@pytest.mark.parametrize(
    ("setting", "parameter"), [("voice_application_sid", "VoiceApplicationSid"), ("trunk_sid", "TrunkSid")]
)
async def test_what_would_go_before_our_addresses_is_taken_away(
    rest: Rest, account: TwilioAccount, setting: str, parameter: str
) -> None:
    rest.answers.extend([owned({**RIGHT, setting: "AP0123456789abcdef0123456789abcdef"}), (200, "{}")])
    await account.point_at(OURS)
    assert rest.asked[-1].form[parameter] == [""]


ELSEWHERE = "https://fallback.example.com/twiml"


@pytest.fixture
async def careful(rest: Rest) -> AsyncIterator[TwilioAccount]:
    """An account that wants a fallback address."""
    made = TwilioAccount(ACCOUNT, TOKEN, NUMBER, rest.url, fallback_url=ELSEWHERE)
    yield made
    await made.close()


@pytest.mark.parametrize("fallback", [{}, {"voice_fallback_url": ELSEWHERE, "voice_fallback_method": "GET"}])
async def test_a_number_without_the_wanted_fallback_is_told_apart(
    rest: Rest, careful: TwilioAccount, fallback: dict[str, str | None]
) -> None:
    rest.answers.append(owned({**RIGHT, **fallback}))
    assert await careful.webhooks() != careful.wanted(HERE)


async def test_a_fallback_is_set_with_the_other_addresses(rest: Rest, careful: TwilioAccount) -> None:
    rest.answers.extend([owned({**RIGHT}), (200, "{}")])
    await careful.point_at(careful.wanted(HERE))
    form = rest.asked[-1].form
    assert (form["VoiceFallbackUrl"], form["VoiceFallbackMethod"]) == ([ELSEWHERE], ["POST"])
    rest.answers.append(owned({**RIGHT, "voice_fallback_url": ELSEWHERE, "voice_fallback_method": "POST"}))
    rest.answers.pop(0)
    assert await careful.webhooks() == careful.wanted(HERE)


async def test_a_fallback_that_somebody_else_has_set_is_left_alone(rest: Rest, account: TwilioAccount) -> None:
    rest.answers.extend([owned({**RIGHT, "voice_fallback_url": ELSEWHERE}), (200, "{}")])
    assert await account.webhooks() == account.wanted(HERE)
    rest.answers.insert(0, owned({**RIGHT, "voice_fallback_url": ELSEWHERE}))
    await account.point_at(account.wanted(HERE))
    assert "VoiceFallbackUrl" not in rest.asked[-1].form
