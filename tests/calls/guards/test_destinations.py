import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from telephony.calls.guards.destinations import (
    ORDINARY,
    REMEDIES,
    Number,
    Refusal,
    Refused,
    check_configured,
    check_destination,
)

HERE = ("US", "DE", "GB")


MISPLACED = ("+112025550122", "+4901637654321")
"""With the digit that is dialled within the country only."""


def refusal(given: str, countries: tuple[str, ...] | None = HERE, own: tuple[str, ...] = ()) -> Refusal:
    with pytest.raises(Refused) as refused:
        check_destination(given, countries, own)
    assert not set("0123456789") & set(str(refused.value))
    return refused.value.reason


def example(region: str, kind: int) -> str:
    """A number of this kind that libphonenumber itself gives as an example."""
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    ("given", "country", "kind"),
    [
        ("+12025550122", "US", "fixed or mobile"),
        ("+18005550123", "US", "toll-free"),
        (example("DE", PhoneNumberType.MOBILE), "DE", "mobile"),
        (example("GB", PhoneNumberType.FIXED_LINE), "GB", "fixed"),
    ],
)
def test_an_ordinary_number_of_an_allowed_country_may_be_dialled(given: str, country: str, kind: str) -> None:
    assert check_destination(given, HERE) == Number(given, country, kind)
    assert given[2:] not in repr(check_destination(given, HERE))


@pytest.mark.parametrize(
    ("region", "kind", "reason"),
    [
        ("US", PhoneNumberType.PREMIUM_RATE, Refusal.PREMIUM),
        ("GB", PhoneNumberType.PREMIUM_RATE, Refusal.PREMIUM),
        ("DE", PhoneNumberType.SHARED_COST, Refusal.SHARED_COST),
        ("GB", PhoneNumberType.PERSONAL_NUMBER, Refusal.SPECIAL),
        ("US", PhoneNumberType.PERSONAL_NUMBER, Refusal.SPECIAL),
        ("DE", PhoneNumberType.PAGER, Refusal.SPECIAL),
        ("GB", PhoneNumberType.UAN, Refusal.SPECIAL),
        ("DE", PhoneNumberType.VOICEMAIL, Refusal.SPECIAL),
    ],
)
def test_numbers_that_cost_more_or_lead_anywhere_are_refused(region: str, kind: int, reason: Refusal) -> None:
    assert refusal(example(region, kind)) is reason


@pytest.mark.parametrize("given", ["+19005550123", "+979123456789"])
def test_premium_numbers_are_refused_where_every_country_is_allowed_too(given: str) -> None:
    assert refusal(given, None) is Refusal.PREMIUM


@pytest.mark.parametrize("given", ["112", "911", "999", "110", "+112", "+911", "000", "119"])
def test_emergency_numbers_are_never_dialled(given: str) -> None:
    assert refusal(given, None) is Refusal.EMERGENCY


@pytest.mark.parametrize("given", ["116117", "12345", "+1911", "+49110", "411", "+12"])
def test_short_numbers_are_never_dialled(given: str) -> None:
    assert refusal(given, None) is Refusal.SHORT


@pytest.mark.parametrize(
    "given", ["+447700900123", "+17005550123", "+49112112112", "+9991234567", "+1202555012", *MISPLACED]
)
def test_numbers_that_no_country_has_are_refused(given: str) -> None:
    assert refusal(given, None) is Refusal.UNKNOWN


@pytest.mark.parametrize(
    "given",
    [
        example("FR", PhoneNumberType.MOBILE),
        example("AI", PhoneNumberType.MOBILE),
        example("CU", PhoneNumberType.MOBILE),
        "+870773111632",
        "+883510012345",
        "+80012345678",
    ],
)
def test_countries_that_are_not_allowed_are_refused_though_they_share_a_code(given: str) -> None:
    assert refusal(given) is Refusal.COUNTRY


@pytest.mark.parametrize("given", ["+870773111632", "+883510012345"])
def test_satellites_and_international_networks_are_no_country(given: str) -> None:
    assert refusal(given, None) is Refusal.COUNTRY


def test_no_country_is_allowed_where_none_is_named() -> None:
    assert refusal("+12025550122", ()) is Refusal.COUNTRY


def test_a_house_never_rings_itself() -> None:
    assert refusal("+12025550100", own=("+12025550100",)) is Refusal.OWN


@pytest.mark.parametrize(
    "given",
    [
        "",
        "+",
        "12025550122",
        "+1 202 555 0122",
        "tel:+12025550122",
        "+12025550122\n",
        "+12025550122;ext=1",
        "+12025550122,9",
        "+1202555HELP",
        "+１２０２５５５０１２２",
        "0012025550122",
        "+02025550122",
        "+1202555012212345678",
        "client:agent_7",
        "sip:agent@pbx.example.com",
    ],
)
def test_what_is_not_written_as_a_number_with_its_country_code_is_refused(given: str) -> None:
    assert refusal(given, None) is Refusal.NO_NUMBER


@pytest.mark.parametrize("address", ["client:agent_7", "sip:agent@pbx.example.com", "sips:a@b.example;transport=tls"])
def test_addresses_come_from_the_configuration_only(address: str) -> None:
    assert check_configured(address, ()) == address
    assert refusal(address) is Refusal.NO_NUMBER


@pytest.mark.parametrize("address", ["client:", "client:a b", "sip:", "sip:a b@c", "client:a\n", "+19005550123", "911"])
def test_the_configuration_is_not_free_to_name_anything(address: str) -> None:
    with pytest.raises(Refused):
        check_configured(address, HERE)


def test_every_refusal_says_what_to_do() -> None:
    assert REMEDIES.keys() == set(Refusal)
    assert Refused(Refusal.PREMIUM).remedy.startswith("is a premium-rate number")


@given(st.one_of(st.text(), st.from_regex(r"\+?[0-9]{1,16}", fullmatch=True), st.from_regex(r"\+1[2-9][0-9]{9}")))
def test_whatever_is_given_is_either_refused_or_an_ordinary_number_of_an_allowed_country(given: str) -> None:
    try:
        number = check_destination(given, ("US",))
    except Refused:
        return
    assert (number.e164, number.country) == (given, "US")
    assert number.kind in ORDINARY.values()
