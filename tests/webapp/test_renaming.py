"""Segments are renamed: the names are kept with the recipe, shown everywhere, and what cannot be is told."""

from dataclasses import replace
from urllib.parse import parse_qs

from dash import no_update

from pipeline.output import segments_table
from pipeline.report.document import report
from webapp import model_document, renaming
from webapp.finished import finished
from webapp.views import View


def settled(shop, **asked):
    results = finished(shop.view(**asked))
    return results, results.settled(shop.view(**asked))


def test_a_name_is_kept_with_the_recipe_and_recomputes_nothing(shop):
    results, view = settled(shop, k=3)
    entered = {**results.names(view), 0: "  Friends of the house "}
    search, problem = renaming.saved(results, view, entered, {}, "segments")
    assert problem == ""
    after = View.from_address(shop.data, search.split("recipe=")[1].split("&")[0], k=3)
    again = finished(after)
    assert again is not None
    names = again.names(again.settled(after))
    assert names == {**results.names(view), 0: "Friends of the house"}
    assert "Segment_KMeans" in segments_table(again.segmentation, 3)
    assert set(segments_table(again.segmentation, 3)["Segment_KMeans"]) == set(names.values())
    back, _ = renaming.saved(again, again.settled(after), None, None, "segments")
    assert "recipe=" not in back or finished(
        View.from_address(shop.data, back.split("recipe=")[1].split("&")[0])
    ).names(view) == results.names(view)


def test_a_rename_is_not_told_as_another_model(shop):
    results, view = settled(shop, k=3)
    search, _ = renaming.saved(results, view, {**results.names(view), 0: "Friends"}, {}, "segments")
    after = View.from_address(**query(search))
    again = finished(after)
    assert again is not None
    written = report(model_document.subject(again, again.settled(after)))
    assert "Friends" in written
    assert "recipe balanced" in written
    assert "recipe changed" not in written


def test_names_that_cannot_be_are_told_and_nothing_is_kept(shop):
    results, view = settled(shop, k=3)
    empty = f"{results.names(view)[1]}: a name has 1 to 40 characters"
    twice = "These names cannot be kept: two segments would be called"
    for wrong, told in (({0: "A", 1: " ", 2: "C"}, empty), ({0: "A", 1: "a", 2: "C"}, twice)):
        search, problem = renaming.saved(results, view, wrong, {}, "segments")
        assert search is no_update
        assert problem.startswith(told)


def test_what_to_do_is_kept_with_the_recipe_for_every_segment_of_the_kind(shop):
    results, view = settled(shop, k=3)
    kind = results.named(view)[0].kind
    search, problem = renaming.saved(results, view, results.names(view), {kind: " Write them a letter. "}, "segments")
    assert problem == ""
    after = View.from_address(shop.data, search.split("recipe=")[1].split("&")[0], method="hierarchical", k=4)
    again = finished(after)
    assert again is not None
    told = {named.kind: named.action for named in again.named(again.settled(after)).values()}
    assert set(told) & {kind} == {each for each in told if told[each] == "Write them a letter."}
    first = replace(after, method="kmeans", k=3)
    assert again.named(again.settled(first))[0].action == "Write them a letter."
    back, _ = renaming.saved(again, again.settled(first), None, None, "segments")
    assert finished(View.from_address(**query(back))).named(view) == results.named(view)


def test_an_empty_or_endless_action_is_told_and_not_kept(shop):
    results, view = settled(shop, k=3)
    kind = results.named(view)[0].kind
    for wrong in ("  ", "x" * 301):
        search, problem = renaming.saved(results, view, results.names(view), {kind: wrong}, "segments")
        assert search is no_update
        assert problem == f"This cannot be kept: what to do with {kind} has 1 to 300 characters."


def query(search):
    return {name: values[0] for name, values in parse_qs(search.removeprefix("?")).items()}


def test_there_is_a_field_for_the_name_of_every_segment_and_the_action_of_every_kind(shop):
    results, view = settled(shop, k=5)
    ids = [each.id for each in walk(renaming.fields(results, view)) if isinstance(getattr(each, "id", None), dict)]
    assert [id["number"] for id in ids if id["type"] == "rename-field"] == list(results.names(view))
    kinds = list(dict.fromkeys(named.kind for named in results.named(view).values()))
    assert [id["kind"] for id in ids if id["type"] == "rename-action"] == kinds


def walk(components):
    for component in components:
        yield component
        yield from component._traverse()
