"""Headings of other shops, and what a person says of them."""

import pytest

from pipeline.errors import ReadingError, SettingError
from pipeline.reading.columns import CANONICAL, mapped, overrides
from pipeline.reading.transactions import Reading

ONLINE_RETAIL_2 = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]


def test_both_online_retail_files_are_known():
    assert mapped(CANONICAL, {}) == {name: position for position, name in enumerate(CANONICAL)}
    assert list(mapped(ONLINE_RETAIL_2, {}).values()) == list(range(8))


@pytest.mark.parametrize(
    "headings",
    [
        "order_id,sku,product_name,qty,order_date,unit_price,customer_id,country",
        "ORDER NUMBER;Item Code;Item Name;Units;Date;Price;Client No;Shipping Country",
        "Rechnungsnummer|Artikelnummer|Bezeichnung|Menge|Rechnungsdatum|Einzelpreis|Kundennummer|Land",
        " Transaction-ID \tProduct ID\tDescription\tQuantity\tTimestamp\tSelling Price\tUser ID\tCountry/Region",
    ],
)
def test_common_headings_are_known_under_any_delimiter(read, headings):
    delimiter = next(sign for sign in ",;|\t" if sign in headings)
    table, facts = read(headings + "\n" + delimiter.join(["1", "2", "x", "3", "2010-12-31", "4.5", "7", "UK"]) + "\n")
    read_as = table.drop(columns=["InvoiceDate", "Amount"]).iloc[0].tolist()
    assert read_as == [
        "shop.csv",
        2,
        "1",
        "2",
        "x",
        3.0,
        4.5,
        "7",
        "UK",
    ]
    assert facts["interpretation"]["delimiter"] == delimiter
    assert facts["interpretation"]["unused_headings"] == []


def test_the_surest_of_several_headings_is_taken_and_the_rest_are_named(read):
    headings = "Invoice,Price,Qty,Date,Customer,CustomerID,Colour"
    _, facts = read(headings + "\n1,2,3,2010-12-31,Ann,7,red\n")
    assert facts["interpretation"]["columns"]["CustomerID"] == "CustomerID"
    assert facts["interpretation"]["unused_headings"] == ["Customer", "Colour"]


def test_a_heading_that_stands_twice_is_told_with_the_column_that_was_taken(read):
    headings = "Invoice,Price,Quantity,Date,Customer,Description, quantity,Description,Country,Colour,Colour"
    table, facts = read(headings + "\n1,2,3,2010-12-31,7,lantern,30,lamp,UK,red,blue\n")
    assert (table["Quantity"].tolist(), table["Description"].tolist()) == ([3.0], ["lantern"])
    assert facts["warnings"] == [
        "2 columns are headed 'Description'; the one taken for Description is column 6 of the file.",
        "2 columns are headed 'Quantity'; the one taken for Quantity is column 3 of the file.",
    ]


def test_what_a_person_says_of_a_column_goes_first(read):
    headings = "Invoice,Price,Qty,Date,Customer,CustomerID,Where to"
    table, facts = read(headings + "\n1,2,3,2010-12-31,Ann,7,UK\n", columns="customerid = Customer; Country=where to")
    assert table["CustomerID"].tolist() == ["Ann"]
    assert facts["interpretation"]["columns"]["Country"] == "Where to"


def test_optional_columns_may_be_missing_and_that_is_said(read):
    table, facts = read("Invoice,Price,Qty,Date,Customer\n1,2,3,2010-12-31,7\n")
    assert table[["StockCode", "Description", "Country"]].isna().all(axis=None)
    assert [warning.split(",")[0] for warning in facts["warnings"]] == [
        "The file has no column for Description",
        "The file has no column for Country",
    ]


def test_a_missing_column_is_named_with_what_there_is(read):
    with pytest.raises(ReadingError) as refusal:
        read("Invoice,Cost,Qty,Date,Customer,Blue\n1,2,3,2010-12-31,7,red\n")
    assert str(refusal.value) == (
        "The file has no column for UnitPrice (or Amount); its columns are: Invoice, Cost, Qty, Date, Customer, Blue. "
        "If one of these is meant, name it in the setting Columns (reading.columns), as in UnitPrice = its heading."
    )


def test_a_told_column_that_is_not_there_is_named_with_what_there_is(read):
    with pytest.raises(
        ReadingError, match="no column 'Client' to take for CustomerID; its columns are: Invoice, Price"
    ):
        read("Invoice,Price,Qty,Date,Customer\n1,2,3,2010-12-31,7\n", columns="CustomerID = Client")


@pytest.mark.parametrize("written", ["CustomerID", "CustomerID =", "Client = CustomerID", "Country = a; country = b"])
def test_a_mapping_that_is_not_well_formed_is_a_wrong_setting(written):
    with pytest.raises(SettingError, match=r"Columns \(reading.columns\) is not understood"):
        Reading(columns=written)


def test_a_mapping_may_stand_on_one_line_or_several():
    assert overrides("CustomerID = Client no; UnitPrice=Price") == overrides(
        "CustomerID = Client no\n\nUnitPrice=Price;"
    )
