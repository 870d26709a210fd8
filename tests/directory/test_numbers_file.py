from dataclasses import replace
from pathlib import Path

import pytest

from telephony.calls.agent import Circle
from telephony.calls.profile import Profile
from tests.directory.files import AGENT, BASIS, directory, faults

AGENTS = AGENT + 'groups = ["front-desk"]\n'

WHOLE = """\
[[number]]
name = "clinic"
numbers = ["+12025550101", "+12025550102"]
languages = ["en", "es", "fr"]
agent_language = "de"
# here is nothing
groups = ["front-desk"]
agents = ["Anna"]
emergencies_notice = true
recording = true
human_interpreter = "+12025550144"
human_after_s = 20
original_voice = -18
max_call_s = 3600
queue_limit = 5
queue_s = 180
messages = false
[number.greeting]
en = "Welcome."
ES = "Bienvenido."
"""


def test_a_line_is_read_whole(tmp_path: Path) -> None:
    assert directory(tmp_path, AGENTS, WHOLE).profiles == (
        Profile(
            name="clinic",
            numbers=("+12025550101", "+12025550102"),
            languages=("en", "es", "fr"),
            agent_language="de",
            greetings={"en": "Welcome.", "es": "Bienvenido."},
            circle=Circle(frozenset({"front-desk"}), frozenset({"Anna"})),
            emergencies_notice=True,
            recording=True,
            human_interpreter="+12025550144",
            human_after_s=20.0,
            original_voice=-18.0,
            max_call_s=3600.0,
            queue_limit=5,
            queue_s=180.0,
            messages=False,
        ),
    )


def test_name_and_numbers_are_enough_the_rest_is_the_houses(tmp_path: Path) -> None:
    text = '[[number]]\nname = "shop"\nnumbers = ["+12025550101"]\n'
    assert directory(tmp_path, None, text).profiles == (Profile("shop", ("en", "es"), "en", ("+12025550101",)),)


@pytest.mark.parametrize(
    ("written", "languages", "auto"),
    [
        ('["en", "auto"]', ("en",), True),
        ('["AUTO"]', (), True),
        ('["fr"]', ("fr",), False),
    ],
)
def test_any_language_may_be_on_offer(tmp_path: Path, written: str, languages: tuple[str, ...], auto: bool) -> None:
    text = f'[[number]]\nname = "shop"\nnumbers = ["+12025550101"]\nlanguages = {written}\n'
    text += 'greeting = { it = "Benvenuti." }\n' if auto else ""
    (profile,) = directory(tmp_path, None, text).profiles
    assert (profile.languages, profile.auto) == (languages, auto)


def test_where_the_house_offers_any_language_so_does_a_line_that_names_none(tmp_path: Path) -> None:
    text = '[[number]]\nname = "shop"\nnumbers = ["+12025550101"]\n'
    (profile,) = directory(tmp_path, None, text, replace(BASIS, languages=("en", "auto"))).profiles
    assert (profile.languages, profile.auto) == (("en",), True)


def test_the_original_voice_can_be_off(tmp_path: Path) -> None:
    (profile,) = directory(tmp_path, AGENTS, WHOLE.replace("-18", '"off"')).profiles
    assert profile.original_voice == "off"


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('"clinic"', '"The Clinic"', '2: name "The Clinic" should be small letters, digits and hyphens'),
        ('"clinic"', '"house"', '2: name "house" is that of the line the settings make; choose another'),
        ('name = "clinic"\n', "", '1: [[number]] has no name; add one, like name = "clinic"'),
        ('"+12025550102"', '"2025550102"', '3: numbers "##########" is no number with its country code; write it li'),
        ('"+12025550102"', '"+12025550101"', '3: numbers has "+###########" twice; take one out'),
        ('["+12025550101", "+12025550102"]', "[12025550101]", "3: numbers should be a text, in quotes"),
        (
            'numbers = ["+12025550101", "+12025550102"]\n',
            "",
            '1: [[number]] has no numbers; add one, like numbers = ["',
        ),
        ('"fr"', '"klingon"', '4: languages "klingon" is no language code; '),
        ('["en", "es", "fr"]', '["en","es","fr","de","it","nl","pl","tr","uk","vi"]', "4: languages are 10; one key"),
        ('"de"', '"german"', '5: agent_language "german" is no language code; nearest: de (German); '),
        ('"es"', '"auto"', '4: languages hold "auto" among others; write it as the last, or alone'),
        ('"fr"', '"auto", "auto"', '4: languages has "auto" twice; take one out'),
        ("# here is nothing", "auto = true", '6: "auto" is no key here; keys are '),
        ('["front-desk"]', '["front"]', '7: groups "front" is a group that no agent is in; nearest: front-desk'),
        ('["Anna"]', '["Ana"]', "8: agents hold a name that no agent has; write it as in agents.toml"),
        ("recording = true", "recording = 1", "10: recording should be true or false, without quotes"),
        ('"+12025550144"', '"+12025550102"', '11: human_interpreter "+###########" is a number of this line itself'),
        ("human_after_s = 20", "human_after_s = 1", "12: human_after_s should be a number of seconds from 5 to 600"),
        ('human_interpreter = "+12025550144"\n', "", "11: human_after_s needs somebody to dial; add human_interpreter"),
        ("-18", '"on"', '13: original_voice should be "off", or a number of dB from -40 to 0, without quotes'),
        ("-18", "6", '13: original_voice should be "off", or a number of dB from -40 to 0, without quotes'),
        ("3600", "20000", "14: max_call_s should be a number of seconds from 60 to 14400, without quotes"),
        ("queue_limit = 5", "queue_limit = -1", "15: queue_limit should be a whole number from 0 to 1000"),
        ("queue_s = 180", 'queue_s = "3 min"', "16: queue_s should be a number of seconds from 0 to 14400"),
        ("messages =", "message =", '17: "message" is no key here; nearest: messages'),
        ("en =", "german =", '19: greeting in "german", which is no language code; nearest: de (German); '),
        ("en =", "it =", "19: greeting in it is never said; the languages here are en, es, fr"),
        ('"Welcome."', '""', "19: greeting in en should be a text of 1 to 500 characters on one line"),
        ("[number.greeting]", "greeting = 1\n[number.other]", "18: greeting should be a table, like greeting = {"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_remedy(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    assert was in WHOLE
    lines = faults(tmp_path, AGENTS, WHOLE.replace(was, becomes, 1))
    assert lines[0].startswith(f"numbers.toml:{said}")
    assert len(lines) == (2 if "number.other" in becomes else 1)


def test_each_name_and_each_number_leads_to_one_line(tmp_path: Path) -> None:
    text = '[[number]]\nname = "shop"\nnumbers = ["+12025550101"]\n'
    assert faults(tmp_path, None, text * 2) == (
        "numbers.toml:5: name stands in line 2 already; each [[number]] has one of its own",
        "numbers.toml:6: numbers hold one that stands in line 3 already; each belongs to one [[number]]",
    )


def test_no_agent_is_rung_on_a_number_of_ours(tmp_path: Path) -> None:
    text = '[[number]]\nname = "shop"\nnumbers = ["+12025550121"]\n'
    (line,) = faults(tmp_path, AGENT, text)
    assert line.startswith('agents.toml:3: address "+###########" is a number of this line itself')


def test_a_line_may_take_the_place_of_the_houses_own(tmp_path: Path) -> None:
    text = f'[[number]]\nname = "mine"\nnumbers = ["{BASIS.number}"]\n'
    assert directory(tmp_path, None, text).profiles[0].numbers == (BASIS.number,)


def test_a_line_may_name_agents_of_the_settings(tmp_path: Path) -> None:
    text = '[[number]]\nname = "shop"\nnumbers = ["+12025550101"]\nagents = ["agent-2"]\n'
    assert directory(tmp_path, None, text).profiles[0].circle == Circle(names=frozenset({"agent-2"}))


def test_a_human_interpreter_is_in_an_allowed_country(tmp_path: Path) -> None:
    basis = replace(BASIS, countries=("DE",), addresses=("client:a",))
    text = '[[number]]\nname = "shop"\nnumbers = ["+12025550101"]\nhuman_interpreter = "+12025550144"\n'
    (line,) = faults(tmp_path, None, text, basis)
    assert line.startswith('numbers.toml:4: human_interpreter "+###########" is a number of a country that is not')
