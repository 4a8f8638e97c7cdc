"""What the data directory keeps, and that no id from a browser leads out of it."""

import hashlib
import json

import pytest

from pipeline.errors import PipelineError
from pipeline.recipe import RECIPES
from webapp import disk, workspace
from webapp.sources import Source
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
    assert dataset.sources[0].path.read_bytes() == CONTENTS
    assert (dataset.name, dataset.bytes) == ("orders of May.csv", len(CONTENTS))
    assert list(here.incoming.iterdir()) == []


def test_the_same_contents_are_kept_once_under_their_latest_name(here, monkeypatch):
    monkeypatch.setattr(workspace, "_now", lambda: "2026-01-01T00:00:00+00:00")
    first = here.adopt(arrived(here), "one.csv")
    monkeypatch.setattr(workspace, "_now", lambda: "2026-02-01T00:00:00+00:00")
    again = here.adopt(arrived(here), "other.csv")
    assert (again.name, again.added) == ("other.csv", "2026-02-01T00:00:00+00:00")
    assert (again.id, again.sources[0].path.read_bytes()) == (first.id, CONTENTS)
    assert here.datasets() == [again]
    assert sorted(each.name for each in again.folder.iterdir()) == ["dataset.json", "source.csv"]
    assert list(here.incoming.iterdir()) == []


def test_data_sets_are_listed_newest_first_after_a_restart(here):
    for day, contents in (("2026-01-01", b"a"), ("2026-01-03", b"b"), ("2026-01-02", b"c")):
        folder = here.adopt(arrived(here, contents), f"{day}.csv").folder
        facts = json.loads((folder / "dataset.json").read_text())
        (folder / "dataset.json").write_text(json.dumps({**facts, "added": day}))
    names = [dataset.name for dataset in Workspace(here.directory).datasets()]
    assert names == ["2026-01-03.csv", "2026-01-02.csv", "2026-01-01.csv"]


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/passwd", "a\0b.csv", "x." + "y" * 300, "noextension", ".csv"])
def test_a_file_is_never_named_on_the_disk_by_what_its_sender_calls_it(here, name):
    dataset = here.adopt(arrived(here), name)
    assert dataset.folder.parent == here.raw
    assert dataset.sources[0].path.name.startswith("source")
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
    assert not dataset.sources[0].path.exists()
    with pytest.raises(PipelineError, match="upload the file again"):
        here.dataset(dataset.id)


def test_a_data_set_that_an_older_version_kept_is_still_read(here):
    folder = here.adopt(arrived(here), "one.csv").folder
    facts = {"name": "one.csv", "bytes": 24, "digest": hashlib.sha256(CONTENTS).hexdigest(), "added": "2026-01-01"}
    (folder / "dataset.json").write_text(json.dumps({**facts, "source": "source.csv"}))
    (dataset,) = here.datasets()
    assert (dataset.name, dataset.bytes, dataset.digest, dataset.id) == ("one.csv", 24, facts["digest"], folder.name)
    assert dataset.files == {"one.csv": folder / "source.csv"}


def test_several_files_lie_together_under_plain_names_and_are_known_by_their_own(here):
    told = [("b.csv", b"1"), ("b.csv", b"2"), ("../c.txt", b"3")]
    arrivals = [
        Source(name, 1, hashlib.sha256(contents).hexdigest(), arrived(here, contents, f"{n}.part"))
        for n, (name, contents) in enumerate(told)
    ]
    dataset = here.take_in(arrivals)
    assert sorted(path.name for path in dataset.folder.iterdir()) == [
        "dataset.json",
        "source-2.csv",
        "source-3.csv",
        "source.txt",
    ]
    assert sorted(dataset.files) == ["../c.txt", "b.csv", "b.csv (2)"]
    assert dataset.name == "../c.txt and 2 more files"
    assert Workspace(here.directory).dataset(dataset.id) == dataset
    assert list(here.incoming.iterdir()) == []


def test_without_hard_links_a_file_is_copied(here, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.hardlink_to", refused)
    assert here.adopt(arrived(here), "one.csv").files["one.csv"].read_bytes() == CONTENTS


def test_a_data_set_is_renamed_and_its_files_keep_their_names(here):
    dataset = here.adopt(arrived(here), "one.csv")
    renamed = here.rename(dataset.id, "  The UK\tshop 2011 ")
    assert renamed == here.dataset(dataset.id)
    assert (renamed.name, list(renamed.files), renamed.added) == ("The UK shop 2011", ["one.csv"], dataset.added)
    with pytest.raises(PipelineError, match="needs a name"):
        here.rename(dataset.id, " \n ")
    assert len(here.rename(dataset.id, "x" * 5000).name) == workspace.NAME_LENGTH


def test_what_is_removed_frees_what_was_told_and_leaves_other_results(here, tmp_path):
    one, other = here.adopt(arrived(here), "one.csv"), here.adopt(arrived(here, b"other"), "other.csv")
    (tmp_path / "table").write_bytes(bytes(1000))
    for dataset in (one, other):
        here.store.put(f"reading-{dataset.id}", {"table": tmp_path / "table"}, {}, tag=dataset.digest)
    here.keep_recipe(RECIPES["classic"])
    assert here.frees(one) == 1000 + sum(path.stat().st_size for path in one.folder.iterdir())
    before = here.usage()
    freed = here.frees(one)
    here.forget(one.id)
    after = here.usage()
    assert before.uploads + before.results - freed == after.uploads + after.results
    assert [here.store.has(f"reading-{dataset.id}") for dataset in (one, other)] == [False, True]
    assert list(here.recipes.iterdir()) != []


def test_a_file_that_another_data_set_needs_too_frees_nothing(here):
    one = here.adopt(arrived(here), "one.csv")
    other = arrived(here, b"other")
    here.take_in([Source("other.csv", 5, hashlib.sha256(b"other").hexdigest(), other)], onto=one)
    assert here.frees(one) == (one.folder / "dataset.json").stat().st_size


def test_when_and_how_a_data_set_was_looked_at_last_is_remembered(here):
    dataset = here.adopt(arrived(here), "one.csv")
    assert here.last_opened(dataset) == (None, None)
    here.opened(dataset, "abcdef0123456789")
    at, recipe = Workspace(here.directory).last_opened(dataset)
    assert (at[:4].isdigit(), recipe) == (True, "abcdef0123456789")


def test_results_may_take_what_uploads_leave_and_at_least_a_tenth():
    assert disk.room_for_results(limit=1000, uploads=300) == 700
    assert disk.room_for_results(limit=1000, uploads=5000) == 100


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
