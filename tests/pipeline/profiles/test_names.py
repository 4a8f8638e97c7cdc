"""Names of segments: unique, of the segment's own customers, the same under another k, and changed by people."""

import numpy as np
import pandas as pd
import pytest

from pipeline.clustering.labels import KEY_ACCOUNTS, NOISE
from pipeline.errors import SettingError
from pipeline.features.rfm_scores import CELLS
from pipeline.profiles import playbook
from pipeline.profiles.names import Names, check_names, segment_names


@pytest.fixture
def customers():
    """A hundred customers, the first the most recent with the most orders."""
    place = np.arange(100)
    return pd.DataFrame(
        {
            "Recency": place * 3.0,
            "Frequency": 100 - place,
            "Monetary": 1000.0 - place,
            "IsUK": 1,
            "CatShare_Bags": 0.1,
            "CatShare_Other": 0.9,
        }
    )


def thirds(customers):
    return pd.Series(np.arange(len(customers)) * 3 // len(customers), index=customers.index)


def names(customers, labels, by_rule=None, given=None):
    return {
        number: named.name for number, named in segment_names(customers, labels, by_rule or {}, given or {}).items()
    }


def test_a_segment_is_called_by_where_its_middle_customer_stands(customers):
    assert names(customers, thirds(customers)) == {0: "Champions", 1: "Need attention", 2: "Hibernating"}


def test_the_same_customers_keep_their_name_under_another_k(customers):
    three = thirds(customers)
    four = three.mask((three == 2) & (np.arange(100) > 85), 3)
    assert {name: names(customers, four)[name] for name in (0, 1)} == {0: "Champions", 1: "Need attention"}


def test_segments_of_one_kind_are_told_apart_by_what_differs(customers):
    rich = pd.concat([customers, customers.assign(Monetary=lambda rows: rows["Monetary"] * 50)], ignore_index=True)
    labels = pd.Series(np.repeat([1, 0], 100))
    found = names(rich, labels)
    assert found == {0: "Need attention, big spenders", 1: "Need attention, small spenders"}
    abroad = customers.assign(IsUK=(np.arange(100) % 2))
    assert names(abroad, pd.Series(np.arange(100) % 2)) == {0: "Need attention, abroad", 1: "Need attention, at home"}


def test_a_segment_whose_spend_is_that_of_a_few_is_not_called_by_its_middle_customer(customers):
    small = customers.assign(Monetary=np.arange(100) % 10 + 1.0)
    few = small.assign(Monetary=lambda rows: rows["Monetary"].where(np.arange(100) % 10 > 0, 9000.0))
    others = customers.assign(Recency=0.0, Frequency=500, Monetary=5000.0)
    labels = pd.Series(np.repeat([1, 2, 0], 100))
    found = names(pd.concat([small, few, others], ignore_index=True), labels)
    assert found[2].endswith(", a few big spenders")
    assert found[1].endswith("small spenders")


def test_names_are_unique_even_where_nothing_differs(customers):
    alike = pd.concat([customers.iloc[[50]]] * 60, ignore_index=True)
    found = names(alike, pd.Series(np.arange(60) % 15))
    assert len(set(found.values())) == 15


def test_groups_that_are_no_segments_have_their_own_names(customers):
    labels = thirds(customers).replace({0: KEY_ACCOUNTS, 2: NOISE})
    found = segment_names(customers, labels, {}, {})
    assert [named.name for named in found.values()] == ["Key accounts", "In no segment", "Need attention"]


def test_names_by_rule_and_by_people_come_first_and_leave_the_kind(customers):
    found = segment_names(customers, thirds(customers), {}, {1: "Friends"})
    assert found[1][:2] == ("Friends", "Need attention")
    assert names(customers, thirds(customers), by_rule={0: "Loyal"})[0] == "Loyal"
    assert names(customers, thirds(customers), given={1: "Champions"}) == {
        0: "Champions",
        1: "Champions 2",
        2: "Hibernating",
    }


def test_given_names_survive_json_and_belong_to_one_clustering():
    named = Names().with_names("kmeans_4", {0: " Friends ", 2: "Élite"}).with_names("hdbscan", {0: "Crowd"})
    again = Names.from_json(named.to_json())
    assert again.of("kmeans_4") == {0: "Friends", 2: "Élite"}
    assert again.of("hdbscan") == {0: "Crowd"}
    assert again.of("kmeans_3") == {}
    assert again.with_names("kmeans_4", {}).with_names("hdbscan", {}) == Names()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("nonsense", "must look like"),
        ("[1]", "must look like"),
        ('{"kmeans_4": {"x": "A"}}', "must look like"),
        ('{"kmeans_4": {"0": ""}}', "1 to 40 characters"),
        ('{"kmeans_4": {"0": 7}}', "1 to 40 characters"),
        ('{"kmeans_4": {"0": "A", "1": "a "}}', "two segments would be called"),
    ],
)
def test_names_that_cannot_be_are_refused_in_one_sentence(written, told):
    with pytest.raises(SettingError, match=told):
        Names(given=written)


def test_names_are_checked_together_before_they_are_kept():
    check_names({0: "A", 1: "B"})
    with pytest.raises(SettingError, match="cannot be kept: two segments"):
        check_names({0: "A", 1: "A"})


def test_there_is_something_to_do_for_every_kind():
    assert set(playbook.ACTIONS) == {*CELLS, "Key accounts", "In no segment"}
