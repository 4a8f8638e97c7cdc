"""The model card tells what a run did, in numbers that are those of the run."""

import pytest

from pipeline import formats
from pipeline.report import model_card


def test_the_sentences_hold_the_runs_own_numbers(reported):
    worth = reported.segmentation.customers()["CLV_6m"]
    data, value, segments = model_card.sentences(reported.segmentation, worth, "kmeans", 3)
    cleaned = reported.segmentation.facts("cleaning")
    assert formats.count(cleaned["rows"]) in data
    assert formats.money(cleaned["money"]) in data
    assert formats.money(worth.sum()) in value
    assert segments.startswith("K-means with 3 segments")


def test_parameters_are_those_of_the_models_and_nothing_else():
    models = {
        "bg_nbd": {"r": 0.8, "alpha": 68.123456},
        "bg_nbd_standard_errors": {"r": 0.0312, "alpha": 4.1},
        "gamma_gamma": {"p": 2.1, "note": "text"},
        "log_likelihood": -3.0,
    }
    table = model_card.parameters(models)
    assert table["Parameter"].tolist() == ["r", "alpha", "p"]
    assert table["Value"].tolist() == ["0.8000", "68.1235", "2.1000"]
    assert table["Standard error"].tolist() == ["0.0312", "4.1000", "–"]


def test_every_fitted_parameter_of_a_run_is_shown(reported):
    table = model_card.parameters(reported.segmentation.models())
    assert table["Parameter"].tolist() == ["r", "alpha", "a", "b", "p", "q", "v"]


def test_categories_come_by_share_and_other_last():
    table = model_card.coverage({"coverage": {"Other": 0.6, "Bags": 0.1, "HomeDecor": 0.3}})
    assert table["Category"].tolist() == ["Home decor", "Bags", "Other, no keyword matches"]


def test_the_coverage_of_a_run_adds_up(reported):
    facts = reported.segmentation.coverage()
    assert model_card.coverage(facts)["Share"].sum() == pytest.approx(1)
    assert len(model_card.unmatched(facts, most=3)) <= 3
