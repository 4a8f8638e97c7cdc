"""What is kept is kept whole, under the digest of what made it, and is never a pickle."""

import functools
import multiprocessing
import shutil
import sqlite3

import diskcache
import pandas as pd
import pytest

from pipeline import engine
from pipeline.errors import PipelineError
from pipeline.redis_shelf import RedisShelf
from pipeline.store import SIZE_LIMIT_BYTES, Store, code_digest, digest, file_digest


@pytest.fixture(params=["disk", "redis"])
def opened(request):
    """Opens a store, as one machine has it, and as many machines share it."""
    if request.param == "disk":
        return Store
    return functools.partial(_shared_store, request.getfixturevalue("redis_server").url)


def _shared_store(url, directory, size_limit_bytes=SIZE_LIMIT_BYTES):
    return Store(directory, size_limit_bytes, RedisShelf(directory, size_limit_bytes, url))


@pytest.fixture
def store(tmp_path, opened):
    one = opened(tmp_path / "store")
    yield one
    one.close()


@pytest.fixture
def local_store(tmp_path):
    one = Store(tmp_path / "store")
    yield one
    one.close()


@pytest.fixture
def table():
    return pd.DataFrame(
        {"CustomerID": ["12346", "12347"], "Frequency": [1, 7], "When": pd.to_datetime(["2011-01-18"] * 2)}
    )


def _put(store, key, table, tmp_path, **facts):
    engine.write_parquet(table, tmp_path / "table")
    store.put(key, {"customers": tmp_path / "table"}, facts)


def test_a_result_comes_back_as_it_was_put(store, table, tmp_path):
    _put(store, "features-1", table, tmp_path, warnings=["£ and ü"], n=2)
    pd.testing.assert_frame_equal(store.table("features-1", "customers"), table, check_dtype=False)
    assert store.facts("features-1") == {"warnings": ["£ and ü"], "n": 2}


def test_a_file_that_is_being_read_stays_when_the_same_result_is_put_again(store, table, tmp_path):
    _put(store, "features-1", table, tmp_path, n=1)
    being_read = store.path("features-1", "customers")
    _put(store, "features-1", table, tmp_path, n=1)
    assert being_read.exists()
    assert store.path("features-1", "customers") == being_read


def test_what_was_made_from_one_thing_is_measured_and_forgotten_alone(store, table, tmp_path):
    engine.write_parquet(table, tmp_path / "table")
    for key, tag in (("features-1", "one"), ("features-2", "one"), ("features-3", "other")):
        store.put(key, {"customers": tmp_path / "table"}, {"n": 1}, tag=tag)
    size = (tmp_path / "table").stat().st_size
    assert (store.volume("one"), store.volume("other"), store.volume("nothing")) == (2 * size, size, 0)
    store.forget("one")
    assert [store.has(f"features-{n}") for n in (1, 2, 3)] == [False, False, True]
    assert store.volume("one") == 0
    assert store.volume() >= size


@pytest.fixture
def folder(table, tmp_path):
    """A table in two parts, as a cluster writes it."""
    written = tmp_path / "parts"
    written.mkdir()
    for place in (0, 1):
        engine.write_parquet(table.iloc[[place]], written / f"part-0000{place}.parquet")
    (written / "_SUCCESS").touch()
    return written


def test_a_folder_of_parts_is_a_table_and_is_measured_and_forgotten_with_its_tag(store, table, folder):
    size = sum(part.stat().st_size for part in folder.iterdir())
    store.put("cleaning-1", {"transactions": folder}, {"n": 1}, tag="one")
    assert not folder.exists()
    pd.testing.assert_frame_equal(store.table("cleaning-1", "transactions"), table, check_dtype=False)
    pieces = list(engine.parquet_in_pieces(store.path("cleaning-1", "transactions")))
    assert sum(len(piece) for piece in pieces) == 2
    assert (store.volume("one"), store.volume("other")) == (size, 0)
    assert store.volume() >= size
    kept = store.path("cleaning-1", "transactions")
    store.forget("one")
    assert not store.has("cleaning-1")
    assert store.volume("one") == 0
    assert not kept.exists()


def test_a_folder_that_is_kept_stays_when_the_same_result_is_put_again(store, folder, tmp_path):
    again = shutil.copytree(folder, tmp_path / "again")
    store.put("cleaning-1", {"transactions": folder}, {"n": 1})
    being_read = store.path("cleaning-1", "transactions")
    inode = being_read.stat().st_ino
    store.put("cleaning-1", {"transactions": again}, {"n": 1})
    assert being_read.stat().st_ino == inode


def test_results_in_files_give_way_to_folders_of_which_the_disk_has_no_room_for_both(store, table, folder, tmp_path):
    engine.write_parquet(pd.DataFrame({"n": range(100_000)}), tmp_path / "table")
    store.put("features-1", {"customers": tmp_path / "table"}, {"n": 1})
    (folder / "part-00002.parquet").write_bytes(bytes(300_000))
    store.resize(300_000)
    assert store.has("features-1")
    store.put("cleaning-1", {"transactions": folder}, {"n": 1})
    assert not store.has("features-1")


def test_results_give_way_when_they_may_take_less_of_the_disk(store, tmp_path):
    (tmp_path / "table").write_bytes(bytes(2**20))
    for n in range(8):
        store.put(f"features-{n}", {"customers": tmp_path / "table"}, {})
    store.resize(4 * 2**20)
    assert store.volume() <= 4 * 2**20
    assert [store.has("features-0"), store.has("features-7")] == [False, True]


def test_a_result_survives_a_restart(store, opened, table, tmp_path):
    _put(store, "features-1", table, tmp_path, n=2)
    store.close()
    again = opened(tmp_path / "store")
    assert again.has("features-1")
    assert len(again.table("features-1", "customers")) == 2
    again.close()


def test_a_result_is_not_there_before_its_facts_are(store, table, tmp_path):
    engine.write_parquet(table, tmp_path / "table")
    with pytest.raises(ValueError, match="JSON"):
        store.put("features-1", {"customers": tmp_path / "table"}, {"share": float("nan")})
    assert not store.has("features-1")


def test_a_result_that_lost_a_table_is_not_there_and_can_be_put_again(local_store, table, tmp_path):
    _put(local_store, "features-1", table, tmp_path, n=2)
    local_store.path("features-1", "customers")
    with diskcache.Cache(str(tmp_path / "store")) as cache:
        cache.delete("features-1/customers")
    assert not local_store.has("features-1")
    _put(local_store, "features-1", table, tmp_path, n=2)
    assert local_store.has("features-1")


def test_what_is_not_kept_is_said_in_one_sentence(store):
    for look_up in (lambda: store.facts("gone"), lambda: store.table("gone", "customers")):
        with pytest.raises(PipelineError, match="not kept any more; run it again"):
            look_up()


def test_nothing_is_pickled(local_store, table, tmp_path):
    _put(local_store, "features-1", table, tmp_path, n=2)
    with sqlite3.connect(tmp_path / "store" / "cache.db") as index:
        modes = {mode for (mode,) in index.execute("select mode from Cache")}
    assert modes <= {1, 2, 3}, "diskcache's mode 4 is pickle"
    index.close()


def test_the_directory_is_its_owners_alone(store, tmp_path):
    assert (tmp_path / "store").stat().st_mode & 0o077 == 0


def test_above_the_limit_the_oldest_results_go(tmp_path, opened):
    small = opened(tmp_path / "small", size_limit_bytes=200_000)
    noise = pd.DataFrame({"x": range(20_000)})
    for number in range(12):
        _put(small, f"k{number}", noise, tmp_path, n=number)
    assert small.has("k11")
    assert not small.has("k0")
    small.close()


def _keys_seen(opened, directory, keys, answers):
    other = opened(directory)
    answers.put([other.has(key) for key in keys])
    other.close()


def test_another_process_sees_the_result(store, opened, table, tmp_path):
    _put(store, "features-1", table, tmp_path, n=2)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    worker = context.Process(target=_keys_seen, args=(opened, tmp_path / "store", ["features-1", "other"], answers))
    worker.start()
    assert answers.get(timeout=60) == [True, False]
    worker.join()


def test_equal_parts_have_equal_digests_whatever_the_order_of_names():
    assert digest({"a": 1, "b": [2.5]}) == digest({"b": [2.5], "a": 1})
    assert digest("ab", "c") != digest("a", "bc")


def test_a_files_digest_is_its_sha256(tmp_path):
    (tmp_path / "file").write_bytes(b"abc")
    assert file_digest(tmp_path / "file") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_digest_of_the_sources_is_the_same_each_time():
    assert code_digest() == code_digest()
    assert len(code_digest()) == 24
