"""Segments are renamed: the names are kept with the recipe, shown everywhere, and what cannot be is told."""

from dash import no_update

from webapp import renaming
from webapp.finished import finished
from webapp.views import View


def settled(shop, **asked):
    results = finished(shop.view(**asked))
    return results, results.settled(shop.view(**asked))


def test_a_name_is_kept_with_the_recipe_and_recomputes_nothing(shop):
    results, view = settled(shop, k=3)
    entered = {**results.names(view), 0: "  Friends of the house "}
    search, problem = renaming.saved(results, view, entered, "segments")
    assert problem == ""
    after = View.from_address(shop.data, search.split("recipe=")[1].split("&")[0], k=3)
    again = finished(after)
    assert again is not None
    names = again.names(again.settled(after))
    assert names == {**results.names(view), 0: "Friends of the house"}
    assert "Segment_KMeans" in again.segmentation.segments_table(3)
    assert set(again.segmentation.segments_table(3)["Segment_KMeans"]) == set(names.values())
    back, _ = renaming.saved(again, again.settled(after), None, "segments")
    assert "recipe=" not in back or finished(
        View.from_address(shop.data, back.split("recipe=")[1].split("&")[0])
    ).names(view) == results.names(view)


def test_names_that_cannot_be_are_told_and_nothing_is_kept(shop):
    results, view = settled(shop, k=3)
    empty = f"{results.names(view)[1]}: a name has 1 to 40 characters"
    twice = "These names cannot be kept: two segments would be called"
    for wrong, told in (({0: "A", 1: " ", 2: "C"}, empty), ({0: "A", 1: "a", 2: "C"}, twice)):
        search, problem = renaming.saved(results, view, wrong, "segments")
        assert search is no_update
        assert problem.startswith(told)


def test_there_is_a_field_for_every_segment(shop):
    results, view = settled(shop, k=5)
    assert len(renaming.fields(results, view)) == 5
