"""What is special where many machines share results: files in one directory, their index in Redis."""

import os
import threading
import time

import pytest
import redis

from pipeline.errors import PipelineError
from pipeline.redis_link import RedisLostError, connect, place
from pipeline.redis_shelf import RedisShelf

PLENTY = 10**9


@pytest.fixture
def shelf(redis_server, tmp_path):
    return RedisShelf(tmp_path, PLENTY, redis_server.url)


@pytest.fixture
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "table"
    path.write_bytes(b"x" * 1000)
    return path


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_same_file_from_many_machines_at_once_is_kept_once(redis_server, tmp_path, source):
    shelves = [RedisShelf(tmp_path, PLENTY, redis_server.url) for _ in range(8)]
    gate = threading.Barrier(len(shelves))

    def add(shelf):
        gate.wait()
        shelf.add_file("customers", source, "shop")

    threads = [threading.Thread(target=add, args=(shelf,)) for shelf in shelves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files(tmp_path) == [shelves[0].file("customers").name]
    assert shelves[0].volume() == shelves[0].volume("shop") == 1000


def test_a_file_that_was_deleted_by_hand_is_not_there_and_can_be_added_again(shelf, source):
    shelf.add_file("customers", source, "shop")
    shelf.file("customers").unlink()
    assert not shelf.holds("customers")
    assert shelf.file("customers") is None
    shelf.add_file("customers", source, "shop")
    assert shelf.file("customers").read_bytes() == source.read_bytes()
    assert shelf.volume() == 1000


def test_what_is_used_stays_when_room_is_needed(shelf, source):
    for name in ("first", "second", "third"):
        shelf.add_file(name, source, None)
    shelf.file("first")
    shelf.resize(2000)
    assert [shelf.holds(name) for name in ("first", "second", "third")] == [True, False, True]


def test_files_that_a_redis_without_memory_forgot_are_removed_after_a_day(shelf, redis_server, source, tmp_path):
    for name in ("old", "new"):
        shelf.add_file(name, source, None)
    forgotten, recent = shelf.file("old"), shelf.file("new")
    redis_server.empty()
    shelf.add_file("kept", source, None)
    long_ago = time.time() - 2 * 24 * 3600
    for path in (forgotten, shelf.file("kept")):
        os.utime(path, (long_ago, long_ago))
    shelf.resize(PLENTY)
    assert files(tmp_path) == sorted([recent.name, shelf.file("kept").name])


def test_everything_in_redis_is_json_or_plain_text_or_a_number(shelf, redis_server, source):
    shelf.add_file("customers", source, "shop")
    shelf.add_text("facts", '{"n": 1}', "shop")
    with redis.Redis.from_url(redis_server.url) as client:
        kept = [client.get(key) for key in client.scan_iter() if client.type(key) == b"string"]
    assert len(kept) == 4
    assert all(value[:1] in b"{0123456789" for value in kept)


def test_a_redis_that_is_away_is_told_in_one_sentence_without_its_password(tmp_path, source):
    with pytest.raises(RedisLostError) as told:
        RedisShelf(tmp_path, PLENTY, "redis://:secret@127.0.0.1:1/0", patience_seconds=0)
    assert "Redis at 127.0.0.1:1 does not answer" in str(told.value)
    assert "secret" not in str(told.value)
    assert str(told.value).count(". ") == 0


def test_an_address_that_is_none_says_how_it_is_written():
    with pytest.raises(PipelineError, match=r"redis://HOST:6379/0"):
        connect("localhost:6379")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis://:pw@host/0", "host:6379"),
        ("rediss://me:pw@host:7000/1", "host:7000"),
        ("unix:///run/redis.sock", "/run/redis.sock"),
    ],
)
def test_a_place_is_said_without_its_password(url, said):
    assert place(url) == said
