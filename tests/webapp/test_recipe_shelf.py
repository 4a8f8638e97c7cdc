"""Recipes are kept under a name, loaded, given away, taken in and deleted; the two delivered ones stay."""

import base64
import json
from urllib.parse import parse_qs

import pytest
from dash import no_update

from pipeline.errors import PipelineError, SettingError
from pipeline.recipe import RECIPES, Recipe
from webapp import kept_recipes, recipe_shelf, workspace

MINE = RECIPES["balanced"].with_settings({"clusters": {"seed": 7}})


@pytest.fixture
def here(shop):
    current = workspace.current()
    yield current
    for each in kept_recipes.kept(current):
        kept_recipes.forget(current, each.name)


def _contents(text):
    return "data:application/json;base64," + base64.b64encode(text.encode()).decode()


def _recipe_in(here, query):
    return here.recipe(parse_qs(query.removeprefix("?"))["recipe"][0])


def test_a_kept_recipe_is_listed_and_loaded_under_its_name(here, shop):
    view = shop.view(k=3)
    kept_recipes.keep(here, MINE, "  Friends   first ")
    kept_recipes.keep(here, RECIPES["classic"], "A textbook")
    assert [each.name for each in kept_recipes.kept(here)] == ["A textbook", "Friends first"]
    query, done = recipe_shelf.loaded(view, "Friends first")
    assert done == "Loaded “Friends first”: 1 setting differs from the recipe before (Seed)."
    assert parse_qs(query.removeprefix("?"))["k"] == ["3"]
    assert _recipe_in(here, query).digest() == MINE.digest()
    assert "Friends first" in str(recipe_shelf.shelf(view))
    with pytest.raises(SettingError, match="There is another recipe called Friends first; delete it first, or choose"):
        kept_recipes.keep(here, RECIPES["classic"], "friends first")
    kept_recipes.keep(here, MINE, "friends first")
    assert [each.name for each in kept_recipes.kept(here)] == ["A textbook", "friends first"]


def test_the_recipe_of_the_page_is_kept(here, shop):
    view = shop.view(k=3)
    assert recipe_shelf.kept_now(view, " As  it is", {}) == "Kept as “As it is”."
    assert [(each.name, each.id) for each in kept_recipes.kept(here)] == [("As it is", RECIPES["balanced"].digest())]
    names, shown = recipe_shelf._options(view)
    assert (names, shown) == ({"As it is": "As it is"}, "As it is")


@pytest.mark.parametrize("value", [7, None])
def test_settings_that_were_not_run_are_not_kept_and_that_is_told(here, shop, value):
    told = recipe_shelf.kept_now(shop.view(), "Mine", {"clusters.seed": value})
    assert told == "Kept as “Mine”, without the settings that you changed and have not run."
    assert kept_recipes.kept(here)[0].id == RECIPES["balanced"].digest()


def test_what_loading_changes_is_told_by_name(here, shop):
    other = MINE.with_settings({"names": {"given": '{"kmeans_4": {"0": "Friends"}}'}, "clusters": {"k_high": 6}})
    kept_recipes.keep(here, RECIPES["balanced"], "The same")
    kept_recipes.keep(here, other, "Other")
    kept_recipes.keep(here, RECIPES["classic"], "A textbook")
    assert recipe_shelf.loaded(shop.view(), "The same")[1].endswith(": no setting differs from the recipe before.")
    told = recipe_shelf.loaded(shop.view(), "Other")[1]
    assert told.startswith("Loaded “Other”: 3 settings differ from the recipe before (")
    assert "Names of segments" in told
    assert " and 1 more)." in recipe_shelf.loaded(shop.view(), "A textbook")[1]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Classic", "balanced"])
def test_a_name_that_cannot_be_is_refused_in_one_sentence(here, name):
    with pytest.raises(SettingError, match=r"^The (name of a )?recipe .+\.$"):
        kept_recipes.keep(here, MINE, name)
    assert kept_recipes.kept(here) == []


@pytest.mark.parametrize("name", ["classic", "balanced", "Balanced", "nobody's"])
def test_what_was_not_kept_cannot_be_deleted(here, name):
    with pytest.raises(SettingError, match=r"cannot be deleted|no recipe"):
        kept_recipes.forget(here, name)
    assert set(RECIPES) == {"balanced", "classic"}


def test_a_deleted_recipe_is_off_the_list_but_its_address_still_works(here):
    id = kept_recipes.keep(here, MINE, "Mine")
    kept_recipes.forget(here, "Mine")
    assert kept_recipes.kept(here) == []
    assert here.recipe(id).digest() == MINE.digest()


def test_a_recipe_that_is_given_away_can_be_taken_in_elsewhere(here, shop):
    written = kept_recipes.text(Recipe("Mine", MINE.steps))
    query, done = recipe_shelf.uploaded(shop.view(), _contents(written), "sent.json")
    assert done.startswith("Loaded sent.json and kept it as “Mine”: 1 setting differs")
    assert _recipe_in(here, query).digest() == MINE.digest()
    assert [each.name for each in kept_recipes.kept(here)] == ["Mine"]
    delivered, _ = recipe_shelf.uploaded(shop.view(), _contents(kept_recipes.text(RECIPES["classic"])), "classic.json")
    assert _recipe_in(here, delivered).digest() == RECIPES["classic"].digest()
    assert [each.name for each in kept_recipes.kept(here)] == ["classic (2)", "Mine"]
    another = kept_recipes.text(Recipe("mine", RECIPES["balanced"].steps))
    recipe_shelf.uploaded(shop.view(), _contents(another), "sent.json")
    assert [each.name for each in kept_recipes.kept(here)] == ["classic (2)", "Mine", "mine (2)"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{", "sent.json is not a recipe, because it is not JSON."),
        ("[" * 100_000, "sent.json is not a recipe, because it is not JSON."),
        ("[1]", "must be an object of sections"),
        ("{}", "sent.json is not a recipe of this program. A recipe has sections such as reading"),
        ('{"name": "Cake", "ingredients": ["flour"]}', "is not a recipe of this program. A recipe has no section 'ing"),
        ('{"name": 5}', "must be text, not 5"),
        ('{"clusters": {"seed": -1}}', "must be a whole number from"),
        ('{"nothing": {}}', "no section 'nothing'"),
    ],
)
def test_a_file_that_is_no_recipe_is_refused_in_one_sentence(here, shop, written, told):
    answer = recipe_shelf._answer(lambda: recipe_shelf.uploaded(shop.view(), _contents(written), "sent.json"))
    assert told in answer[-1]
    assert "\n" not in answer[-1]
    assert set(answer[:-1]) == {no_update}
    assert kept_recipes.kept(here) == []


def test_a_recipe_is_downloaded_as_json(here, shop):
    import flask

    id = kept_recipes.keep(here, MINE, "Mine & yours")
    app = flask.Flask("download")
    app.config[workspace.SETTING] = here
    recipe_shelf.serve(app)
    answer = app.test_client().get(f"{recipe_shelf.PATH}?recipe={id}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Mine---yours.json"'
    assert Recipe.from_json(json.loads(answer.data)).digest() == MINE.digest()
    assert app.test_client().get(f"{recipe_shelf.PATH}?recipe={'0' * 16}").status_code == 404


@pytest.mark.parametrize("name", ["", None])
def test_nothing_chosen_is_told(here, shop, name):
    with pytest.raises(PipelineError, match="No kept recipe is chosen"):
        recipe_shelf.loaded(shop.view(), name)
    with pytest.raises(PipelineError, match="No kept recipe is chosen"):
        kept_recipes.forget(here, name or "")
