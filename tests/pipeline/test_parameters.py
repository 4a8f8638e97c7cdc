"""A setting is declared once and everything about it follows from that declaration."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError, SettingError
from pipeline.parameters import Step, choice, integer, number, parameters, text, toggle


def _needs_equals(value: str) -> None:
    if "=" not in value:
        raise ValueError("a line without =")


@dataclass(frozen=True)
class Brewing(Step):
    NAME = "brewing"

    minutes: int = integer(4, low=1, high=9, label="Minutes", help="How long.", unit="min", flag="--minutes")
    strength: float = number(0.5, low=0, high=1, label="Strength", help="How strong.")
    leaf: str = choice("green", options={"green": "Green tea", "black": "Black tea"}, label="Leaf", help="Which.")
    warm_pot: bool = toggle(True, label="Warm the pot", help="First.")
    blend: str = text("a = b", label="Blend", help="What.", check=_needs_equals)


def test_defaults_are_used_when_nothing_is_said():
    assert Brewing().to_json() == {
        "minutes": 4,
        "strength": 0.5,
        "leaf": "green",
        "warm_pot": True,
        "blend": "a = b",
    }


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("minutes", 10, "a whole number from 1 to 9"),
        ("minutes", 2.5, "a whole number from 1 to 9"),
        ("minutes", True, "a whole number from 1 to 9"),
        ("minutes", None, "a whole number from 1 to 9"),
        ("strength", float("nan"), "a number from 0 to 1"),
        ("strength", "much", "a number from 0 to 1"),
        ("leaf", "red", "one of green, black"),
        ("warm_pot", 1, "true or false"),
        ("blend", 3, "text"),
        ("blend", "a", "a line without ="),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_what_is(name, value, allowed):
    with pytest.raises(SettingError, match=allowed) as refusal:
        Brewing(**{name: value})
    assert f"brewing.{name}" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_large_bounds_are_told_in_full():
    @dataclass(frozen=True)
    class Lottery(Step):
        NAME = "lottery"
        ticket: int = integer(1, low=0, high=2**31 - 1, label="Ticket", help="Which.")

    with pytest.raises(SettingError, match="a whole number from 0 to 2,147,483,647, not -1"):
        Lottery(ticket=-1)


def test_an_unknown_setting_is_refused_with_the_known_ones():
    with pytest.raises(SettingError, match="minutes, strength, leaf, warm_pot, blend"):
        Brewing.from_json({"sugar": 1})
    with pytest.raises(SettingError, match="must be an object"):
        Brewing.from_json([1])


@given(minutes=st.integers(1, 9), strength=st.floats(0, 1), warm_pot=st.booleans())
def test_settings_survive_json(minutes, strength, warm_pot):
    brewing = Brewing(minutes=minutes, strength=strength, warm_pot=warm_pot)
    assert Brewing.from_json(brewing.to_json()) == brewing


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [("minutes", "7", 7), ("strength", "1", 1.0), ("leaf", "black", "black"), ("warm_pot", "No", False)],
)
def test_what_a_person_types_becomes_a_value(name, typed, value):
    parameter = next(each for each in parameters(Brewing) if each.name == name)
    assert parameter.parse(typed) == value
    assert type(parameter.parse(typed)) is type(value)


def test_what_a_person_mistypes_is_refused():
    minutes = parameters(Brewing)[0]
    with pytest.raises(SettingError, match="not 'soon'"):
        minutes.parse("soon")


def test_every_setting_has_a_flag_of_its_own():
    assert [parameter.flag for parameter in parameters(Brewing)] == [
        "--minutes",
        "--brewing-strength",
        "--brewing-leaf",
        "--brewing-warm-pot",
        "--brewing-blend",
    ]


def test_a_field_declared_by_other_means_is_an_error():
    @dataclass(frozen=True)
    class Sloppy(Step):
        NAME = "sloppy"
        spoons: int = 2

    with pytest.raises(PipelineError, match="spoons"):
        Sloppy()


def test_a_changed_setting_makes_a_new_step():
    assert Brewing().with_settings(minutes=2).minutes == 2
    with pytest.raises(SettingError):
        Brewing().with_settings(minutes=99)
