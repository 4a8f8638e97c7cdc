"""Every registered step keeps the promises of a setting, and a recipe is those steps and nothing else."""

import json

import pytest

from pipeline.errors import SettingError
from pipeline.parameters import parameters
from pipeline.recipe import RECIPES, SECTIONS, Recipe, load_recipe
from pipeline.segmentation import stage_keys
from pipeline.stages import STAGES

SETTINGS = [(step, parameter) for step in SECTIONS.values() for parameter in parameters(step)]
each_setting = pytest.mark.parametrize(
    ("step", "parameter"), SETTINGS, ids=[parameter.key for _, parameter in SETTINGS]
)


def _another(parameter):
    """A value that is allowed and is not the default."""
    if parameter.kind == "toggle":
        return not parameter.default
    if parameter.kind == "choice":
        return next(option for option in parameter.options if option != parameter.default)
    if parameter.kind == "text":
        return parameter.default + "\n"
    if parameter.kind == "integer":
        return parameter.default + 1 if parameter.default < parameter.high else parameter.default - 1
    return (parameter.default + parameter.high) / 2 if parameter.default < parameter.high else parameter.low


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_has_its_steps_name_and_words_for_people(name):
    assert name == SECTIONS[name].NAME
    assert SECTIONS[name].TITLE
    assert SECTIONS[name].HELP.endswith(".")


@each_setting
def test_a_setting_has_words_for_people(step, parameter):
    assert parameter.label[0].isupper()
    assert parameter.help.endswith(".")
    assert "\n" not in parameter.help


@each_setting
def test_a_settings_default_is_allowed_and_something_else_is_not(step, parameter):
    assert parameter.check(parameter.default) == parameter.default
    with pytest.raises(SettingError, match=r"must be .+, not \[\]"):
        parameter.check([])


@each_setting
def test_what_a_setting_shows_is_what_it_parses(step, parameter):
    assert parameter.parse(str(parameter.default)) == parameter.default


@each_setting
def test_changing_a_setting_changes_the_recipes_id_and_the_keys_of_what_depends_on_it(step, parameter):
    balanced = RECIPES["balanced"]
    changed = balanced.with_settings({step.NAME: {parameter.name: _another(parameter)}})
    assert changed.digest() != balanced.digest()
    before, after = stage_keys("file", balanced), stage_keys("file", changed)
    assert (before == after) is parameter.looked_up
    assert set(before) == set(STAGES)


def test_every_flag_and_key_is_there_once():
    flags = [parameter.flag for _, parameter in SETTINGS]
    keys = [parameter.key for _, parameter in SETTINGS]
    assert len(set(flags)) == len(flags)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", RECIPES)
def test_a_delivered_recipe_survives_json(name):
    written = json.dumps(RECIPES[name].to_json())
    assert Recipe.from_json(json.loads(written)) == RECIPES[name]


def test_what_a_recipe_file_leaves_out_is_as_in_balanced(tmp_path):
    (tmp_path / "mine.json").write_text('{"name": "mine", "clusters": {"n_clusters": 6}}')
    mine = load_recipe(str(tmp_path / "mine.json"))
    assert mine.name == "mine"
    assert mine.digest() == RECIPES["balanced"].with_settings({"clusters": {"n_clusters": 6}}).digest()


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "must be an object"),
        ('{"name": 5}', r"The name of a recipe \(name\) must be text, not 5"),
        ("{}", "has sections such as reading"),
        ('{"name": "mine"}', "has sections such as reading"),
        ('{"name": null}', "must be text, not None"),
        ('{"cluster": {}}', "no section 'cluster'; its sections are: reading"),
        ('{"clusters": {"k": 3}}', "no setting 'k'; its settings are: "),
        ('{"clusters": {"n_clusters": 999}}', "must be a whole number from"),
    ],
)
def test_a_file_that_is_no_recipe_is_refused_in_one_sentence(tmp_path, written, reason):
    (tmp_path / "bad.json").write_text(written)
    with pytest.raises(SettingError, match=reason) as refusal:
        load_recipe(str(tmp_path / "bad.json"))
    assert "\n" not in str(refusal.value)


def test_an_unknown_recipe_is_refused_with_the_known_ones():
    with pytest.raises(SettingError, match="balanced or classic"):
        load_recipe("clasic")


def test_a_changed_recipe_does_not_keep_a_delivered_recipes_name():
    changed = RECIPES["classic"].with_settings({"clusters": {"seed": 7}})
    assert changed.named().name == "changed"
    assert changed.with_settings({"clusters": {"seed": 42}}).named().name == "classic"


@pytest.mark.parametrize(
    "looked_up",
    [
        {"names": {"given": '{"kmeans_4": {"0": "Friends"}}'}},
        {"playbook": {"given": '{"Champions": "Invite them."}'}},
        {"clusters": {"n_clusters": 6}},
    ],
)
def test_what_changes_no_number_leaves_a_recipe_its_name(looked_up):
    renamed = RECIPES["classic"].with_settings(looked_up).named()
    assert renamed.name == "classic"
    assert renamed.digest() != RECIPES["classic"].digest()
    assert Recipe("changed", renamed.steps).named().name == "classic"


def test_classic_and_balanced_differ_in_how_customers_are_prepared():
    balanced, classic = (stage_keys("file", RECIPES[name]) for name in ("balanced", "classic"))
    same = {stage for stage in STAGES if balanced[stage] == classic[stage]}
    assert same == {"reading", "cleaning", "check", "features", "history", "backtest", "value"}
