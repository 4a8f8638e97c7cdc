"""Each trap of the stock manager for background callbacks, and that it is mended."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import diskcache
import psutil
import pytest

from tests.webapp import errands
from webapp import jobs, launcher, worker
from webapp.jobs import JobManager
from webapp.worker import Limits

PATIENCE_SECONDS = 120
ROOT = Path(__file__).parents[2]


@pytest.fixture
def manager(tmp_path):
    return a_manager(tmp_path / "jobs")


def a_manager(directory, **settings):
    return JobManager(directory, errands.explain, errands.deliver, **settings)


def start(manager, function, *arguments):
    """What Dash does when a callback is triggered: a key, a job, a handle."""
    job = manager.make_job_fn(function, True)
    key = manager.build_cache_key(function, list(arguments), [], None)
    return key, manager.call_job_fn(key, job, list(arguments), {})


def end_of(manager, key, handle, seconds=PATIENCE_SECONDS):
    """What Dash does until the callback is done: ask again and again."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        output = manager.get_result(key, handle)
        if output is not manager.UNDEFINED:
            return output
        time.sleep(0.02)
    raise TimeoutError("the job has not ended")


def until(condition, seconds=PATIENCE_SECONDS):
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it has not happened"
        time.sleep(0.02)


def test_a_job_runs_in_a_process_of_its_own(manager):
    output = end_of(manager, *start(manager, errands.add, 2, 3))
    assert output["sum"] == 5
    assert output["pid"] != os.getpid()


def test_kmeans_in_the_web_process_and_then_in_a_job_does_not_hang(manager):
    fitted = []
    thread = threading.Thread(target=lambda: fitted.append(errands.kmeans(None, 1)))
    thread.start()
    thread.join()
    again = [end_of(manager, *start(manager, errands.kmeans, 1)) for _ in range(2)]
    assert again == pytest.approx(fitted * 2)


def test_two_tabs_that_ask_the_same_at_once_both_get_the_result(manager):
    one, other = start(manager, errands.sleep, 0.5), start(manager, errands.sleep, 0.5)
    assert [end_of(manager, *one), end_of(manager, *other)] == ["slept", "slept"]


def test_a_result_that_nobody_fetched_is_not_served_later_as_fresh(manager, tmp_path):
    counted = str(tmp_path / "counted")
    _, handle = start(manager, errands.count_runs, counted)
    until(lambda: not manager.job_running(handle))
    assert end_of(manager, *start(manager, errands.count_runs, counted)) == 2


def test_a_page_that_was_reloaded_finds_its_run_again(manager):
    key, handle = start(manager, errands.sleep, 1.0, "nonce")
    assert start(manager, errands.sleep, 1.0, "nonce") == (key, handle)
    assert start(manager, errands.sleep, 1.0, "another") != (key, handle)


def test_a_result_can_be_read_again_when_the_first_answer_got_lost(manager):
    key, handle = start(manager, errands.add, 1, 1)
    first = end_of(manager, key, handle)
    assert manager.get_result(key, handle) == first
    assert manager.get_updated_props(key) == {"outcome": {"data": first}}


def test_progress_stays_until_there_is_newer_progress(manager):
    key, handle = start(manager, errands.sleep, 30)
    until(lambda: manager.get_progress(key))
    assert manager.get_progress(key) == manager.get_progress(key)
    manager.terminate_job(handle)


def test_a_job_whose_process_dies_ends_with_a_sentence(manager):
    output = end_of(manager, *start(manager, errands.die))
    assert output == {"state": "failed", "sentence": jobs.DIED, "reference": None, "arguments": []}


def test_a_job_that_is_killed_from_outside_ends_with_a_sentence_and_knows_what_was_asked(manager):
    key, handle = start(manager, errands.sleep, 30, "me")
    until(lambda: manager.get_progress(key))
    os.kill(manager.get_progress(key)[0]["pid"], signal.SIGKILL)
    output = end_of(manager, key, handle)
    assert (output["state"], output["arguments"]) == ("failed", [30, "me"])


@pytest.mark.parametrize("errand", [errands.return_a_set, errands.return_not_a_number])
def test_a_result_that_json_cannot_hold_is_an_error_with_a_reference(manager, errand):
    output = end_of(manager, *start(manager, errand))
    assert output["state"] == "failed"
    assert output["reference"] in output["sentence"]


def test_an_error_for_people_keeps_its_sentence(manager):
    output = end_of(manager, *start(manager, errands.fail_with_a_sentence))
    assert output["sentence"] == "The file has no heading called Price; name it in the settings."
    assert output["reference"] is None


def test_an_unexpected_error_is_logged_whole_and_told_by_its_reference_only(tmp_path):
    program = f"""
import sys, time
from tests.webapp import errands
from tests.webapp.test_jobs import a_manager, start, end_of
if __name__ == "__main__":
    manager = a_manager(__import__("pathlib").Path({str(tmp_path / "jobs")!r}))
    print(end_of(manager, *start(manager, errands.fail_unexpectedly))["sentence"])
"""
    script = tmp_path / "program.py"
    script.write_text(program)
    finished = run_script(script)
    assert "secret" not in finished.stdout
    reference = finished.stdout.split("reference ")[1][:4]
    assert f"reference {reference}" in finished.stderr
    assert "ZeroDivisionError: a secret of the machine" in finished.stderr


def test_a_cancelled_job_ends_as_cancelled(manager):
    key, handle = start(manager, errands.sleep, 30)
    until(lambda: manager.get_progress(key))
    manager.terminate_job(handle)
    assert not manager.job_running(handle)
    assert end_of(manager, key, handle)["state"] == "cancelled"


def test_a_job_can_be_cancelled_after_its_end(manager):
    key, handle = start(manager, errands.add, 1, 1)
    output = end_of(manager, key, handle)
    until(lambda: not manager.job_running(handle))
    manager.terminate_job(handle)
    assert manager.get_result(key, handle) == output


def test_a_number_that_was_given_to_another_process_is_not_the_job(manager):
    assert launcher.process_of(launcher.handle_of(os.getpid())) is not None
    assert launcher.process_of(f"{os.getpid()}-1.00") is None
    assert launcher.process_of("not-a-handle") is None
    launcher.end(f"{os.getpid()}-1.00")


def test_a_job_that_nobody_knows_does_not_run(manager):
    manager.terminate_job("unknown")
    assert not manager.job_running("unknown")
    assert not manager.job_running(None)


def test_many_short_jobs_all_end_well(manager):
    started = [start(manager, errands.add, number, 1) for number in range(40)]
    assert [end_of(manager, *one)["sum"] for one in started] == list(range(1, 41))


def test_a_job_that_no_page_asks_for_any_more_stops(tmp_path):
    manager = a_manager(tmp_path / "jobs", limits=Limits(orphan_seconds=1.0))
    _, handle = start(manager, errands.sleep, 300)
    until(lambda: not manager.job_running(handle), seconds=20)


def test_a_job_that_a_page_asks_for_goes_on(tmp_path):
    manager = a_manager(tmp_path / "jobs", limits=Limits(orphan_seconds=1.5))
    assert end_of(manager, *start(manager, errands.sleep, 4.0)) == "slept"


def test_a_job_that_takes_too_long_is_stopped_with_a_sentence(tmp_path):
    manager = a_manager(tmp_path / "jobs", limits=Limits(job_seconds=1.0))
    assert end_of(manager, *start(manager, errands.sleep, 300))["sentence"] == worker.TOO_LONG


def test_no_more_jobs_work_at_once_than_allowed(tmp_path):
    manager = a_manager(tmp_path / "jobs", limits=Limits(at_once=1))
    first, handle = start(manager, errands.sleep, 30, "first")
    until(lambda: manager.get_progress(first))
    second, waiting = start(manager, errands.add, 1, 1)
    time.sleep(0.5)
    assert manager.get_result(second, waiting) is manager.UNDEFINED
    manager.terminate_job(handle)
    assert end_of(manager, second, waiting)["sum"] == 2


def test_two_server_processes_share_jobs_and_their_secret(tmp_path):
    one, other = a_manager(tmp_path / "jobs"), a_manager(tmp_path / "jobs")
    assert one.get_or_create_signing_secret(lambda: b"first") == "first"
    assert other.get_or_create_signing_secret(lambda: b"second") == "first"
    assert end_of(other, *start(one, errands.add, 1, 2))["sum"] == 3


def test_the_directory_of_the_jobs_belongs_to_its_owner_only(manager, tmp_path):
    assert stat.S_IMODE((tmp_path / "jobs").stat().st_mode) == 0o700


def test_nothing_that_jobs_leave_is_a_pickle(manager, tmp_path):
    end_of(manager, *start(manager, errands.add, 1, 1))
    with diskcache.Cache(str(tmp_path / "jobs")) as cache:
        assert cache._sql("SELECT COUNT(*) FROM Cache WHERE mode = 4").fetchone() == (0,)
        assert cache._sql("SELECT COUNT(*) FROM Cache").fetchone()[0] > 0


def test_a_job_is_told_where_the_data_lies(tmp_path):
    manager = a_manager(tmp_path / "jobs", environment={"DATA_DIR": "somewhere"})
    assert end_of(manager, *start(manager, errands.working_directory_of_the_app)) == "somewhere"


def test_libraries_of_jobs_are_found_wherever_the_server_is_started_from(tmp_path):
    script = tmp_path / "server.py"
    script.write_text(f"""
import multiprocessing, sys
sys.path.insert(0, {str(ROOT)!r})
from webapp import launcher
if __name__ == "__main__":
    launcher.begin_loading(["tests.webapp.loaded_first"])
    job = multiprocessing.get_context(launcher.METHOD).Process(target=print, args=("the job",))
    job.start()
    job.join()
""")
    surrounded = {**os.environ, "PYTHONPATH": ""}
    server = [sys.executable, str(script)]
    said = subprocess.run(server, cwd=tmp_path, env=surrounded, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["loaded first", "the job"]


def killed_server(tmp_path, errand, *arguments):
    """Start a job in a server of its own, kill that server, and say what the page still knows."""
    script = tmp_path / "server.py"
    script.write_text(f"""
import time
from pathlib import Path
from tests.webapp import errands
from tests.webapp.test_jobs import a_manager, start, until
if __name__ == "__main__":
    manager = a_manager(Path({str(tmp_path / "jobs")!r}))
    key, handle = start(manager, errands.{errand.__name__}, *{arguments!r})
    until(lambda: manager.get_progress(key))
    print(key, handle, flush=True)
    time.sleep(300)
""")
    with subprocess.Popen([sys.executable, str(script)], **surroundings()) as server:
        key, handle = server.stdout.readline().split()
        server.kill()
    return key, handle


def test_a_job_whose_server_was_killed_is_started_again_by_the_next_server(tmp_path):
    key, handle = killed_server(tmp_path, errands.end_the_second_time, str(tmp_path / "runs"))
    manager = a_manager(tmp_path / "jobs")
    manager.make_job_fn(errands.end_the_second_time, True)
    assert end_of(manager, key, handle) == 2


def test_a_job_that_was_started_again_is_cancelled_by_what_the_page_knows(tmp_path):
    key, handle = killed_server(tmp_path, errands.sleep, 300)
    manager = a_manager(tmp_path / "jobs")
    manager.make_job_fn(errands.sleep, True)
    until(lambda: manager.get_result(key, handle) is manager.UNDEFINED and manager.board.get(f"again/{key}"))
    assert manager.job_running(handle)
    manager.terminate_job(handle)
    assert not manager.job_running(handle)
    assert end_of(manager, key, handle)["state"] == "cancelled"


def test_a_job_is_not_started_again_for_ever(tmp_path):
    key, handle = killed_server(tmp_path, errands.sleep, 300)
    manager = a_manager(tmp_path / "jobs")
    manager.make_job_fn(errands.sleep, True)
    until(lambda: manager.get_result(key, handle) is manager.UNDEFINED and manager.board.get(f"again/{key}"))
    assert manager.job_running(handle)
    launcher.end(manager.board.get(f"process/{key}"))
    assert end_of(manager, key, handle)["sentence"] == jobs.DIED


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_job_ends_with_its_server_however_that_ends(tmp_path, blow):
    script = tmp_path / "server.py"
    script.write_text(f"""
import sys, time
from pathlib import Path
from tests.webapp import errands
from tests.webapp.test_jobs import a_manager, start, until
if __name__ == "__main__":
    import signal
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests that run in the background inherit none
    manager = a_manager(Path({str(tmp_path / "jobs")!r}))
    key, handle = start(manager, errands.sleep, 300)
    until(lambda: manager.get_progress(key))
    print(manager.get_progress(key)[0]["pid"], flush=True)
    time.sleep(300)
""")
    with subprocess.Popen([sys.executable, str(script)], **surroundings()) as server:
        busy = psutil.Process(int(server.stdout.readline()))
        server.send_signal(blow)
        server.wait(15)
        _, alive = psutil.wait_procs([busy], timeout=15)
    assert alive == []


def run_script(script):
    return subprocess.run([sys.executable, str(script)], timeout=PATIENCE_SECONDS, check=True, **surroundings())


def surroundings():
    paths = {"PYTHONPATH": str(ROOT)}
    return {
        "cwd": ROOT,
        "env": {**os.environ, **paths},
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }


def test_the_running_jobs_of_one_concern_are_stopped_and_no_others(manager):
    concerned = start(manager, errands.sleep, 300, "ours")
    other = start(manager, errands.sleep, 300, "theirs")
    manager.cancel_where(lambda arguments: "ours" in arguments)
    assert end_of(manager, *concerned)["state"] == "cancelled"
    assert manager.job_running(other[1])
    manager.terminate_job(other[1])
