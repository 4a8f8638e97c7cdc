"""New data, same segments: the model's own customers stay where they are, others are put in, drift is told."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import scoring
from pipeline.cli import main
from pipeline.clustering import drift
from pipeline.errors import SettingError
from pipeline.model_file import read_model, wanted_columns
from pipeline.simulation import simulate_shop


@pytest.fixture(scope="module")
def modelled(tmp_path_factory):
    """A folder with a shop, its segments and its model."""
    folder = tmp_path_factory.mktemp("scored")
    simulate_shop(folder / "shop.csv", customers=400, seed=2)
    asked = ["segment", str(folder / "shop.csv"), "--output", str(folder / "segments.csv")]
    assert main([*asked, "--model", str(folder / "model.json"), "--data-dir", str(folder / "data")]) == 0
    return folder


def score(folder, source, *more):
    out = folder / "scored.csv"
    asked = ["score", str(source), "--model", str(folder / "model.json"), "--output", str(out)]
    return main([*asked, "--data-dir", str(folder / "data"), *more]), out


def test_the_very_file_of_the_model_keeps_its_segments(modelled, capsys):
    done, out = score(modelled, modelled / "shop.csv")
    assert done == 0
    told = capsys.readouterr().err
    assert "Days since the last order hardly changed (stability index 0.00)." in told
    assert "make new segments" not in told
    again, first = (pd.read_csv(file, dtype={"CustomerID": str}) for file in (out, modelled / "segments.csv"))
    assert again["CustomerID"].tolist() == first["CustomerID"].tolist()
    for column in ("Cluster_KMeans", "Segment_KMeans", "Cluster_GMM", "Segment_RFM"):
        assert again[column].tolist() == first[column].tolist()
    for column in ("Cluster_Hierarchical", "Cluster_HDBSCAN"):
        assert (again[column] == first[column]).mean() > 0.6


def test_later_customers_are_put_in_without_fitting_and_their_change_is_told(modelled, tmp_path, capsys):
    simulate_shop(tmp_path / "later.csv", customers=300, seed=9)
    lines = pd.read_csv(tmp_path / "later.csv", dtype=str)
    lines.assign(Quantity=(pd.to_numeric(lines["Quantity"]) * 40).astype(int)).to_csv(
        tmp_path / "rich.csv", index=False
    )
    done, out = score(modelled, tmp_path / "rich.csv", "--method", "kmeans", "--k", "3")
    assert done == 0
    told = capsys.readouterr().err
    assert "Spend changed much" in told
    assert "make new segments before you act on them" in told
    table = pd.read_csv(out)
    model = json.loads((modelled / "model.json").read_text())
    assert set(table["Segment_KMeans"]) <= set(model["clusterings"]["kmeans_3"]["names"].values())
    assert "Segment_RFM" not in table


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--method", "kmedians"], "There is no method 'kmedians'"),
        (["--method", "kmeans", "--k", "11"], "The model has no segments kmeans_11"),
    ],
)
def test_segments_that_the_model_does_not_have_are_refused_in_one_sentence(modelled, capsys, more, told):
    done, _ = score(modelled, modelled / "shop.csv", *more)
    assert done == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("part", ["recipe", "preparation", "clusterings", "reference", "customers", "span"])
@pytest.mark.parametrize("damage", [{}, None, "x", []])
def test_a_damaged_model_is_refused_in_one_sentence(modelled, tmp_path, capsys, part, damage):
    known = json.loads((modelled / "model.json").read_text())
    for broken in ({**known, part: damage}, {name: own for name, own in known.items() if name != part}):
        (tmp_path / "broken.json").write_text(json.dumps(broken))
        asked = ["score", str(modelled / "shop.csv"), "--model", str(tmp_path / "broken.json")]
        assert main([*asked, "--output", str(tmp_path / "out.csv"), "--data-dir", str(modelled / "data")]) == 2
        told = capsys.readouterr().err
        assert f"is a damaged model: its {part} is missing or not whole" in told
        assert "Traceback" not in told


def test_a_file_that_reaches_less_far_back_is_told_to_be_short(modelled, tmp_path, capsys):
    lines = pd.read_csv(modelled / "shop.csv", dtype=str)
    days = pd.to_datetime(lines["InvoiceDate"], dayfirst=True, errors="coerce", format="mixed")
    lines[days > days.max() - pd.Timedelta(days=60)].to_csv(tmp_path / "late.csv", index=False)
    done, _ = score(modelled, tmp_path / "late.csv", "--method", "rfm_grid")
    assert done == 0
    assert "old customers look like new ones" in capsys.readouterr().err
    assert score(modelled, modelled / "shop.csv")[0] == 0
    assert "old customers" not in capsys.readouterr().err


def moved(folder, target, days):
    """The model's shop, the same to the penny, so many days later."""
    lines = pd.read_csv(folder / "shop.csv", dtype=str)
    when = pd.to_datetime(lines["InvoiceDate"], dayfirst=True, format="mixed") + pd.Timedelta(days=days)
    lines.assign(InvoiceDate=when.dt.strftime("%Y-%m-%d %H:%M")).to_csv(target, index=False)
    return target


@pytest.mark.parametrize(
    ("years", "told", "other"),
    [
        (12, "10 years after that of the model ends", "the earlier one"),
        (-3, "it is the earlier one, so nobody has become what stands here", "after that of the model ends"),
    ],
)
def test_a_file_of_another_time_is_told(modelled, tmp_path, capsys, years, told, other):
    assert (
        score(modelled, moved(modelled, tmp_path / "other.csv", round(365.25 * years)), "--method", "rfm_grid")[0] == 0
    )
    said = capsys.readouterr().err
    assert told in said
    assert other not in said


SPAN = {"first": "2010-12-01", "last": "2011-11-30"}


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2010-12-01", "2012-02-28", []),
        ("2011-12-01", "2012-11-30", []),
        ("2012-01-01", "2012-12-31", []),
        ("2012-01-02", "2012-12-31", ["32 days after that of the model ends"]),
        ("2012-01-02", "2012-03-01", ["covers 60 days", "32 days after that of the model ends"]),
        ("2023-12-01", "2024-11-30", ["12 years after that of the model ends"]),
        ("2010-01-01", "2011-11-29", ["the earlier one"]),
    ],
)
def test_days_that_do_not_go_on_from_those_of_the_model_are_told(first, last, told):
    found = [sentence.replace("\xa0", " ") for sentence in scoring.of_time(SPAN, {"first": first, "last": last})]
    assert len(found) == len(told)
    assert all(words in sentence for words, sentence in zip(told, found, strict=True))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (None, "There is no model"),
        ("{", "not JSON"),
        ("[]", "not a model of"),
        ('{"kind": "segment-studio-model"}', "version None"),
    ],
)
def test_what_is_no_model_is_refused_in_one_sentence(tmp_path, written, told):
    if written is not None:
        (tmp_path / "model.json").write_text(written)
    with pytest.raises(SettingError, match=told):
        read_model(tmp_path / "model.json")


def test_the_clusterings_asked_for_are_those_of_every_method_at_the_recipes_k(modelled):
    known = read_model(modelled / "model.json")
    assert wanted_columns(known, None, None) == [
        "kmeans_4",
        "hierarchical_4",
        "gaussian_mixture_4",
        "hdbscan",
        "rfm_grid",
    ]


@settings(deadline=None)
@given(values=st.lists(st.integers(0, 30), min_size=20, max_size=200))
def test_the_index_is_nil_for_the_same_values_and_never_negative(values):
    numbers = np.array(values, dtype=float)
    known = drift.reference(numbers)
    assert sum(known["shares"]) == pytest.approx(1.0)
    assert drift.stability_index(known, numbers) == pytest.approx(0.0, abs=1e-12)
    assert drift.stability_index(known, numbers + 7) >= 0


def test_the_index_is_its_formula():
    old, new = np.array([0.5, 0.5]), np.array([0.7, 0.3])
    assert drift.index(old, new) == pytest.approx(0.2 * np.log(1.4) - 0.2 * np.log(0.6))
    assert [drift.in_words(found) for found in (0.05, 0.2, 0.3)] == [
        "hardly changed",
        "changed somewhat",
        "changed much",
    ]
