"""A choice leaves who meets every filter, tells them in words, and reads sense out of any text."""

import pandas as pd
import pytest

from pipeline.audience.choice import Choice, chosen, in_words


@pytest.fixture
def customers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "CustomerID": ["12346", "12347", "12348", "12349", "12350", "12352", "12353", "12354"],
            "Recency": [1, 5, 30, 40, 120, 200, 300, 373],
            "Frequency": [60, 20, 6, 4, 2, 1, 1, 1],
            "CLV_6m": [5_000.0, 2_000.0, 500.0, 300.0, 80.0, 20.0, 5.0, 0.0],
            "PrimaryCountry": ["United Kingdom"] * 4 + ["France", "France", "Germany", None],
            "CatShare_Bags": [0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, None],
            "Segment": [0, 0, 1, 1, 2, 2, 2, 2],
        }
    )


def test_filters_leave_who_meets_all_of_them(customers):
    assert len(chosen(customers, Choice())) == 8
    assert chosen(customers, Choice(country="France"))["CustomerID"].tolist() == ["12350", "12352"]
    assert chosen(customers, Choice(country="Unknown"))["CustomerID"].tolist() == ["12354"]
    assert chosen(customers, Choice(segment=0))["CustomerID"].tolist() == ["12346", "12347"]
    assert chosen(customers, Choice(segment=2, country="Germany"))["CustomerID"].tolist() == ["12353"]
    assert chosen(customers, Choice(min_clv=500))["CustomerID"].tolist() == ["12346", "12347", "12348"]
    assert chosen(customers, Choice(min_frequency=2, country="France"))["CustomerID"].tolist() == ["12350"]
    assert chosen(customers, Choice(country="Atlantis")).empty
    assert chosen(customers, Choice(recency="30-120"))["CustomerID"].tolist() == ["12348", "12349", "12350"]
    assert chosen(customers, Choice(clv="-20", frequency="1-1"))["CustomerID"].tolist() == [
        "12352",
        "12353",
        "12354",
    ]
    assert len(chosen(customers, Choice(never="Bags"))) == 5


def test_every_filter_reads_texts_and_what_makes_no_sense_is_not_asked():
    assert Choice.asked({"segment": "-2", "min_clv": "12.5", "first": "30-", "never": "Toys", "else": "?"}) == Choice(
        segment=-2, min_clv=12.5, first="30-", never="Toys"
    )
    assert Choice.asked(dict.fromkeys(vars(Choice()), "9-1_")) == Choice(country="9-1_")
    assert Choice.asked({}) == Choice()


def test_filters_are_told_in_words():
    choice = Choice(segment=0, country="France", min_clv=500, min_frequency=2, recency="0-60", monetary="-900")
    assert in_words(choice, {0: "Champions"}, lambda amount: f"£{amount:.0f}") == {
        "segment": "in “Champions”",
        "country": "in France",
        "min_clv": "CLV of £500 or more",
        "min_frequency": "2 or more orders",
        "recency": "last order 0 to 60 days ago",
        "monetary": "spent £900 or less",
    }
