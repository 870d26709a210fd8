from telephony.calls.agent import EVERYBODY
from telephony.calls.profile import HOUSE, Profile, Profiles, house_profile

HOUSE_LINE = house_profile(("en", "es"), "en", "+12025550100")
CLINIC = Profile("clinic", ("es",), "de", ("+12025550101", "+12025550102"), greetings={"es": "Hola."})


def test_a_call_gets_the_line_of_the_number_that_was_dialled() -> None:
    profiles = Profiles(HOUSE_LINE, [CLINIC])
    assert profiles.for_number("+12025550102") is CLINIC
    assert profiles.for_number("+12025550100") is HOUSE_LINE
    assert profiles.for_number("") is HOUSE_LINE


def test_a_line_of_the_houses_own_number_takes_its_place() -> None:
    mine = Profile("mine", ("fr",), "en", ("+12025550100",))
    assert Profiles(HOUSE_LINE, [mine]).for_number("+12025550100") is mine


def test_a_line_is_found_again_by_name_and_the_house_answers_for_one_that_is_gone() -> None:
    profiles = Profiles(HOUSE_LINE, [CLINIC])
    assert profiles.named("clinic") is CLINIC
    assert profiles.named(HOUSE) is HOUSE_LINE
    profiles.replace([])
    assert profiles.named("clinic") is HOUSE_LINE
    assert profiles.for_number("+12025550102") is HOUSE_LINE


def test_every_number_of_ours_is_known() -> None:
    profiles = Profiles(HOUSE_LINE, [CLINIC])
    assert profiles.numbers == {"+12025550100", "+12025550101", "+12025550102"}
    assert profiles.all == (HOUSE_LINE, CLINIC)


def test_the_house_line_is_as_the_settings_say() -> None:
    assert HOUSE_LINE.asks
    assert HOUSE_LINE.first_language == "en"
    assert HOUSE_LINE.circle == EVERYBODY
    assert not HOUSE_LINE.recording
    assert HOUSE_LINE.human_interpreter is None


def test_who_has_no_choice_is_not_asked() -> None:
    assert not CLINIC.asks
    assert not house_profile((), "en", auto=True).asks
    assert house_profile(("en",), "en", auto=True).asks


def test_a_line_that_only_listens_greets_in_the_agents_language() -> None:
    assert house_profile((), "de", auto=True).first_language == "de"
    assert CLINIC.first_language == "es"


def test_a_greeting_is_the_lines_own_where_it_has_one() -> None:
    assert CLINIC.greeting("es") == "Hola."
    assert CLINIC.greeting("en") is None


def test_numbers_do_not_show() -> None:
    assert "555" not in repr(Profile("x", ("en",), "en", ("+12025550101",), human_interpreter="+12025550144"))
