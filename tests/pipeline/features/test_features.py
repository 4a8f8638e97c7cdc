"""Features of a customer equal what plain pandas says, whatever the order of the lines."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.features.feature_matrix import build_feature_matrix
from pipeline.features.product_mix import NAMED, SHARES, SHIPPED, ProductMix, categoriser, keyword_map
from pipeline.parameters import SettingError

WORDS = ["LUNCH BAG RED", "CAKE TINS", "PUZZLE", "T-LIGHT HOLDER", "POSTAGE", None]
COUNTRIES = ["United Kingdom", "France", "EIRE", None]


def _lines(rows):
    columns = ["CustomerID", "InvoiceNo", "InvoiceDate", "Description", "Country", "TotalPrice"]
    lines = pd.DataFrame(rows, columns=columns).astype({"Description": "object", "Country": "object"})
    return lines.assign(StockCode=np.where(lines["Description"] == "POSTAGE", "post", "22"))


def _write(lines, path):
    """As cleaning writes them: TotalPrice is an exact decimal."""
    with engine.connection() as duck:
        exact = duck.from_df(lines).project("* REPLACE (round(TotalPrice, 9)::DECIMAL(38, 9) AS TotalPrice)")
        exact.write_parquet(str(path))


def _features(lines, tmp_path, step=None):
    _write(lines, tmp_path / "lines")
    facts = build_feature_matrix(tmp_path / "lines", step or ProductMix(), tmp_path / "customers", lambda *_: None)
    return engine.read_parquet(tmp_path / "customers"), facts


def _reference(lines):
    """The same, line by line."""
    category = categoriser(SHIPPED)
    rows = []
    for customer, own in lines.groupby("CustomerID"):
        money = own["TotalPrice"].sum()
        kinds = own["Description"].map(lambda words: category(words if isinstance(words, str) else ""))
        spend = own.groupby("Country")["TotalPrice"].sum().round(4)
        country = min(spend.index, key=lambda name: (-spend[name], name)) if len(spend) else "Unknown"
        rows.append(
            {
                "CustomerID": customer,
                "Recency": (lines["InvoiceDate"].max().normalize() - own["InvoiceDate"].max().normalize()).days,
                "Frequency": own["InvoiceNo"].nunique(),
                "Monetary": money,
                **{f"CatShare_{name}": own["TotalPrice"][kinds == name].sum() / money for name in (*NAMED, "Other")},
                "PrimaryCountry": country,
                "IsUK": int(country == "United Kingdom"),
            }
        )
    customers = pd.DataFrame(rows)
    if lines["Country"].isna().all():
        customers = customers.assign(PrimaryCountry=None, IsUK=np.nan)
    return customers.assign(**dict.fromkeys(SHARES, np.nan)) if lines["Description"].isna().all() else customers


rows = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "30", "4"]),
        st.sampled_from(["A1", "A2", "B7", "C9"]),
        st.datetimes(pd.Timestamp("2011-01-01"), pd.Timestamp("2011-12-31")),
        st.sampled_from(WORDS),
        st.sampled_from(COUNTRIES),
        st.integers(1, 10**6).map(lambda pence: pence / 100),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=20, deadline=None)
@given(rows=rows, shuffle=st.randoms(use_true_random=False))
def test_features_equal_plain_pandas_in_whatever_order_the_lines_come(rows, shuffle, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("features")
    found, facts = _features(_lines(rows), tmp_path)
    pd.testing.assert_frame_equal(found, _reference(_lines(rows)), check_dtype=False, rtol=1e-12)
    described = any(row[3] for row in rows)
    assert found[list(SHARES)].sum(axis=1).to_numpy() == pytest.approx(int(described))
    assert sum(facts["coverage"].values()) == pytest.approx(int(described))
    shuffle.shuffle(rows)
    again, _ = _features(_lines(rows), tmp_path)
    pd.testing.assert_frame_equal(again, found, check_exact=True)


def test_a_buyer_on_the_last_day_has_recency_0_whatever_the_hour(tmp_path):
    rows = [
        ("1", "A1", pd.Timestamp("2011-12-09 23:59"), "MUG", "France", 5.0),
        ("2", "A2", pd.Timestamp("2011-12-09 00:01"), "MUG", "France", 5.0),
        ("3", "A3", pd.Timestamp("2011-12-08 23:59"), "MUG", "France", 5.0),
    ]
    found, _ = _features(_lines(rows), tmp_path)
    assert list(found["Recency"]) == [0, 0, 1]


def test_sums_of_money_do_not_depend_on_the_order_of_adding(tmp_path):
    rng = np.random.default_rng(1)
    prices = rng.integers(1, 10**6, 5000) / 1000
    lines = _lines(
        [("1", f"A{n}", pd.Timestamp("2011-01-01"), "MUG", "France", price) for n, price in enumerate(prices)]
    )
    found, _ = _features(lines, tmp_path)
    assert found["Monetary"][0] == round(prices.sum(), 3)


@pytest.mark.parametrize(
    ("description", "category"),
    [
        ("JUMBO BAG RED RETROSPOT", "Bags"),
        ("Lunch  bags", "Bags"),
        ("LUNCH BOX I LOVE LONDON", "Kitchen"),
        ("SET OF 3 CAKE TINS PANTRY DESIGN", "Kitchen"),
        ("WHITE HANGING HEART T-LIGHT HOLDER", "HomeDecor"),
        ("HOT WATER BOTTLE KEEP CALM", "HomeDecor"),
        ("RED DINER WALL CLOCK", "HomeDecor"),
        ("RABBIT NIGHT LIGHT", "Toys"),
        ("TRADITIONAL WOODEN SKIPPING ROPE", "Toys"),
        ("BAGGAGE LABELS", "Other"),
        ("POSTAGE", "Other"),
        ("", "Other"),
    ],
)
def test_products_land_in_the_category_people_expect(description, category):
    assert categoriser(SHIPPED)(description) == category


def test_the_keyword_with_more_words_wins_then_the_category_that_comes_first():
    category = categoriser("Toys: box\nKitchen: cake, music box\n")
    assert category("CAKE BOX") == "Toys"
    assert category("MUSIC BOX") == "Kitchen"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("Garden: spade", "'Garden: spade' does not start with one of Bags, Kitchen, HomeDecor, Toys"),
        ("bag, tote", "and a colon"),
        ("Bags: bag\nToys: bag", "'bag' stands in both Bags and Toys"),
        ("# nothing", "not one keyword"),
    ],
)
def test_a_keyword_map_that_makes_no_sense_is_refused_with_the_reason(written, reason):
    with pytest.raises(SettingError, match=reason):
        ProductMix(categories=written)


def test_a_changed_keyword_map_changes_the_shares_and_the_coverage(tmp_path):
    rows = [
        ("1", "A1", pd.Timestamp("2011-01-01"), "SILK FAN", "France", 30.0),
        ("1", "A1", pd.Timestamp("2011-01-01"), "MUG", "France", 10.0),
    ]
    found, facts = _features(_lines(rows), tmp_path, ProductMix(categories="Toys: fan\n"))
    assert list(found.loc[0, list(SHARES)]) == [0, 0, 0, 0.75, 0.25]
    assert facts["coverage"]["Toys"] == 0.75
    assert facts["top_other"] == [{"description": "MUG", "money": 10.0}]
    assert facts["warnings"] == []


def test_little_coverage_is_reported(tmp_path):
    _, facts = _features(_lines([("1", "A1", pd.Timestamp("2011-01-01"), "HAMMER", "France", 3.0)]), tmp_path)
    assert "100 % of revenue is in no product category" in facts["warnings"][0]


def test_customers_with_no_valid_country_are_unknown(tmp_path):
    rows = [("1", "A1", pd.Timestamp("2011-01-01"), "MUG", None, 3.0)]
    found, _ = _features(_lines([*rows, ("2", "A2", pd.Timestamp("2011-01-01"), "MUG", "France", 3.0)]), tmp_path)
    assert found.loc[0, "PrimaryCountry"] == "Unknown"
    assert found.loc[0, "IsUK"] == 0


def test_the_shipped_keywords_are_in_lower_case_and_each_stands_once():
    keywords = keyword_map(SHIPPED)
    assert set(keywords.values()) == set(NAMED)
    listed = [
        word
        for line in SHIPPED.splitlines()
        if ":" in line and line[0] != "#"
        for word in line.split(":")[1].split(",")
    ]
    assert len(listed) == len(keywords)


def test_what_no_line_says_is_left_empty_and_told_and_not_counted_as_other(tmp_path):
    rows = [
        ("1", "A1", pd.Timestamp("2011-01-01"), None, None, 3.0),
        ("2", "A2", pd.Timestamp("2011-01-02"), "", None, 1),
    ]
    found, facts = _features(_lines(rows), tmp_path)
    assert found[[*SHARES, "PrimaryCountry", "IsUK"]].isna().all(axis=None)
    assert facts["coverage"] == {}
    assert facts["warnings"] == [
        "No line says what was bought or a country: that takes no part in the segments, and CatShare_*, "
        "PrimaryCountry, IsUK are left empty."
    ]
    rows[0] = ("1", "A1", pd.Timestamp("2011-01-01"), "BAG", "France", 3.0)
    found, facts = _features(_lines(rows), tmp_path)
    assert found["PrimaryCountry"].tolist() == ["France", "Unknown"]
    assert found["CatShare_Other"].tolist() == [0, 1]
