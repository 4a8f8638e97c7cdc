"""What to do with each kind of segment can be changed, and only what makes sense is taken."""

import json

import pytest

from pipeline.errors import SettingError
from pipeline.features.rfm_scores import NAME_OF
from pipeline.profiles.playbook import ACTIONS, Playbook
from pipeline.recipe import BALANCED, SECTIONS, Recipe


def test_every_kind_of_segment_has_an_action():
    assert set(NAME_OF.values()) <= set(ACTIONS)
    assert Playbook().actions() == ACTIONS


def test_an_action_of_ones_own_stands_in_for_the_proposed_one_and_travels_with_the_recipe():
    own = Playbook().with_actions({"Champions": " Invite them. ", "Loyal": ACTIONS["Loyal"]})
    assert json.loads(own.given) == {"Champions": "Invite them."}
    recipe = BALANCED.with_settings({Playbook.NAME: own.to_json()})
    again = Recipe.from_json(json.loads(json.dumps(recipe.to_json())))
    assert again.step(Playbook).actions() == ACTIONS | {"Champions": "Invite them."}
    assert own.with_actions({"Champions": ACTIONS["Champions"]}).given == ""


def test_a_recipe_from_before_there_was_a_playbook_is_read():
    older = {name: section for name, section in BALANCED.to_json().items() if name != Playbook.NAME}
    assert Recipe.from_json(older).steps == BALANCED.steps
    assert list(SECTIONS)[-1] == Playbook.NAME


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[]", "it must look like"),
        ("no json", "it must look like"),
        ('{"Nobody": "x"}', "there are no segments of the kind 'Nobody'"),
        ('{"Champions": ""}', "what to do with Champions has 1 to 300 characters"),
        ('{"Champions": 7}', "what to do with Champions has 1 to 300 characters"),
    ],
)
def test_what_is_no_playbook_is_refused_in_a_sentence(written, told):
    with pytest.raises(SettingError, match=told):
        BALANCED.with_settings({Playbook.NAME: {"given": written}})
