"""Countries are ranked by revenue and stay readable where one of them dominates."""

import pandas as pd
import pytest

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


def test_a_dominant_country_gets_a_bar_of_its_own_and_the_others_their_own_scale(customers):
    home, abroad, bars = country_revenue.figure(customers).data
    assert home.x[0] == pytest.approx(15_600 / 16_000)
    assert abroad.x[0] == pytest.approx(400 / 16_000)
    assert list(bars.y) == ["France", "Germany", "Unknown"]
    assert list(bars.x) == [300, 60, 40]
    assert "United Kingdom brings 97.5" in country_revenue.caption(customers)


def test_countries_of_like_size_share_one_scale():
    drawn = country_revenue.figure(many(5))
    assert len(drawn.data) == 1
    assert list(drawn.data[0].x) == [100, 99, 98, 97, 96]
    assert "brings" not in country_revenue.caption(many(5))


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
