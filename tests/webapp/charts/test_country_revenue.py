"""Countries are ranked by revenue and stay readable where one of them dominates."""

import re

import pandas as pd
import pytest

from webapp import markup
from webapp.charts import country_revenue


def many(countries: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "PrimaryCountry": [f"Country {rank:02}" for rank in range(countries)],
            "Monetary": [float(100 - rank) for rank in range(countries)],
        }
    )


def test_countries_come_by_revenue_and_add_up(customers):
    table = country_revenue.countries(customers)
    assert table["Country"].tolist() == ["United Kingdom", "France", "Germany", "Unknown"]
    assert table["Customers"].tolist() == [4, 2, 1, 1]
    assert table["Revenue"].sum() == customers["Monetary"].sum()
    assert table["RevenueShare"].sum() == pytest.approx(1)


def drawn(customers):
    return markup.source(country_revenue.bars(customers, lambda country: {"data-set": country}))


def test_a_dominant_country_gets_a_bar_of_its_own_and_the_others_their_own_scale(customers):
    html = drawn(customers)
    assert "width: 97.50%" in html
    assert "width: 2.50%" in html
    assert re.findall(r'country-name">(\w+)<', html) == ["France", "Germany", "Unknown"]
    assert re.findall(r'country-fill" style="width: ([\d.]+)%"', html) == ["100.00", "20.00", "13.33"]
    assert "United Kingdom brings 97.5" in country_revenue.caption(customers)


def test_countries_of_like_size_share_one_scale():
    html = drawn(many(5))
    assert "country-whole" not in html
    assert re.findall(r'country-fill" style="width: ([\d.]+)%"', html) == ["100.00", "99.00", "98.00", "97.00", "96.00"]
    assert "brings" not in country_revenue.caption(many(5))


def test_each_country_filters_and_the_rest_of_them_does_not():
    html = drawn(many(30))
    assert re.findall(r'data-set="([^"]+)"', html) == [f"Country {rank:02}" for rank in range(10)]
    assert "All others (20)" in html


def test_who_is_from_nowhere_known_is_no_country():
    some = many(30).assign(PrimaryCountry=lambda table: table["PrimaryCountry"].where(table.index != 25))
    assert "All others (19 and unknown)" in drawn(some)
    big = pd.DataFrame({"PrimaryCountry": ["UK", "France", "Spain", None], "Monetary": [1000.0, 3.0, 2.0, 1.0]})
    assert "2 other countries and unknown: " in drawn(big)
    assert "3 other countries: " in drawn(big.fillna({"PrimaryCountry": "Malta"}))


def test_the_tail_is_one_bar_and_nothing_is_lost():
    shown = country_revenue.top(country_revenue.countries(many(30)))
    assert len(shown) == country_revenue.TOP + 1
    assert shown["Country"].iloc[-1] == "All others (20)"
    assert shown["Revenue"].sum() == pytest.approx(many(30)["Monetary"].sum())
    assert shown["Customers"].sum() == 30


def test_one_country_too_many_is_shown_rather_than_summed_up():
    assert country_revenue.top(country_revenue.countries(many(11)))["Country"].iloc[-1] == "Country 10"


def test_a_file_that_names_no_country_is_told_to_be_one():
    customers = pd.DataFrame({"PrimaryCountry": [None, None], "Monetary": [1.0, 2.0]})
    assert country_revenue.caption(customers).startswith("The file names no country")
