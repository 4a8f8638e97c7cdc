"""A small base of customers whose numbers can be checked by eye, and a small shop with finished results."""

from dataclasses import dataclass

import flask
import pandas as pd
import pytest

from pipeline import segmentation
from pipeline.recipe import BALANCED
from pipeline.results import Segmentation
from pipeline.simulation import simulate_shop
from webapp import workspace
from webapp.views import View
from webapp.workspace import Workspace


@pytest.fixture
def customers() -> pd.DataFrame:
    """Eight customers in three segments; Segment 0 spends most, one of them has an expected value of zero."""
    return pd.DataFrame(
        {
            "CustomerID": ["12346", "12347", "12348", "12349", "12350", "12352", "12353", "12354"],
            "Recency": [1, 5, 30, 40, 120, 200, 300, 373],
            "Frequency": [60, 20, 6, 4, 2, 1, 1, 1],
            "Monetary": [10_000.0, 4_000.0, 900.0, 700.0, 200.0, 100.0, 60.0, 40.0],
            "CatShare_Bags": [0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            "CatShare_Kitchen": [0.25] * 8,
            "CatShare_HomeDecor": [0.25, 0.25, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75],
            "CatShare_Toys": [0.0] * 8,
            "CatShare_Other": [0.0] * 8,
            "PrimaryCountry": ["United Kingdom"] * 4 + ["France", "France", "Germany", None],
            "IsUK": [1, 1, 1, 1, 0, 0, 0, 0],
            "CLV_6m": [5_000.0, 2_000.0, 500.0, 300.0, 80.0, 20.0, 5.0, 0.0],
            "Segment": [0, 0, 1, 1, 2, 2, 2, 2],
        }
    )


@pytest.fixture
def names() -> dict[int, str]:
    return {0: "Segment 0 · frequent", 1: "Segment 1 · average", 2: "Segment 2 · lapsed"}


@dataclass(frozen=True)
class Shop:
    """A data directory in which the results of one small shop are finished."""

    here: Workspace
    data: str
    segmentation: Segmentation

    def view(self, **asked) -> View:
        return View.from_address(self.data, None, **asked)


@pytest.fixture(scope="session")
def finished_shop(tmp_path_factory) -> Shop:
    folder = tmp_path_factory.mktemp("shop")
    arrived = folder / "=shop, 2011.csv"
    simulate_shop(arrived, customers=400, seed=11)
    here = Workspace(folder / "data")
    dataset = here.adopt(arrived, arrived.name)
    done = segmentation.run(dataset.files, BALANCED, here.store, source_digest=dataset.digest)
    return Shop(here, dataset.id, done)


@pytest.fixture
def served(finished_shop):
    """A function: what wires addresses to a server -> a browser of a server that has the small shop."""

    def browser(register):
        server = flask.Flask("test")
        server.config[workspace.SETTING] = finished_shop.here
        register(server)
        return server.test_client()

    return browser


@pytest.fixture
def shop(finished_shop):
    """The small shop, as callbacks and layouts see it: inside the running app."""
    app = flask.Flask("test")
    app.config[workspace.SETTING] = finished_shop.here
    with app.app_context():
        yield finished_shop
