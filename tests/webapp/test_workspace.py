"""What the data directory keeps, and that no id from a browser leads out of it."""

import hashlib
import json

import pytest

from pipeline.errors import PipelineError
from pipeline.recipe import RECIPES
from webapp import workspace
from webapp.workspace import Workspace

CONTENTS = b"InvoiceNo,StockCode\n1,2\n"
STRANGE_IDS = [
    "..",
    "../../etc/passwd",
    "%2e%2e",
    "ABCDEF0123456789",
    "",
    "a" * 65,
    "12345678\n",
    "no such thing",
    "dead",
]


@pytest.fixture
def here(tmp_path):
    return Workspace(tmp_path / "data")


def arrived(here, contents=CONTENTS, name="arrived.part"):
    path = here.incoming / name
    path.write_bytes(contents)
    return path


def test_a_file_is_kept_under_the_digest_of_its_contents(here):
    dataset = here.adopt(arrived(here), "orders of May.csv")
    assert dataset.digest == hashlib.sha256(CONTENTS).hexdigest()
    assert dataset.id == dataset.digest[:24]
    assert dataset.source.read_bytes() == CONTENTS
    assert (dataset.name, dataset.bytes) == ("orders of May.csv", len(CONTENTS))
    assert list(here.incoming.iterdir()) == []


def test_the_same_contents_are_kept_once_under_their_latest_name(here, monkeypatch):
    monkeypatch.setattr(workspace, "_now", lambda: "2026-01-01T00:00:00+00:00")
    first = here.adopt(arrived(here), "one.csv")
    monkeypatch.setattr(workspace, "_now", lambda: "2026-02-01T00:00:00+00:00")
    again = here.adopt(arrived(here), "other.csv")
    assert (again.name, again.added) == ("other.csv", "2026-02-01T00:00:00+00:00")
    assert (again.id, again.source.read_bytes()) == (first.id, CONTENTS)
    assert here.datasets() == [again]
    assert sorted(each.name for each in again.source.parent.iterdir()) == ["dataset.json", "source.csv"]
    assert list(here.incoming.iterdir()) == []


def test_data_sets_are_listed_newest_first_after_a_restart(here):
    for day, contents in (("2026-01-01", b"a"), ("2026-01-03", b"b"), ("2026-01-02", b"c")):
        folder = here.adopt(arrived(here, contents), f"{day}.csv").source.parent
        facts = json.loads((folder / "dataset.json").read_text())
        (folder / "dataset.json").write_text(json.dumps({**facts, "added": day}))
    names = [dataset.name for dataset in Workspace(here.directory).datasets()]
    assert names == ["2026-01-03.csv", "2026-01-02.csv", "2026-01-01.csv"]


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/passwd", "a\0b.csv", "x." + "y" * 300, "noextension", ".csv"])
def test_a_file_is_never_named_on_the_disk_by_what_its_sender_calls_it(here, name):
    dataset = here.adopt(arrived(here), name)
    assert dataset.source.parent.parent == here.raw
    assert dataset.source.name.startswith("source")
    assert dataset.name == name


@pytest.mark.parametrize("id", STRANGE_IDS)
def test_an_id_that_is_none_is_a_sentence(here, id):
    (here.directory / "secret.json").write_text("{}")
    with pytest.raises(PipelineError, match=r"^[A-Z].*\.$"):
        here.dataset(id)
    with pytest.raises(PipelineError, match=r"^[A-Z].*\.$"):
        here.recipe(id)


def test_a_file_that_was_removed_is_gone_and_says_so(here):
    dataset = here.adopt(arrived(here), "one.csv")
    here.forget(dataset.id)
    assert here.datasets() == []
    assert not dataset.source.exists()
    with pytest.raises(PipelineError, match="upload the file again"):
        here.dataset(dataset.id)


def test_a_recipe_is_found_again_by_its_id(here):
    for recipe in RECIPES.values():
        assert here.keep_recipe(recipe) == recipe.digest()
        assert Workspace(here.directory).recipe(recipe.digest()) == recipe


def test_without_a_recipe_the_default_one_is_meant(here):
    assert here.recipe(None) == RECIPES[workspace.DEFAULT_RECIPE]


def test_a_delivered_recipe_need_not_be_kept_to_be_found(here):
    assert here.recipe(RECIPES["classic"].digest()) == RECIPES["classic"]


def test_looking_for_results_computes_nothing(here):
    dataset = here.adopt(arrived(here), "one.csv")
    assert here.find(dataset.id, None) is None


def test_a_file_is_written_whole_or_not_at_all(here, monkeypatch):
    path = here.recipes / "kept.json"
    workspace.write_whole(path, "first")

    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.replace", broken)
    with pytest.raises(OSError, match="disk full"):
        workspace.write_whole(path, "second")
    assert path.read_text() == "first"


def test_a_job_finds_the_data_directory_in_its_environment(here, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(here.directory))
    assert workspace.current().directory == here.directory
