"""One data set on the Data page: asked before it is read, read straight on where that was confirmed before."""

import csv
import io

import pytest

from pipeline.errors import NotEnoughDataError, PipelineError
from tests.webapp.tab import Tab
from webapp import dataset_view, ids, left_out, mapping, proposals, runs, workspace
from webapp.server import create_app
from webapp.settings import Server

HEAD = "Ref,Day,Buyer,Pieces,Price\n"
VIEW, STATUS, RESULT = f"{dataset_view.VIEW}.children", f"{ids.RUN_STATUS}.data", f"{ids.RUN_RESULT}.data"


def lines(day="2011-03-{:02d}", first=13, rows=60):
    """A small file of sales; with `day="04/{:02d}/2011"` and `first=1` its dates can be read in two ways."""
    row = "{0},{1},B{2},{3},2.5\n"
    return HEAD + "".join(row.format(n, day.format(first + n % 12), n % 15, 1 + n % 4) for n in range(rows))


@pytest.fixture
def app(tmp_path):
    made = create_app(Server(data_dir=str(tmp_path / "data")))
    with made.server.app_context():
        yield made


@pytest.fixture
def here(app):
    return app.server.config[workspace.SETTING]


def brought(here, contents, name="sales.csv"):
    path = here.incoming / name
    path.write_text(contents, encoding="utf-8")
    return here.adopt(path, name)


def look(here, dataset, recipe=None):
    proposals.make(here, dataset.id, recipe, lambda share, sentence: None)
    return proposals.find(here, dataset.id, recipe)


def page(dataset, recipe=None, confirm=False):
    return dataset_view.page(dataset.id, recipe, confirm)


def needed(page):
    return page[ids.NEEDS].data


def read(dataset, recipe=None):
    asked = {"data": dataset.id, "recipe": recipe, "until": runs.DATA_PAGE, "nonce": "n"}
    return runs.run_stages(lambda progress: None, asked)


@pytest.fixture
def at_work(here, monkeypatch):
    monkeypatch.setenv(workspace.VARIABLE, str(here.directory))


def test_a_new_file_is_looked_at_first_and_nothing_is_read(here):
    dataset = brought(here, lines())
    assert needed(page(dataset)) == {"data": dataset.id, "recipe": None, "until": proposals.STAGE}
    look(here, dataset)
    asked = page(dataset)
    assert asked[{"type": mapping.SELECT, "column": "CustomerID"}].value == "2"
    assert asked[mapping.READ].disabled
    assert proposals.STAGE not in str(asked)


def test_a_file_with_headings_that_were_confirmed_is_read_straight_on_and_says_so(here, at_work):
    first, second = brought(here, lines(), "march.csv"), brought(here, lines(rows=72), "april.csv")
    proposed = look(here, first)
    reading = mapping.settled(here.recipe(None).step(mapping.Reading), proposed, dict(proposed["positions"]), {})
    proposals.confirm(first, proposed["headings_key"], reading)
    look(here, second)
    assert mapping.READ in str(page(second))
    read(first)
    page(first)
    wanted = needed(page(second))
    assert wanted["until"] == runs.DATA_PAGE
    read(second, wanted["recipe"])
    shown = str(page(second))
    assert "Read as last time" in shown
    assert "march.csv" in shown
    assert f"data={second.id}" in shown
    assert "Read as last time" not in str(page(first, confirm=True))


def test_a_file_that_could_not_be_read_is_no_example_for_others_nor_for_the_one_that_was(here, at_work):
    good, next_one = brought(here, lines(), "march.csv"), lines(rows=72)
    bare = brought(here, HEAD + "1,2011-03-13,,1,2.5\n" * 3, "nobody.csv")
    for dataset in (good, bare):
        proposed = look(here, dataset)
        proposals.confirm(dataset, proposed["headings_key"], mapping.Reading())
        if dataset is good:
            read(dataset)
            page(dataset)
    with pytest.raises(PipelineError):
        read(bare)
    assert needed(page(bare))["until"] == runs.DATA_PAGE
    assert "Read as last time" not in str(page(good))
    after = brought(here, next_one, "april.csv")
    assert proposals.confirmed(here, after, look(here, after)).name == "march.csv"


def test_looking_at_an_older_file_again_does_not_make_it_the_example(here, at_work):
    for name, rows in (("march.csv", 60), ("april.csv", 72)):
        dataset = brought(here, lines(rows=rows), name)
        proposals.confirm(dataset, look(here, dataset)["headings_key"], mapping.Reading())
        read(dataset)
        page(dataset)
    march = next(each for each in here.datasets() if each.name == "march.csv")
    page(march)
    after = brought(here, lines(rows=84), "may.csv")
    assert proposals.confirmed(here, after, look(here, after)).name == "april.csv"


def test_the_order_of_dates_is_taken_over_only_where_the_next_file_does_not_tell_it(here):
    ambiguous, plain = (
        brought(here, lines("04/{:02d}/2011", 1), "a.csv"),
        brought(here, lines("04/{:02d}/2011"), "b.csv"),
    )
    again = brought(here, lines("05/{:02d}/2011", 1), "c.csv")
    proposed = look(here, ambiguous)
    (question,) = proposed["questions"]
    assert question["setting"] == "reading.date_order"
    proposals.confirm(ambiguous, proposed["headings_key"], mapping.Reading(date_order="day"))
    proposals.remember(here, ambiguous, mapping.Reading(date_order="day"))
    assert proposals.confirmed(here, plain, look(here, plain)).reading.date_order == "auto"
    assert proposals.confirmed(here, again, look(here, again)).reading.date_order == "day"


def test_an_unanswered_question_is_asked_of_the_next_file_too(here):
    one, other = brought(here, lines(), "a.csv"), brought(here, lines("04/{:02d}/2011", 1), "b.csv")
    proposed = look(here, one)
    proposals.confirm(one, proposed["headings_key"], mapping.Reading())
    proposals.remember(here, one, mapping.Reading())
    assert proposals.confirmed(here, other, look(here, other)) is None
    assert page(other)[{"type": mapping.ANSWER, "setting": "reading.date_order"}].value is None


def test_an_address_with_a_recipe_is_read_as_it_says(here):
    dataset = brought(here, lines())
    recipe = here.keep_recipe(here.recipe(None).with_settings({"clusters": {"seed": 7}}))
    assert needed(page(dataset, recipe)) == {"data": dataset.id, "recipe": recipe, "until": runs.DATA_PAGE}


def test_how_a_file_is_read_can_be_changed_later_without_losing_the_rest_of_the_recipe(here, at_work):
    dataset = brought(here, lines())
    recipe = here.keep_recipe(here.recipe(None).with_settings({"clusters": {"seed": 7}}))
    read(dataset, recipe)
    assert f"recipe={recipe}&confirm=yes" in str(page(dataset, recipe))
    assert needed(page(dataset, recipe, confirm=True))["until"] == proposals.STAGE
    look(here, dataset, recipe)
    assert page(dataset, recipe, confirm=True)[mapping.READ].disabled
    changed = dataset_view._with_reading(recipe, mapping.Reading(date_order="day"))
    assert here.recipe(changed).to_json()["clusters"]["seed"] == 7


def test_reading_that_fails_leads_back_to_the_form_with_the_reason(app, here):
    dataset = brought(here, lines("04/{:02d}/2011", 1))
    look(here, dataset)
    status = {"state": "failed", "data": dataset.id, "recipe": None, "until": runs.DATA_PAGE, "nonce": "n"}
    status |= {"sentence": "The dates can be read in two ways.", "reference": None, "sample": False}
    shown = {"data": dataset.id, "recipe": None, "confirm": None, "waits": runs.DATA_PAGE}
    answer = Tab(app).post(VIEW, [(STATUS, status)], [(f"{ids.SHOWN_DATA}.data", shown)])
    drawn = str(answer.get_json()["response"][dataset_view.VIEW]["children"])
    assert "The dates can be read in two ways." in drawn
    assert mapping.READ in drawn
    assert mapping.ANSWER in drawn


def test_lines_that_could_not_be_read_are_counted_and_given_out_with_their_reasons(app, here, at_work):
    dataset = brought(here, lines() + "99,2011-03-14,B1,2,2.5,and,far,too,many,cells\n")
    read(dataset)
    shown = str(page(dataset))
    assert "Lines that could not be read" in shown
    answer = app.server.test_client().get(left_out.address("unreadable", dataset.id, None))
    (line,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (line["File"], line["Line"]) == ("sales.csv", "62")
    assert "far,too,many" in line["Text"]
    assert line["Reason"]


def test_what_the_file_says_of_its_money_is_how_the_page_writes_it(here, at_work):
    dataset = brought(here, lines().replace("Price", "Price (EUR)"))
    read(dataset)
    assert "€" in str(page(dataset))
    assert "£" not in str(page(dataset))


def test_a_file_of_customers_is_refused_with_the_reason_and_the_way_to_say_otherwise(here):
    head = "Customer ID,Total spent,Orders,Last order\n"
    dataset = brought(here, head + "".join(f"C{n},{n * 10}.5,{n},2011-03-{1 + n % 28:02d}\n" for n in range(40)))
    look(here, dataset)
    shown = page(dataset)
    assert "one row per customer" in str(shown)
    assert "Choose another file" in str(shown)
    assert shown[mapping.READ].disabled


@pytest.mark.parametrize("buyers", [9, 10])
def test_the_way_on_is_closed_just_where_the_run_is_refused_and_says_the_same(here, at_work, buyers):
    rows = [f"{n},2011-03-{13 + n // 10},B{n % 10 if n % 10 < buyers else n},1,2.5\n" for n in range(40)]
    dataset = brought(here, HEAD + "".join(rows))
    read(dataset)
    ways = [each for each in page(dataset)._traverse() if "Build segments" in str(getattr(each, "children", ""))]
    closed = [each for each in ways if getattr(each, "disabled", False)]
    linked = f"/model?data={dataset.id}" in str(page(dataset))
    assert (len(closed), linked) == ((1, False) if buyers < 10 else (0, True))
    if not closed:
        return
    with pytest.raises(NotEnoughDataError) as refused:
        runs.run_stages(lambda progress: None, {"data": dataset.id, "recipe": None, "until": "clusters", "nonce": "n"})
    assert closed[0].title == str(refused.value)
    assert str(refused.value) in str(page(dataset))


def test_settings_of_reading_are_offered_for_a_refused_file_only_where_they_can_help(here):
    dataset = brought(here, "%PDF-1.7 \n\n")
    look(here, dataset)
    refused = str(page(dataset))
    assert "Choose another file" in refused
    assert mapping.SETTING not in refused
    assert mapping.LOOK_WORDS not in refused
    changed = dataset_view._with_reading(None, mapping.Reading(delimiter="tab"))
    look(here, dataset, changed)
    assert mapping.SETTING in str(page(dataset, changed, confirm=True))


def test_an_unknown_data_set_is_told(here):
    assert "no data set" in str(dataset_view.page("0123456789abcdef01234567", None, False))
