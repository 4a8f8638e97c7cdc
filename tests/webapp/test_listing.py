"""The list of customers fetches the rows in sight, in the order asked for."""

from contextvars import copy_context

from webapp import formats, listing


def rows(customers, names, request):
    """The rows in sight of these customers, as the table asks for them."""
    whole = listing.table(customers, names)
    return listing.page(whole, listing.order(whole, request), request)


def test_the_first_rows_come_as_they_are(customers, names):
    answer = rows(customers, names, {"startRow": 0, "endRow": 3})
    assert answer["rowCount"] == 8
    assert [row["CustomerID"] for row in answer["rowData"]] == ["12346", "12347", "12348"]
    assert answer["rowData"][2]["SegmentName"] == "Segment 1 · average"
    assert set(answer["rowData"][0]) == set(listing.COLUMNS) & {*customers.columns, "SegmentName"}


def test_rows_are_sorted_as_asked(customers, names):
    order = {"sortModel": [{"colId": "CLV_6m", "sort": "asc"}]}
    answer = rows(customers, names, {"startRow": 1, "endRow": 3, **order})
    assert [row["CLV_6m"] for row in answer["rowData"]] == ["£5.00", "£20.00"]


def test_a_missing_country_is_an_empty_cell(customers, names):
    answer = rows(customers, names, {"startRow": 7, "endRow": 8})
    assert answer["rowData"][0]["PrimaryCountry"] is None


def test_nonsense_from_a_browser_is_answered_with_a_page_of_rows(customers, names):
    request = {"startRow": -5, "endRow": None, "sortModel": [{"colId": "__class__", "sort": "asc"}]}
    assert len(rows(customers, names, request)["rowData"]) == 8
    assert rows(customers, names, {"startRow": 0, "endRow": 10**9})["rowCount"] == 8


def test_filters_of_the_table_narrow_the_rows_and_their_number(customers, names):
    asked = {"filterModel": {"Frequency": {"filterType": "number", "type": "lessThan", "filter": 3}}}
    answer = rows(customers, names, {"startRow": 0, "endRow": 2, **asked})
    assert answer["rowCount"] == int((customers["Frequency"] < 3).sum())
    assert [row["CustomerID"] for row in answer["rowData"]] == ["12350", "12352"]


def test_what_is_missing_comes_last_either_way(customers, names):
    for direction in ("asc", "desc"):
        request = {"startRow": 0, "endRow": 8, "sortModel": [{"colId": "PrimaryCountry", "sort": direction}]}
        assert rows(customers, names, request)["rowData"][-1]["PrimaryCountry"] is None


def test_chances_are_per_cent_and_days_that_nobody_knows_are_empty(customers, names):
    ahead = customers.assign(ChanceToBuy_30d=0.25, NextOrder_50=["2026-01-30"] * 7 + [""])
    answer = rows(ahead, names, {"startRow": 0, "endRow": 8})
    assert answer["rowData"][0]["ChanceToBuy_30d"] == "25.0\u00a0%"
    assert answer["rowData"][0]["NextOrder_50"] == "30\u00a0Jan\u00a02026"
    assert answer["rowData"][7]["NextOrder_50"] is None


def test_cells_are_written_as_the_reader_is_used_to(customers, names):
    def german():
        formats.write_numbers_as("de")
        formats.write_amounts_in("EUR")
        return rows(customers.assign(NextOrder_50="2026-01-30"), names, {"startRow": 0, "endRow": 1})

    row = copy_context().run(german)["rowData"][0]
    assert [row[name] for name in ("Monetary", "Frequency", "NextOrder_50")] == ["10.000,00\u00a0€", "60", "30.01.2026"]


def test_filters_and_order_are_read_from_an_address_and_what_makes_no_sense_is_refused():
    asked = '{"Frequency":{"filterType":"number","type":"greaterThan","filter":5}}'
    assert listing.model_of(asked) == {"Frequency": {"filterType": "number", "type": "greaterThan", "filter": 5}}
    assert listing.order_of("CLV_6m-desc") == [{"colId": "CLV_6m", "sort": "desc"}]
    assert (listing.model_of(""), listing.order_of("")) == ({}, [])
    for nonsense in (
        "abc",
        "[]",
        '{"Height":{"filterType":"text","type":"equals","filter":"1"}}',
        '{"Frequency":{}}',
        '{"Frequency":{"filterType":"number","type":"greaterThan","filter":"many"}}',
        '{"Frequency":{"filterType":"number","conditions":[],"operator":"OR"}}',
    ):
        assert not listing.is_there(listing.model_of, nonsense), nonsense
    for nonsense in ("CLV_6m", "CLV_6m-up", "-desc", "Height-asc"):
        assert not listing.is_there(listing.order_of, nonsense), nonsense


def test_a_filter_of_numbers_begins_at_least_at_what_is_typed():
    begins = {
        each["field"]: each["filterParams"].get("defaultOption")
        for each in listing.grid("grid", "key").children.columnDefs
    }
    assert {name for name, option in begins.items() if option is None} == {
        "CustomerID", "SegmentName", "PrimaryCountry", "NextOrder_25", "NextOrder_50", "NextOrder_75",
    }  # fmt: skip
    assert {option for option in begins.values() if option} == {"greaterThanOrEqual"}


def test_the_grid_begins_with_the_filters_and_the_order_that_it_is_given():
    model = {"Frequency": {"filterType": "number", "type": "greaterThan", "filter": 5}}
    table = listing.grid("grid", "key", model=model, order=[{"colId": "Monetary", "sort": "asc"}]).children
    assert table.filterModel == model
    assert [each["field"] for each in table.columnDefs if "sort" in each] == ["Monetary"]


def test_amounts_and_days_have_room_for_their_digits():
    columns = {each["field"]: each for each in listing.grid("grid", "key").children.columnDefs}
    assert all(columns[name]["minWidth"] >= 135 for name in ("CLV_6m", "Spend_6m_High", "Monetary", "NextOrder_50"))
