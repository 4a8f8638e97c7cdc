"""Each rule tells what was planted, with the right number, and hardly ever anything where nothing was."""

import numpy as np
import pandas as pd
import pytest

from pipeline.insights.absence import absence
from pipeline.insights.category_gaps import category_gaps
from pipeline.insights.chance import CHANCE, dealt, distances
from pipeline.insights.concentration import concentration
from pipeline.insights.country_outliers import country_outliers
from pipeline.insights.insight import Shop
from pipeline.insights.newcomers import newcomers, started
from pipeline.insights.overdue_regulars import GAPS, ORDERS, overdue_regulars
from pipeline.insights.rules import RULES, insights
from tests.pipeline.insights.shops import NAMES, days_of, shop_of

DRAWS = 100


def false_alarms(rule, shops):
    """In how many shops a rule finds anything."""
    return sum(bool(rule(shop)) for shop in shops)


def allowed(draws=DRAWS):
    """What a rule that is right 99 of 100 times exceeds once in a thousand such tests."""
    return int(draws * CHANCE + 3.1 * np.sqrt(draws * CHANCE * (1 - CHANCE)))


@pytest.fixture(scope="module")
def plain():
    """A shop in which nothing but its segments, countries and categories was planted."""
    rng = np.random.default_rng(4)
    segment = np.repeat([0, 1, 2, -1], [300, 200, 480, 20])
    abroad = rng.random(1000) < 0.15
    spent = np.exp(rng.normal(np.select([segment == 0, segment == 1], [6.5, 6.5], 4.5) + 0.8 * abroad, 0.5))
    toys = rng.random(1000) < np.where(segment == 0, 0.2, 0.5)
    customers = pd.DataFrame(
        {
            "CustomerID": [f"C{number:05}" for number in range(1000)],
            "Segment": segment,
            "Recency": rng.exponential(np.where(segment == 1, 150.0, 40.0)).round(),
            "Frequency": 1,
            "Tenure": 0,
            "Overdue": 0.0,
            "Monetary": spent,
            "CLV_6m": rng.exponential(100.0, 1000),
            "PrimaryCountry": np.where(abroad, "Germany", "United Kingdom"),
            "CatShare_Toys": np.where(toys, 0.3, 0.0),
            "CatShare_Bags": np.where(rng.random(1000) < 0.5, 0.3, 0.0),
        }
    )
    days = pd.DataFrame({"CustomerID": customers["CustomerID"], "Day": pd.Timestamp("2011-12-09"), "Revenue": spent})
    return Shop(customers, NAMES, days, pd.DataFrame({"frequency": 0, "T": 0}, index=customers.index), (0.8, 60.0))


def with_customers(shop, customers):
    return Shop(customers, shop.names, shop.days, shop.history, shop.pace)


def shuffled(shop, rng, kept):
    """The same shop with everything but `kept` dealt out anew, each customer's values staying together."""
    order = rng.permutation(len(shop.customers))
    moved = shop.customers.drop(columns=kept).iloc[order].reset_index(drop=True)
    return with_customers(shop, moved.assign(**{name: shop.customers[name] for name in kept}))


def test_a_segment_of_spenders_who_stay_away_is_told_with_what_is_expected_of_them(plain):
    (told,) = absence(plain)
    own = plain.customers[plain.customers["Segment"] == 1]
    assert told.filters == {"segment": 1}
    assert told.money == pytest.approx(own["CLV_6m"].sum())
    assert told.evidence == own["Recency"].median()
    assert told.sentence.startswith("The 200 customers of “At risk” spent more than others")


def test_a_country_apart_is_told_with_its_medians(plain):
    (told,) = country_outliers(plain)
    customers = plain.customers
    own = customers[customers["PrimaryCountry"] == "Germany"]["Monetary"]
    assert told.filters == {"country": "Germany"}
    assert told.evidence == pytest.approx(own.median() / customers["Monetary"].median())
    assert f"The {len(own)} customers in Germany spend more than others" in told.sentence


def test_a_category_that_a_segment_passes_over_is_told_with_those_who_never_bought_it(plain):
    (told,) = category_gaps(plain)
    own = plain.customers[plain.customers["Segment"] == 0]
    never = own["CatShare_Toys"] == 0
    assert told.filters == {"segment": 0, "never": "Toys"}
    assert told.sentence.startswith(f"{never.sum()} customers of “Champions” have never bought toys.")
    assert told.evidence > 0.1
    buyers = own[~never]
    assert told.money == pytest.approx(told.evidence * len(own) * (buyers["Monetary"] * 0.3).mean())


def test_who_buys_little_of_everything_has_no_gap():
    rng = np.random.default_rng(3)
    spent = np.exp(rng.normal(5.0, 1.0, 2000))
    level = spent > np.median(spent)
    customers = pd.DataFrame({"Segment": np.where(level, 0, 1), "Monetary": spent})
    customers["CatShare_Toys"] = np.where(rng.random(2000) < np.where(level, 0.9, 0.3), 0.2, 0.0)
    assert category_gaps(Shop(customers, NAMES, customers, customers, (1, 1))) == []


@pytest.mark.parametrize(
    ("rule", "kept"),
    [(absence, ["Segment"]), (category_gaps, ["Segment"]), (country_outliers, ["PrimaryCountry"])],
    ids=["absence", "category_gaps", "country_outliers"],
)
def test_where_labels_are_dealt_out_by_lot_nothing_is_told(plain, rule, kept):
    rng = np.random.default_rng(5)
    assert false_alarms(rule, (shuffled(plain, rng, kept) for _ in range(DRAWS))) <= allowed()


def test_concentration_is_told_with_the_customers_of_its_link(plain):
    rng = np.random.default_rng(8)
    orders = np.where(rng.random(1000) < 0.05, 5_000.0, 10.0) * rng.uniform(0.9, 1.1, 1000)
    ids = plain.customers["CustomerID"]
    days = pd.DataFrame({"CustomerID": ids.repeat(3), "Revenue": orders.repeat(3)})
    shop = Shop(plain.customers.assign(Monetary=3 * orders), NAMES, days, plain.history, plain.pace)
    (told,) = concentration(shop)
    low = float(told.filters["monetary"].removesuffix("-"))
    top = shop.customers[shop.customers["Monetary"] >= low]
    assert len(top) == 100
    assert told.sentence.startswith("100 customers, 10.0 % of all, bring ".replace(" %", "\N{NO-BREAK SPACE}%"))
    assert told.evidence == pytest.approx(top["Monetary"].sum() / shop.customers["Monetary"].sum())
    assert told.money == pytest.approx(top["CLV_6m"].sum())


def test_orders_that_fall_to_customers_by_lot_are_not_called_concentrated(plain):
    rng = np.random.default_rng(9)
    orders = np.exp(rng.normal(4.0, 1.2, 4000))
    days = pd.DataFrame({"Revenue": orders})
    shops = (
        Shop(plain.customers.assign(Monetary=dealt(orders, 1000, rng)), NAMES, days, plain.history, plain.pace)
        for _ in range(DRAWS)
    )
    assert false_alarms(concentration, shops) <= allowed()


@pytest.mark.parametrize(("span", "whom"), [(330, "earlier newcomers"), (800, "those of the same weeks a year before")])
def test_newcomers_who_spend_half_are_told_so_at_equal_age(span, whom):
    rng = np.random.default_rng(12)
    shop = shop_of(days_of(rng, 2500, span))
    new = shop.customers["Tenure"] <= 90
    half = shop.days["CustomerID"].isin(shop.customers.loc[new, "CustomerID"])
    days = shop.days.assign(Revenue=shop.days["Revenue"].where(~half, shop.days["Revenue"] / 2))
    (told,) = newcomers(shop_of(days))
    assert told.filters == {"first": "0-90"}
    assert told.sentence.startswith(f"The {new.sum()} customers who first ordered in the last 90 days are worth less")
    assert whom in told.sentence
    assert told.evidence == pytest.approx(0.5, abs=0.06)
    assert told.money == pytest.approx((1 / told.evidence - 1) * days.loc[half, "Revenue"].sum())
    assert ("season" in told.chance) == (span < 365)


def test_earlier_newcomers_are_seen_at_every_age_that_newcomers_have():
    rng = np.random.default_rng(17)
    shop = shop_of(days_of(rng, 60, 330))
    old, ages = shop.customers[shop.customers["Tenure"] > 90], np.array([0.0, 10.0, 10.0, 80.0])
    found = started(shop, old, ages)
    for place, customer in enumerate(old.itertuples()):
        own = shop.days[shop.days["CustomerID"] == customer.CustomerID]
        age = (own["Day"] - own["Day"].min()).dt.days
        by_age = [own["Revenue"][age <= limit] for limit in ages]
        assert found.spent[place] == pytest.approx(np.mean([np.log1p(each.sum()) for each in by_age]))
        assert found.again[place] == np.mean([len(each) > 1 for each in by_age])


def test_newcomers_who_do_not_come_back_are_told_so():
    rng = np.random.default_rng(13)
    shop = shop_of(days_of(rng, 2500, 330, pace=(3.0, 60.0)))
    new = shop.customers["Tenure"] <= 90
    later = shop.days["CustomerID"].duplicated() & shop.days["CustomerID"].isin(shop.customers.loc[new, "CustomerID"])
    (told,) = newcomers(shop_of(shop.days[~later]))
    assert "and 0 % have ordered again, then" in told.sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_newcomers_like_all_before_them_are_not_told():
    rng = np.random.default_rng(14)
    shops = (shop_of(days_of(rng, 600, 330)) for _ in range(60))
    assert false_alarms(newcomers, shops) <= allowed(60)


def silenced(rng, shop, share=0.1):
    """The same shop in which some regulars have stopped two thirds into their time with it."""
    regular = shop.customers[(shop.customers["Frequency"] >= 12) & (shop.customers["Tenure"] > 250)]
    gone = regular.sample(frac=share, random_state=int(rng.integers(100)))
    last = shop.days["Day"].max() - pd.Timedelta(days=150)
    lost = shop.days["CustomerID"].isin(gone["CustomerID"]) & (shop.days["Day"] > last)
    return shop_of(shop.days[~lost]), set(gone["CustomerID"])


def test_regulars_who_stopped_are_counted_as_the_link_counts_them():
    rng = np.random.default_rng(15)
    shop, gone = silenced(rng, shop_of(days_of(rng, 3000, pace=(1.0, 25.0))), 0.25)
    (told,) = overdue_regulars(shop)
    late = shop.customers[(shop.customers["Frequency"] >= ORDERS) & (shop.customers["Overdue"] >= GAPS)]
    assert told.filters == {"frequency": "5-", "overdue": "4-"}
    assert told.sentence.startswith(f"{len(late)} customers with 5 orders or more have been silent")
    assert told.money == pytest.approx(late["CLV_6m"].sum())
    assert len(gone & set(late["CustomerID"])) > 0.6 * len(gone)


@pytest.mark.parametrize("shape", [0.6, 1.0, 2.0], ids=["in bursts", "by chance", "on a rhythm"])
def test_regulars_on_their_own_rhythm_are_not_called_overdue(shape):
    rng = np.random.default_rng(16)
    shops = (shop_of(days_of(rng, 700, pace=(1.0, 40.0), shape=shape)) for _ in range(60))
    assert false_alarms(overdue_regulars, shops) <= allowed(60)


def test_insights_are_ranked_by_money_and_every_rule_is_named_once(plain):
    told = insights(plain)
    assert [each.money for each in told] == sorted((each.money for each in told), reverse=True)
    assert len({each.rule for each in told}) >= 3
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert {each.rule for each in told} <= set(names)


def test_few_customers_or_files_without_products_and_countries_tell_less_and_break_nothing(plain):
    assert insights(with_customers(plain, plain.customers.head(60))) == []
    bare = with_customers(plain, plain.customers.drop(columns=["PrimaryCountry", "CatShare_Toys", "CatShare_Bags"]))
    segments = [rule for rule in RULES if rule.of_segments or rule.find is country_outliers]
    assert [each.rule for each in insights(bare, segments)] == ["absence"]


def test_the_distance_of_a_group_drawn_by_lot_is_about_one_standard_error():
    rng = np.random.default_rng(6)
    values = rng.exponential(1.0, (400, 1))
    drawn = [distances(values, {0: rng.permutation(400) < 150})[0][0] for _ in range(1000)]
    assert np.std(drawn) == pytest.approx(1.0, abs=0.07)
