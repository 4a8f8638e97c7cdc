"""The benchmark may only call itself faster at equal results, so a difference must not go unseen."""

import pandas as pd
import pytest

from benchmarks.agreement import Findings, checks, same_partition
from benchmarks.processes import Cost, cost_of
from benchmarks.report import Row, checks_table, costs_table


@pytest.fixture
def found():
    people = pd.Index(["1", "2", "3", "4"], name="CustomerID")
    customers = pd.DataFrame(
        {
            "Recency": [1, 2, 3, 4],
            "Frequency": [4, 3, 2, 1],
            "Monetary": [10.0, 20.0, 30.0, 40.0],
            "IsUK": [1, 1, 0, 1],
            "PrimaryCountry": ["United Kingdom", "United Kingdom", "France", "United Kingdom"],
            "CatShare_Bags": [0.5, 0.0, 1.0, 0.25],
            "frequency": [3, 2, 1, 0],
            "recency": [100, 50, 20, 0],
            "T": [101, 52, 23, 4],
            "monetary_value": [2.5, 6.0, 15.0, 0.0],
            "ExpectedOrders_6m": [2.0, 1.5, 1.0, 0.5],
            "CLV_6m": [5.0, 9.0, 15.0, 20.0],
        },
        index=people,
    )
    methods = ("kmeans", "hierarchical", "gaussian_mixture")
    labels = pd.DataFrame({f"{method}_2": [0, 0, 1, 1] for method in methods}, index=people)
    evaluation = pd.DataFrame(
        {"silhouette": [0.5, 0.4, 0.3], "inertia": [8.0, None, None]},
        index=pd.MultiIndex.from_tuples([(method, 2) for method in methods], names=["method", "k"]),
    ).sort_index()
    return Findings(customers, labels, evaluation, {"lines": 9, "invoices": 7, "revenue": 100.0})


def test_equal_findings_agree_in_everything(found):
    assert all(check.agrees for check in checks(found, found))


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("Recency", 9, "Recency"),
        ("Monetary", 10.01, "Monetary"),
        ("PrimaryCountry", "Spain", "PrimaryCountry"),
        ("CatShare_Bags", 0.51, "CatShare_*"),
        ("T", 100, "purchase history: T"),
        ("CLV_6m", 5.1, "CLV_6m, months of the same length"),
    ],
)
def test_a_different_value_of_one_customer_is_told(found, column, value, told):
    changed = found.customers.copy()
    changed.loc["1", column] = value
    differing = [check.what for check in checks(found, found._replace(customers=changed)) if not check.agrees]
    assert differing == [told]


def test_a_missing_customer_or_value_is_told(found):
    fewer = checks(found, found._replace(customers=found.customers.iloc[1:]))
    assert [check.agrees for check in fewer] == [False]
    empty = found.customers.assign(CLV_6m=float("nan"))
    assert not all(check.agrees for check in checks(found, found._replace(customers=empty)))


def test_other_ward_labels_other_revenue_and_a_worse_k_means_are_told(found):
    labels = found.labels.assign(hierarchical_2=[0, 1, 1, 1])
    worse = found.evaluation.assign(inertia=found.evaluation["inertia"] * 1.01)
    facts = found.facts | {"revenue": 100.01}
    differing = [
        check.what for check in checks(found, Findings(found.customers, labels, worse, facts)) if not check.agrees
    ]
    assert differing == ["revenue", "Ward labels", "k-means inertia, ours by theirs"]


def test_labels_with_other_numbers_are_the_same_partition():
    assert same_partition(pd.Series([0, 0, 1, 2]), pd.Series([2, 2, 0, 1]))
    assert not same_partition(pd.Series([0, 0, 1, 2]), pd.Series([2, 2, 0, 0]))
    assert not same_partition(pd.Series([0, 0, 1, 1]), pd.Series([2, 2, 0, 1]))


def test_the_table_shows_medians_the_least_of_processor_time_and_how_many_times_less(found):
    row = Row("reading", [Cost(9, 300), Cost(4, 200), Cost(5, 250)], [Cost(1, 100), Cost(2, 100), Cost(1, 90)])
    assert costs_table([row]).splitlines()[2] == "| reading | 5.00 | 1.00 | 5.0x | 250 | 100 | 2.5x |  |"
    timed = Row("whole", [Cost(9, 300, 6.0), Cost(9, 300, 8.0)], [Cost(3, 300, 1.5), Cost(3, 300, 1.9)])
    assert costs_table([timed]).endswith("| 3.0x | 300 | 300 | 1.0x | 6.0 / 1.5 = 4.0x |")
    alone = Row("backtest", [], [Cost(0.5, 90)])
    assert costs_table([alone]).endswith("| backtest (ours only) | | 0.50 | | | 90 | | |")
    assert "**NO**" not in checks_table(checks(found, found))


def test_a_process_is_measured_and_its_failure_is_told():
    small, large = cost_of(["-c", "pass"]), cost_of(["-c", "held = bytearray(80_000_000)"])
    assert small.seconds > 0
    assert large.peak_memory_mb - small.peak_memory_mb > 60
    with pytest.raises(RuntimeError, match="nothing to see"):
        cost_of(["-c", "raise SystemExit('nothing to see')"])
