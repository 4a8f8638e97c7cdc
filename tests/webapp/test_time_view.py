"""What the view of time shows adds up, follows the segments and the days, and goes along as a file."""

import io
import re
from dataclasses import replace

import pandas as pd
import pytest
from dash import html

from pipeline.profiles.cohorts import cohorts
from pipeline.profiles.movement import NOT_YET_NAME
from webapp import cohort_tables, formats, markup, movers, time_view, who_moved
from webapp.charts import moves
from webapp.finished import Finished, finished


@pytest.fixture
def browser(served):
    return served(who_moved.serve)


def _numbers(drawn):
    return [int(cell.replace(",", "")) for cell in re.findall(r"<td[^>]*>([\d,]+)(?: [▲▼])?</td>", drawn)]


@pytest.mark.parametrize(("across", "side"), [(12, "col"), (99, "row")])
def test_months_by_segment_name_every_segment_and_follow_k(shop, monkeypatch, across, side):
    monkeypatch.setattr(time_view, "ACROSS", across)
    results = Finished(finished(shop.view()).segmentation)
    view = results.settled(shop.view(method="kmeans", k=3))
    drawn = time_view.redrawn(results, view)[time_view.MONTHS]
    heads = re.findall(rf'<th scope="{side}">([^<]*)', drawn)
    assert heads[side == "col" :] == [name.replace("&", "&amp;") for name in results.names(view).values()]
    assert drawn != time_view.redrawn(results, replace(view, k=5))[time_view.MONTHS]


def test_the_view_has_cohorts_and_says_what_of_the_movement_is_noise(shop):
    results = finished(shop.view())
    told = str(html.Div(time_view.area(results, results.settled(shop.view()))))
    for words in ("Who came back", "Spent so far, each", "only by a hair", "to be expected had", "most at stake first"):
        assert words in told, words


@pytest.mark.parametrize("method", ["kmeans", "hierarchical", "gaussian_mixture", "hdbscan", "rfm_grid"])
def test_the_diagram_and_its_matrix_hold_every_customer_of_the_second_day_once(shop, method):
    results = finished(shop.view())
    view = results.settled(shop.view(method=method))
    drawn = who_moved.redrawn(results, view)
    link = drawn[who_moved.CHART].data[0].link
    assert sum(link.value) == len(results.customers)
    assert sorted(value for value in link.value) == sorted(_numbers(drawn[who_moved.MATRIX]))
    assert NOT_YET_NAME in drawn[who_moved.CHART].data[0].node.label


def test_other_days_are_other_moves(shop):
    results = finished(shop.view())
    view = results.settled(shop.view())
    first = who_moved.redrawn(results, view)
    standing, _, later = movers.asked(results, view)
    other = who_moved.redrawn(results, replace(view, since=str(standing.first + (later - standing.first) / 2)))
    assert first[who_moved.MATRIX] != other[who_moved.MATRIX]


def test_days_that_cannot_be_are_a_sentence_and_no_chart(shop):
    results = finished(shop.view())
    view = results.settled(shop.view())
    for asked in ({"since": "1999-01-01"}, {"until": "soon"}, {"since": "2025-01-02", "until": "2025-01-01"}):
        drawn = who_moved.redrawn(results, replace(view, **asked))
        assert drawn[who_moved.BODY] is True
        assert list(drawn) != [] and drawn.keys() == who_moved.PLACES.keys()
        assert "." in str(drawn[who_moved.TOLD][0])


def test_the_list_follows_its_filters_and_each_mover_leads_to_their_own_page(shop):
    results = finished(shop.view())
    view = results.settled(shop.view())
    everyone = movers.found(results, view)
    one, other = everyone[["Before", "After"]].iloc[0]
    asked = replace(view, gone_from=str(one), gone_to=str(other))
    some = movers.found(results, asked)
    assert 0 < len(some) < len(everyone)
    assert set(some["Before"]) == {one} and set(some["After"]) == {other}
    shown = str(who_moved.redrawn(results, asked)[who_moved.LIST])
    assert f"view=customers&amp;customer={some['CustomerID'].iloc[0]}" in shown


def test_who_came_back_is_marked_and_counted(shop):
    results = finished(shop.view())
    view = results.settled(shop.view())
    found, shown = movers.found(results, view), str(who_moved.redrawn(results, view)[who_moved.LIST])
    back = int(found["CameBack"].sum())
    assert back > 0
    assert f"{back} of them came back: they ordered again after 90\N{NO-BREAK SPACE}days or more".replace(
        "\xa0", " "
    ) in shown.replace("\\xa0", " ").replace("\xa0", " ")
    marks = found[["CameBack", "GaveBack"]].head(movers.SHOWN).sum().sum()
    assert shown.count("mover-mark") == marks


def test_who_gave_back_what_they_bought_is_marked_and_their_value_is_told_apart(shop, monkeypatch):
    results = finished(shop.view())
    view = results.settled(shop.view())
    value = results.horizon.value
    found = movers.found(results, view)
    found["GaveBack"] = [1, 0, 1] + [0] * (len(found) - 3)
    monkeypatch.setattr(movers, "found", lambda *_: found)
    shown = str(who_moved._listed(results, view)[who_moved.LIST]).replace("\xa0", " ")
    assert "2 of them gave back nearly all they bought" in shown
    apart = formats.money(float(found[value].iloc[[0, 2]].sum())).replace("\xa0", " ")
    assert f"so {apart} of that value is not to be counted on" in shown
    assert shown.count(movers.GAVE_BACK) == 2 + 1


def test_the_file_of_movers_is_the_list_with_names_and_safe_in_a_spreadsheet(browser, shop):
    results = finished(shop.view())
    view = results.settled(shop.view())
    answer = browser.get(view.address(who_moved.PATH))
    table = pd.read_csv(io.BytesIO(answer.data), dtype={"CustomerID": str})
    expected = movers.found(results, view)
    assert table["CustomerID"].tolist() == expected["CustomerID"].tolist()
    assert table["From"].tolist() == [results.names(view)[number] for number in expected["Before"]]
    assert answer.data.startswith("\N{ZERO WIDTH NO-BREAK SPACE}".encode())
    assert re.search(r"-moved-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv", answer.headers["Content-Disposition"])
    pd.testing.assert_series_equal(table["SpentSince"], expected["SpentSince"].round(2))
    pd.testing.assert_series_equal(table["CLV_6m"], expected["CLV_6m"].round(2))
    refused = browser.get(replace(view, since="1999-01-01").address(who_moved.PATH))
    assert refused.status_code == 404 and b"is not in the file" in refused.data


def test_who_stays_is_paler_than_who_moves_and_sides_are_in_the_same_order():
    flows = pd.DataFrame({"Before": [0, 0, 1, -3], "After": [0, 1, 1, 1], "Customers": [5, 2, 4, 1]})
    names = {0: "Best", 1: "Rest", -3: NOT_YET_NAME}
    sankey = moves.figure(flows, names, names).data[0]
    assert list(sankey.node.label) == ["Best", "Rest", NOT_YET_NAME, "Best", "Rest"]
    opacity = [float(colour.rpartition(",")[2].rstrip(")")) for colour in sankey.link.color]
    assert opacity[0] == opacity[2] < opacity[1] == opacity[3]
    assert list(sankey.node.y[:3]) == sorted(sankey.node.y[:3])


def test_cohorts_say_the_same_as_share_and_count_and_mark_only_a_month_that_is_not_over():
    days = pd.DataFrame(
        {
            "CustomerID": ["a", "a", "b", "c", "c"],
            "Day": pd.to_datetime(["2011-01-05", "2011-03-03", "2011-01-20", "2011-02-01", "2011-03-09"]),
            "Revenue": [10.0, 5.0, 20.0, 7.0, 1.0],
        }
    )
    cells = {}
    for last in ("2011-03-09", "2011-03-31"):
        found = cohorts(days, pd.Timestamp(last).date())
        for measure in cohort_tables.MEASURES:
            drawn = markup.source(cohort_tables.table(found, measure))
            cells[last, measure] = re.findall(r"<td(?: style[^>]*)?>([^<]*)</td>", drawn)
    space = "\N{NO-BREAK SPACE}"
    assert cells["2011-03-31", "count"] == ["–", "1", "1", ""]
    assert cells["2011-03-09", "count"] == ["–", "1*", "1*", ""]
    assert cells["2011-03-31", "share"][:2] == ["–", f"50.0{space}%"]
    assert cells["2011-03-31", "total"][:3] == ["£30.00", "£30.00", "£35.00"]
    assert cells["2011-03-31", "value"][:3] == ["£15.00", "£15.00", "£17.50"]
    assert not any("*" in cell for measure in cohort_tables.MEASURES for cell in cells["2011-03-31", measure])
    assert cells["2011-03-09", "share"][1].endswith("*") and cells["2011-03-09", "share"][2].endswith("*")
