"""The list of data sets: what it says of each, and that deleting one deletes everything that came of it."""

import shutil

import pytest

from pipeline import segmentation
from pipeline.errors import PipelineError
from pipeline.recipe import BALANCED
from webapp import datasets, finished, jobs, landing
from webapp.server import create_app
from webapp.settings import Server
from webapp.views import View


@pytest.fixture
def own_shop(finished_shop, tmp_path):
    """The finished shop in a running app of its own, since it will be changed."""
    shutil.copytree(finished_shop.here.directory, tmp_path / "data")
    app = create_app(Server(data_dir=str(tmp_path / "data"), port=0))
    with app.server.app_context():
        yield app


def told():
    return str(datasets.section()).replace("\\xa0", " ")


def test_an_empty_place_has_no_list(tmp_path):
    app = create_app(Server(data_dir=str(tmp_path)))
    with app.server.app_context():
        assert "Your data" not in told()


def test_a_data_set_is_listed_with_its_size_and_what_was_found_in_it(own_shop, finished_shop):
    said = told()
    cleaned = finished_shop.segmentation.facts("cleaning")
    assert f"{cleaned['customers']} customers" in said
    assert "not opened yet" in said
    assert "of 50.0 GB used: uploads" in said
    assert "Delete =shop, 2011.csv?" in said


def test_a_data_set_whose_last_recipe_is_gone_is_listed_all_the_same(own_shop, finished_shop):
    here = datasets.workspace.current()
    here.opened(here.dataset(finished_shop.data), "0" * 24)
    said = told()
    assert "=shop, 2011.csv" in said
    assert " customers" not in said


def test_deleting_takes_the_results_in_memory_and_on_disk_and_the_runs_under_way(own_shop, finished_shop, monkeypatch):
    here = datasets.workspace.current()
    dataset, stopped = here.dataset(finished_shop.data), []
    held = finished.finished(View(dataset.id))
    monkeypatch.setattr(jobs.JobManager, "cancel_where", lambda _, concerned: stopped.append(concerned))
    before = here.usage()
    freed = datasets.remove(dataset)
    after = here.usage()
    assert after.uploads == 0
    assert before.uploads + before.results - freed >= after.results  # the index itself may shrink too
    assert stopped[0]([{"data": dataset.id, "recipe": None}])
    assert not stopped[0]([{"data": "another"}])
    assert segmentation.find(dataset.digest, BALANCED, here.store) is None
    assert held not in finished._SHELF._kept.values()
    with pytest.raises(PipelineError, match="no data set"):
        finished.finished(View(dataset.id))


def test_adding_files_to_what_is_gone_is_a_sentence_with_a_way_on(own_shop):
    said = str(landing.page(onto="0" * 24))
    assert "There is no data set" in said
