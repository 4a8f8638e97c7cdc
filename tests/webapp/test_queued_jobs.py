"""Jobs that workers run, through a real Redis: the promises of jobs on one machine hold for many."""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
import redis

from pipeline.redis_link import PREFIX
from tests.webapp import errands
from tests.webapp.test_jobs import end_of, start, surroundings, until
from webapp import jobs, worker
from webapp.job_queue import job_queue
from webapp.queued_jobs import NOT_BEGUN, QueuedJobs
from webapp.worker import Limits

ERRANDS = ("add", "sleep", "die", "fail_with_a_sentence", "fail_unexpectedly", "return_a_set", "count_runs")


def waits(before, sentence):
    return {"share": 0, **(before or {}), "sentence": sentence}


def a_manager(url, **limits):
    manager = QueuedJobs(url, errands.explain, errands.deliver, limits=Limits(**limits), waits=waits)
    for name in ERRANDS:
        manager.make_job_fn(getattr(errands, name), True)
    return manager


@contextlib.contextmanager
def a_worker(url, folder, **limits):
    """A worker in a process of its own that knows the errands; gone at the end, with its jobs."""
    script = folder / "worker.py"
    script.write_text(f"""
from pathlib import Path
from tests.webapp import errands
from webapp.jobs import name_of
from webapp.launcher import Launcher
from webapp.queue_worker import work
from webapp.redis_board import RedisBoard
from webapp.worker import Job, Limits
if __name__ == "__main__":
    known = [getattr(errands, name) for name in {ERRANDS!r}]
    board, places = RedisBoard({url!r}, 60.0), Path({str(folder / "places")!r})
    launcher = Launcher(board, places, errands.explain, {{"DATA_DIR": "somewhere"}}, Limits(**{limits!r}))
    work({url!r}, {{name_of(each): Job(each, True) for each in known}}, launcher)
""")
    log = (folder / "worker.log").open("a")
    with (
        log,
        subprocess.Popen([sys.executable, str(script)], **{**surroundings(), "stdout": log, "stderr": log}) as process,
    ):
        yield process
        process.kill()


@pytest.fixture
def url(redis_server):
    return redis_server.url


@pytest.fixture
def manager(url):
    return a_manager(url)


@pytest.fixture
def worker_process(url, tmp_path):
    with a_worker(url, tmp_path) as process:
        yield process


def pid_of(manager, key):
    until(lambda: "pid" in (manager.get_progress(key) or [{}])[0])
    return manager.get_progress(key)[0]["pid"]


@pytest.mark.usefixtures("worker_process")
def test_a_job_runs_at_a_worker_and_any_server_has_its_progress_and_its_end(manager, url):
    other = a_manager(url)
    key, handle = start(manager, errands.add, 2, 3)
    output = end_of(other, key, handle)
    assert output["sum"] == 5
    assert other.get_progress(key) == [{"share": 0.5}]
    assert other.get_updated_props(key) == {"outcome": {"data": output}}
    assert not psutil.pid_exists(output["pid"]) or psutil.Process(output["pid"]).ppid() != os.getpid()


@pytest.mark.usefixtures("worker_process")
def test_equal_runs_that_are_asked_for_at_two_servers_are_one(manager, url):
    other = a_manager(url)
    one = start(manager, errands.sleep, 3, "the same")
    assert start(other, errands.sleep, 3, "the same") == one
    assert start(other, errands.sleep, 3, "another") != one
    assert end_of(other, *one) == "slept"


@pytest.mark.usefixtures("worker_process")
def test_a_run_is_cancelled_from_another_server_than_it_was_started_at(manager, url):
    other = a_manager(url)
    key, handle = start(manager, errands.sleep, 300)
    pid = pid_of(manager, key)
    other.terminate_job(handle)
    assert end_of(manager, key, handle)["state"] == "cancelled"
    until(lambda: not psutil.pid_exists(pid))


def test_a_run_that_waits_says_so_and_is_cancelled_before_it_begins(manager, url, tmp_path):
    counted = tmp_path / "counted"
    key, handle = start(manager, errands.count_runs, str(counted))
    assert manager.job_running(handle)
    assert manager.get_progress(key) == [{"share": 0, "sentence": NOT_BEGUN}]
    manager.terminate_job(handle)
    assert end_of(manager, key, handle)["state"] == "cancelled"
    with a_worker(url, tmp_path):
        assert end_of(manager, *start(manager, errands.add, 1, 1))["sum"] == 2
    assert not counted.exists()


@pytest.mark.usefixtures("worker_process")
@pytest.mark.parametrize("errand", [errands.die, errands.fail_unexpectedly, errands.return_a_set])
def test_a_run_that_dies_or_fails_at_a_worker_ends_with_a_sentence(manager, errand):
    output = end_of(manager, *start(manager, errand))
    assert output["state"] == "failed"
    assert output["sentence"] == (jobs.DIED if errand is errands.die else output["sentence"])
    assert "secret" not in output["sentence"]


@pytest.mark.usefixtures("worker_process")
def test_an_error_for_people_keeps_its_sentence(manager):
    output = end_of(manager, *start(manager, errands.fail_with_a_sentence))
    assert output["sentence"] == "The file has no heading called Price; name it in the settings."


def test_a_run_that_takes_too_long_is_stopped_with_a_sentence(url, manager, tmp_path):
    with a_worker(url, tmp_path, job_seconds=1.0):
        assert end_of(manager, *start(manager, errands.sleep, 300))["sentence"] == worker.TOO_LONG


def test_a_run_that_no_page_asks_for_any_more_stops(url, tmp_path):
    manager = a_manager(url, orphan_seconds=2.0)
    with a_worker(url, tmp_path, orphan_seconds=2.0):
        key, _ = start(manager, errands.sleep, 300)
        pid = pid_of(manager, key)
        until(lambda: not psutil.pid_exists(pid))


def test_a_worker_takes_no_more_runs_at_once_than_allowed(url, manager, tmp_path):
    with a_worker(url, tmp_path, at_once=1):
        first, handle = start(manager, errands.sleep, 300, "first")
        pid_of(manager, first)
        second, waiting = start(manager, errands.add, 1, 1)
        assert manager.get_progress(second) == [{"share": 0, "sentence": NOT_BEGUN}]
        manager.terminate_job(handle)
        assert end_of(manager, second, waiting)["sum"] == 2


def test_a_run_whose_worker_was_killed_goes_on_at_another_and_at_the_second_death_says_so(url, manager, tmp_path):
    with a_worker(url, tmp_path) as first:
        key, handle = start(manager, errands.sleep, 300)
        pid = pid_of(manager, key)
        first.kill()
        until(lambda: not psutil.pid_exists(pid))
    until(lambda: manager.get_result(key, handle) is manager.UNDEFINED and manager.board.get(f"again/{key}"))
    assert manager.job_running(handle)
    assert manager.get_progress(key)[0]["sentence"] == NOT_BEGUN
    with a_worker(url, tmp_path) as second:
        until(lambda: manager.get_progress(key)[0]["pid"] != pid)
        second.kill()
        assert end_of(manager, key, handle)["sentence"] == jobs.DIED


def test_many_short_runs_all_end_well_at_two_workers(url, manager, tmp_path):
    (tmp_path / "other").mkdir()
    with a_worker(url, tmp_path), a_worker(url, tmp_path / "other"):
        started = [start(manager, errands.add, number, 1) for number in range(20)]
        assert [end_of(manager, *one)["sum"] for one in started] == list(range(1, 21))


def test_a_message_that_comes_twice_is_worked_on_once(url, manager, tmp_path):
    counted = str(tmp_path / "counted")
    with a_worker(url, tmp_path):
        key, handle = start(manager, errands.count_runs, counted)
        manager._launch(key, None, [])
        assert end_of(manager, key, handle) == 1
        assert end_of(manager, *start(manager, errands.add, 1, 1))["sum"] == 2
    assert Path(counted).read_text() == "run\n"


def test_while_redis_is_away_pages_are_told_and_nothing_is_lost_when_it_is_back(redis_server, manager, tmp_path):
    with a_worker(redis_server.url, tmp_path):
        key, handle = start(manager, errands.sleep, 15, "patient")
        pid = pid_of(manager, key)
        redis_server.stop()
        try:
            (progress,) = manager.get_progress(key)
            assert f"Redis at 127.0.0.1:{redis_server.port} does not answer" in progress["sentence"]
            assert progress["pid"] == pid
            assert manager.get_result(key, handle) is manager.UNDEFINED
            assert manager.job_running(handle)
            assert manager.get_updated_props(key) == {}
        finally:
            redis_server.start()
        assert end_of(manager, key, handle) == "slept"


def test_servers_have_one_secret(url):
    one, other = a_manager(url), a_manager(url)
    secrets = []
    threads = [
        threading.Thread(
            target=lambda each=each, made=made: secrets.append(each.get_or_create_signing_secret(lambda: made))
        )
        for each, made in ((one, b"first"), (other, b"second"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(secrets) == 2
    assert len(set(secrets)) == 1


@pytest.mark.usefixtures("worker_process")
def test_nothing_in_redis_is_a_pickle(manager, url):
    end_of(manager, *start(manager, errands.add, 1, 1))
    start(manager, errands.sleep, 30)
    with redis.Redis.from_url(url) as client:
        names = list(client.scan_iter())
        assert all(name.startswith(PREFIX.encode()) for name in names)
        notes = [client.get(name) for name in names if client.type(name) == b"string"]
    assert notes
    assert all(b"\x80" not in note for note in notes)


def test_the_queue_takes_and_gives_json_only(url):
    conf = job_queue(url).conf
    assert (conf.task_serializer, conf.accept_content, conf.result_accept_content) == ("json", ["json"], ["json"])
