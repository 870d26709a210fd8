from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telephony.calls.agent import Agent
from tests.directory.files import AGENT, BASIS, directory, faults

WHOLE = """\
[[agent]]
name = "Anna"
address = "+12025550121"
languages = ["en", "ES"]
priority = 3
groups = ["front-desk", "night"]
hours = ["Mo-Fr 08:00-18:00"]
zone = "Europe/Berlin"
pin = "480263"
wrap_up_s = 20
"""


def test_an_agent_is_read_whole(tmp_path: Path) -> None:
    (agent,) = directory(tmp_path, WHOLE).agents
    assert agent.hours is not None
    assert agent.hours.open_at(datetime(2025, 7, 7, 6, tzinfo=UTC))
    assert not agent.hours.open_at(datetime(2025, 7, 7, 5, 59, tzinfo=UTC))
    assert replace(agent, hours=None) == Agent(
        "Anna", "+12025550121", ("en", "es"), 3, frozenset({"front-desk", "night"}), None, "480263", 20.0
    )


def test_name_and_address_are_enough(tmp_path: Path) -> None:
    assert directory(tmp_path, AGENT).agents == (Agent("Anna", "+12025550121", ("en",)),)


def test_agents_keep_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        AGENT + '[[agent]]\nname = "Bo"\naddress = "client:bo"\n[[agent]]\nname = "Cy"\naddress = "sip:c@pbx.example"\n'
    )
    assert [agent.name for agent in directory(tmp_path, text).agents] == ["Anna", "Bo", "Cy"]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (
            '"+12025550121"',
            '"+1 202 555 0121"',
            '3: address "+# ### ### ####" is no number, client: or sip: address; write it like +12025550123',
        ),
        ('"+12025550121"', '"client:a b"', '3: address "client:a b" is no number, client: or sip: address; '),
        ('"+12025550121"', '"+19005550123"', '3: address "+###########" is a premium-rate number; those are never'),
        ('"+12025550121"', '"+447700900123"', '3: address "+############" is a number that no country has; look it'),
        ('"+12025550121"', '"911"', '3: address "###" is an emergency number; those are never dialled'),
        ('"+12025550121"', '"+12025550100"', '3: address "+###########" is a number of this line itself; write anoth'),
        ('"+12025550121"', "12025550121", "3: address should be a text, in quotes"),
        ("address =", "adress =", '3: "adress" is no key here; nearest: address'),
        ('"Anna"', '"+12025550121"', "2: name looks like a phone number, and names stand in records; write a name"),
        ('"Anna"', '"  "', "2: name should be a text of 1 to 60 characters on one line"),
        ('"Anna"', '"An\\nna"', "2: name should be a text of 1 to 60 characters on one line"),
        (
            '"ES"',
            '"spanish"',
            '4: languages "spanish" is no language code; nearest: es (Spanish); all codes: telephony',
        ),
        ('"ES"', '"en-US"', '4: languages has "en-US" twice; take one out'),
        ('["en", "ES"]', '"en"', '4: languages should be a list that is not empty, like languages = ["en", "es"]'),
        ('["en", "ES"]', "[]", '4: languages should be a list that is not empty, like languages = ["en", "es"]'),
        ('"ES"', "7", "4: languages should be a text, in quotes"),
        ("= 3", "= 0", "5: priority should be a whole number from 1 to 1000, without quotes"),
        ("= 3", "= true", "5: priority should be a whole number from 1 to 1000, without quotes"),
        ('"night"', '"Night Shift"', '6: groups "Night Shift" should be small letters, digits and hyphens, like'),
        ("18:00", "25:00", '7: hours "Mo-Fr 08:00-25:00" hold the time 25:00, which no clock shows; times are 00:00'),
        ("Berlin", "Berln", '8: zone "Europe/Berln" is no time zone of the IANA database; nearest: Europe/Berlin, '),
        ('zone = "Europe/Berlin"\n', "", "7: hours need the zone they are meant in; add one, like zone = "),
        ('hours = ["Mo-Fr 08:00-18:00"]\n', "", "7: zone means nothing without hours; add some, or take it out"),
        ('"480263"', '"12a4"', "9: pin should be 4 to 12 digits, better 6 or more"),
        ('"480263"', '"123"', "9: pin should be 4 to 12 digits, better 6 or more"),
        ('"480263"', '"1234"', "9: pin is one of the first to be guessed; write another"),
        ('"480263"', '"777777"', "9: pin is one of the first to be guessed; write another"),
        ('"480263"', "480263", "9: pin should be a text, in quotes"),
        ("= 20", "= -1", "10: wrap_up_s should be a number of seconds from 0 to 3600, without quotes"),
        ("= 20", "= nan", "10: wrap_up_s should be a number of seconds from 0 to 3600, without quotes"),
        ('name = "Anna"\n', "", '1: [[agent]] has no name; add one, like name = "Agent Seven"'),
        ("[[agent]]", "[agent]", "1: agent should be written [[agent]], once for each"),
        ("[[agent]]", "[[agents]]", '1: "agents" is nothing this file has; each entry begins with [[agent]]'),
        ("wrap_up_s", "colour", '10: "colour" is no key here; keys are name, address, languages, '),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_remedy(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    assert was in WHOLE
    lines = faults(tmp_path, WHOLE.replace(was, becomes))
    assert [line for line in lines if line.startswith(f"agents.toml:{said}")]
    assert len(lines) == (2 if becomes == "adress =" else 1)


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    lines = faults(tmp_path, WHOLE.replace("= 3", "= 0").replace("Berlin", "Berln").replace('"ES"', '"xq"'))
    assert [line.split()[0] for line in lines] == ["agents.toml:4:", "agents.toml:5:", "agents.toml:8:"]


@pytest.mark.parametrize(("key", "value"), [("name", '"Anna"'), ("address", '"+12025550121"'), ("pin", '"480263"')])
def test_no_two_agents_share_a_name_an_address_or_a_pin(tmp_path: Path, key: str, value: str) -> None:
    other = {"name": '"Bo"', "address": '"client:bo"', "pin": '"771934"', key: value}
    text = WHOLE + "[[agent]]\n" + "".join(f"{name} = {given}\n" for name, given in other.items())
    first, line = {"name": (2, 12), "address": (3, 13), "pin": (9, 14)}[key]
    told = f"agents.toml:{line}: {key} stands in line {first} already; each agent has one of its own"
    assert faults(tmp_path, text) == (told,)


def test_agents_on_one_line_are_told_apart_too(tmp_path: Path) -> None:
    text = 'agent = [{name = "Anna", address = "client:a"}, {name = "Anna", address = "client:b"}]'
    assert faults(tmp_path, text) == ("agents.toml:1: name stands in line 1 already; each agent has one of its own",)


def test_countries_that_are_not_allowed_are_refused(tmp_path: Path) -> None:
    (line,) = faults(tmp_path, AGENT, basis=replace(BASIS, countries=("DE",)))
    assert "is a number of a country that is not allowed here" in line


def test_a_file_without_agents_is_wrong(tmp_path: Path) -> None:
    (line,) = faults(tmp_path, "# nobody yet\n")
    assert line.startswith("agents.toml:1: has no agents; add one that begins with [[agent]], or take the file away")


def test_neither_digits_nor_pins_nor_names_are_repeated(tmp_path: Path) -> None:
    text = """
[[agent]]
name = "+12025550177"
"+12025550177" = 1
address = "12025550177"
pin = "4711a"
languages = ["+12025550177"]
groups = ["12025550177"]
[[agent]]
name = "Somebody"
address = "client:1 2025550177"
[[agent]]
name = "Somebody"
address = "client:b"
"""
    said = "\n".join(faults(tmp_path, text))
    assert said.count("agents.toml:") == 7
    assert not [secret for secret in ("2025550177", "4711", "Somebody") if secret in said]
