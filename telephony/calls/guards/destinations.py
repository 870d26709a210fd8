"""Where this house may dial: ordinary numbers of allowed countries, and addresses of its own configuration. PURE.

A destination never comes from a caller's data. What kind of number it is, and of which country, is Google's
libphonenumber metadata as the `phonenumbers` package carries it; the islands of +1 are countries of their own there.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType, shortnumberinfo

E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
"""A number with its country code (ITU-T E.164: at most 15 digits)."""

CLIENT: Final = re.compile(r"client:[A-Za-z0-9_.@-]{1,120}")
SIP: Final = re.compile(r"sips?:\S{3,250}")

ORDINARY: Final = {
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed or mobile",
    PhoneNumberType.TOLL_FREE: "toll-free",
    PhoneNumberType.VOIP: "voip",
}


class Refusal(StrEnum):
    NO_NUMBER = "no-number"
    """Not written as a number with its country code, nor as an address that is allowed here."""

    EMERGENCY = "emergency"
    SHORT = "short"
    UNKNOWN = "unknown"
    """No country has such numbers."""

    PREMIUM = "premium"
    SHARED_COST = "shared-cost"
    SPECIAL = "special"
    """Personal numbers, pagers, company-wide numbers, voicemail: where they lead, and what they cost, is open."""

    COUNTRY = "country"
    """A country that is not allowed, or of no country (satellites, international networks)."""

    OWN = "own"
    """One of our own numbers: the house would ring itself."""


REMEDIES: Final = {
    Refusal.NO_NUMBER: "is no number with its country code; write it like +12025550123",
    Refusal.EMERGENCY: "is an emergency number; those are never dialled",
    Refusal.SHORT: "is a short number; write a whole one with its country code, like +12025550123",
    Refusal.UNKNOWN: "is a number that no country has; look it up again",
    Refusal.PREMIUM: "is a premium-rate number; those are never dialled",
    Refusal.SHARED_COST: "is a shared-cost number; those are never dialled",
    Refusal.SPECIAL: "is a personal, paging, company-wide or voicemail number; write one of a fixed line or a mobile",
    Refusal.COUNTRY: "is a number of a country that is not allowed here; allow it or write another",
    Refusal.OWN: "is a number of this line itself; write another",
}


class Refused(Exception):
    """A destination that is not dialled. `str()` is the reason's word; the number stands nowhere in it."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(str(reason))
        self.reason = reason

    @property
    def remedy(self) -> str:
        """What is wrong and what to do, as the rest of a sentence that begins with the number."""
        return REMEDIES[self.reason]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that may be dialled. `country` is its ISO 3166 code, `kind` one of the words of ORDINARY."""

    e164: str = field(repr=False)
    country: str
    kind: str


def check_destination(given: str, countries: Collection[str] | None, own: Collection[str] = ()) -> Number:
    """The number `given`, if it may be dialled: by its writing, kind and country, and as none of `own`.

    `countries` are ISO 3166 codes (US, DE); None allows every country. Raises Refused.
    """
    if not E164.fullmatch(given):
        raise Refused(_not_a_number(given))
    number = _parsed(given)
    if given in own:
        raise Refused(Refusal.OWN)
    if _is_emergency(number):
        raise Refused(Refusal.EMERGENCY)
    kind = _kind_of(number)
    country = phonenumbers.region_code_for_number(number) or ""
    if not country.isalpha() or (countries is not None and country not in countries):
        raise Refused(Refusal.COUNTRY)
    return Number(given, country, kind)


def check_configured(given: str, countries: Collection[str] | None, own: Collection[str] = ()) -> str:
    """An address of the configuration: as `check_destination`, or a `client:` or `sip:` address. Raises Refused."""
    if CLIENT.fullmatch(given) or SIP.fullmatch(given):
        return given
    return check_destination(given, countries, own).e164


def _parsed(given: str) -> phonenumbers.PhoneNumber:
    """A number as the metadata have it, where nothing in it has to be left out for that (+49 0151 ...)."""
    try:
        number = phonenumbers.parse(given)
    except phonenumbers.NumberParseException:
        raise Refused(Refusal.UNKNOWN) from None
    if phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) != given:
        raise Refused(Refusal.UNKNOWN)
    return number


def _kind_of(number: phonenumbers.PhoneNumber) -> str:
    if not phonenumbers.is_valid_number(number):
        raise Refused(Refusal.UNKNOWN)
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.PREMIUM_RATE:
        raise Refused(Refusal.PREMIUM)
    if kind == PhoneNumberType.SHARED_COST:
        raise Refused(Refusal.SHARED_COST)
    if kind not in ORDINARY:
        raise Refused(Refusal.SPECIAL)
    return ORDINARY[kind]


def _not_a_number(given: str) -> Refusal:
    """What is written instead of a number with its country code."""
    digits = given.strip().lstrip("+")
    if not re.fullmatch("[0-9]{2,6}", digits):
        return Refusal.NO_NUMBER
    regions = phonenumbers.SUPPORTED_SHORT_REGIONS
    emergency = any(shortnumberinfo.is_emergency_number(digits, region) for region in regions)
    return Refusal.EMERGENCY if emergency else Refusal.SHORT


def _is_emergency(number: phonenumbers.PhoneNumber) -> bool:
    """Whether a country's emergency number was put behind its country code."""
    national = phonenumbers.national_significant_number(number)
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    return any(shortnumberinfo.is_emergency_number(national, region) for region in regions)
