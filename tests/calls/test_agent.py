import pytest

from telephony.calls.agent import EVERYBODY, Agent, Circle, same_tongue

MIRA = Agent("Mira", "+12025550122", ("en", "es"), groups=frozenset({"front-desk"}), pin="480263")


@pytest.mark.parametrize(
    ("one", "other"), [("es", "es"), ("pt-BR", "pt-PT"), ("zh-Hans", "zh-Hant"), ("no", "nb"), ("nb", "no")]
)
def test_one_language_needs_no_interpreter_whatever_its_country_or_script(one: str, other: str) -> None:
    assert same_tongue(one, other)


@pytest.mark.parametrize(("one", "other"), [("es", "en"), ("id", "ms"), ("auto", "auto"), ("hr", "sr"), ("no", "da")])
def test_neighbours_need_one(one: str, other: str) -> None:
    assert not same_tongue(one, other)


def test_an_agent_speaks_to_a_caller_in_the_callers_language_where_possible() -> None:
    assert MIRA.speaks("es")
    assert MIRA.language_with("es") == "es"
    assert not MIRA.speaks("fr")
    assert MIRA.language_with("fr") == "en"


def test_a_caller_whose_language_is_not_known_yet_is_interpreted() -> None:
    assert not MIRA.speaks(None)
    assert not MIRA.speaks("auto")
    assert MIRA.language_with(None) == "en"


@pytest.mark.parametrize("pin", ["", "48026", "4802633", "480264", "４８０２６３", "\ud800"])
def test_only_the_whole_pin_is_the_pin(pin: str) -> None:
    assert MIRA.pin_is("480263")
    assert not MIRA.pin_is(pin)


def test_nothing_is_the_pin_of_an_agent_without_one() -> None:
    assert not Agent("Bo", "client:bo", ("en",)).pin_is("")


def test_neither_address_nor_pin_shows() -> None:
    assert "2025550122" not in repr(MIRA)
    assert "480263" not in repr(MIRA)


def test_a_circle_is_everybody_unless_it_names_groups_or_agents() -> None:
    assert EVERYBODY.admits(MIRA)
    assert Circle(groups=frozenset({"front-desk", "night"})).admits(MIRA)
    assert not Circle(groups=frozenset({"night"})).admits(MIRA)
    assert Circle(names=frozenset({"Mira"})).admits(MIRA)
    assert Circle(groups=frozenset({"night"}), names=frozenset({"Mira"})).admits(MIRA)
    assert not Circle(names=frozenset({"Bo"})).admits(MIRA)
