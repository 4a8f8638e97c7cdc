"""Every declared setting of every step is a control on the page, and what is entered there is a recipe again."""

import dash_bootstrap_components as dbc
import pytest

from pipeline.parameters import parameters
from pipeline.recipe import BALANCED, CLASSIC, RECIPES, SECTIONS
from webapp import controls

SETTINGS = [parameter for step in SECTIONS.values() for parameter in controls.visible(step)]


def find(component, kind):
    return [each for each in component._traverse() if isinstance(each, kind)]


def values(recipe):
    written = recipe.to_json()
    return {parameter.key: written[parameter.step][parameter.name] for parameter in SETTINGS}


@pytest.mark.parametrize("parameter", SETTINGS, ids=lambda parameter: parameter.key)
def test_every_setting_is_a_labelled_control_with_help(parameter):
    drawn = controls.control(parameter, parameter.default)
    id = controls.setting_id(parameter.key)
    (field,) = [each for each in drawn._traverse() if getattr(each, "id", None) == id]
    assert field.value == parameter.default
    labels = find(drawn, dbc.Label)
    if parameter.kind == "toggle":
        assert field.label == parameter.label
    else:
        assert (labels[0].children, labels[0].html_for) == (parameter.label, controls.element_id(id))
    assert parameter.help in str(drawn)
    if parameter.kind in ("integer", "number"):
        assert (field.min, field.max) == (parameter.low, parameter.high)
    if parameter.kind == "choice":
        assert [option["value"] for option in field.options] == list(parameter.options)


def test_the_page_shows_each_setting_that_needs_a_run_once_and_no_other():
    shown = [
        each.id["key"]
        for each in controls.settings(BALANCED)._traverse()
        if isinstance(getattr(each, "id", None), dict) and each.id["type"] == "setting"
    ]
    assert shown == [parameter.key for parameter in SETTINGS]
    looked_up = [each.key for step in SECTIONS.values() for each in parameters(step) if each.looked_up]
    assert looked_up
    assert not set(looked_up) & set(shown)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_what_the_controls_hold_is_the_recipe_again(recipe):
    entered = controls.entered(BALANCED, values(recipe))
    assert entered.problems == {}
    assert entered.recipe == recipe


@pytest.mark.parametrize(
    "parameter", [each for each in SETTINGS if each.kind != "text"], ids=lambda parameter: parameter.key
)
def test_a_value_that_is_not_allowed_is_told_at_its_setting(parameter):
    wrong = {"integer": None, "number": None, "choice": "nonsense", "toggle": "perhaps"}[parameter.kind]
    entered = controls.entered(BALANCED, values(BALANCED) | {parameter.key: wrong})
    assert entered.recipe is None
    assert list(entered.problems) == [parameter.key]
    assert parameter.label in entered.problems[parameter.key]


def test_settings_that_do_not_go_together_are_told_at_their_step():
    entered = controls.entered(BALANCED, values(BALANCED) | {"clusters.k_low": 8, "clusters.k_high": 3})
    assert entered.recipe is None
    assert list(entered.problems) == ["clusters"]


def test_a_changed_recipe_is_told_from_the_delivered_ones():
    changed = BALANCED.with_settings({"clusters": {"seed": 5}})
    assert controls.differences(BALANCED, changed) == ["clusters.seed"]
    assert controls.delivered_name(changed) == "changed"
    assert controls.delivered_name(CLASSIC) == "classic"
    assert controls.delivered_name(BALANCED.with_settings({"clusters": {"n_clusters": 7}})) == "balanced"
    (choice,) = find(controls.recipe_choice(changed, "x"), dbc.RadioItems)
    assert [option["value"] for option in choice.options] == ["balanced", "classic", "changed"]
    assert choice.value == "changed"


def test_every_delivered_recipe_has_a_name_and_a_word_of_help():
    assert set(controls.RECIPE_TITLES) == set(controls.RECIPE_HELP) == set(RECIPES)
