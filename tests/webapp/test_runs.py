"""Runs as a page asks for them: posted to the app's server as Dash does, without a browser."""

import pytest

from tests.webapp.tab import Tab
from webapp import ids, runs, workspace
from webapp.server import create_app
from webapp.settings import Server

WANTED, JOB = f"{ids.RUN_WANTED}.data", f"{ids.RUN_JOB}.data"
STATUS, RESULT = f"{ids.RUN_STATUS}.data", f"{ids.RUN_RESULT}.data"


@pytest.fixture
def app(tmp_path):
    return create_app(Server(data_dir=str(tmp_path / "data")))


@pytest.fixture
def here(app):
    return app.server.config[workspace.SETTING]


@pytest.fixture
def shop(here):
    """A small shop's file in the data directory."""
    from pipeline.simulation import simulate_shop

    path = here.incoming / "shop.csv"
    simulate_shop(path, customers=120, seed=3)
    return here.adopt(path, "shop.csv")


def asked(data, until="cleaning", nonce="n1", **more):
    return {"data": data, "recipe": None, "until": until, "nonce": nonce, "running": None, **more}


def look_up(tab, wanted, job=None):
    """The status that the shell shows at once, and the job that it starts, if any."""
    answer = tab.post(STATUS, [(WANTED, wanted)], [(JOB, job)]).get_json()["response"]
    return answer[ids.RUN_STATUS]["data"], answer.get(ids.RUN_JOB, {}).get("data")


def run(tab, job):
    inputs = [(JOB, job)]
    return tab.finish(RESULT, inputs, tab.start(RESULT, inputs))


def status_of(polls):
    return polls[-1]["sideUpdate"][ids.RUN_STATUS]["data"]


def test_a_run_is_a_job_at_first_and_a_look_up_ever_after(app, shop):
    tab = Tab(app)
    status, job = look_up(tab, asked(shop.id))
    assert (status["state"], job["data"]) == ("working", shop.id)
    assert status_of(run(tab, job))["state"] == "done"
    status, job = look_up(Tab(app), asked(shop.id, nonce="n2"))
    assert (status["state"], status["data"], job) == ("done", shop.id, None)


def test_progress_names_the_stage_and_the_share_that_is_done(app, shop):
    tab = Tab(app)
    polls = run(tab, asked(shop.id))
    told = [poll["progress"][f"{ids.RUN_PROGRESS}.data"] for poll in polls if "progress" in poll]
    shares = [progress["share"] for progress in told]
    assert shares == sorted(shares)
    assert told[-1]["share"] > 0.9  # the end may come between two polls
    assert {"share", "stage", "sentence", "seconds"} == set(told[-1])


def test_two_tabs_that_ask_the_same_at_once_both_get_the_result(app, shop):
    tabs = [Tab(app), Tab(app)]
    jobs = [asked(shop.id, nonce=f"tab {number}") for number in range(2)]
    handles = [tab.start(RESULT, [(JOB, job)]) for tab, job in zip(tabs, jobs, strict=True)]
    ends = [tab.finish(RESULT, [(JOB, None)], handle) for tab, handle in zip(tabs, handles, strict=True)]
    assert [status_of(polls)["state"] for polls in ends] == ["done", "done"]


def test_a_handle_of_one_page_is_nothing_on_another(app, shop):
    handles = Tab(app).start(RESULT, [(JOB, asked(shop.id))])
    answer = Tab(app).post(RESULT, [(JOB, None)], handles=handles)
    assert answer.status_code == 204


def test_a_request_that_a_running_job_will_answer_joins_it(app, shop):
    running = {**asked(shop.id, "clusters", "n1"), "sample": False}
    status, job = look_up(Tab(app), asked(shop.id, "cleaning", "n2", running="n1"), running)
    assert (status["state"], job) == ("working", None)


@pytest.mark.parametrize("change", [{"until": "clusters"}, {"running": None}, {"data": "sample"}])
def test_a_request_that_no_running_job_will_answer_starts_its_own(app, shop, change):
    running = asked(shop.id, "cleaning", "n1")
    status, job = look_up(Tab(app), {**asked(shop.id, "cleaning", "n2", running="n1"), **change}, running)
    assert status["state"] == "working"
    assert job["nonce"] == "n2"


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (asked("0" * 24), "There is no data set"),
        (asked("../../etc"), "names no data set"),
        (asked(None), "names no data set"),
        (asked("sample", until="world domination"), "A run ends at one of reading, cleaning"),
    ],
)
def test_a_request_that_makes_no_sense_is_one_sentence(app, request_, sentence):
    status, job = look_up(Tab(app), request_)
    assert (status["state"], job) == ("failed", None)
    assert sentence in status["sentence"]


def test_a_bad_file_is_one_sentence_that_knows_which_file_it_was(app, here):
    path = here.incoming / "report.csv"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    dataset = here.adopt(path, "report.csv")
    status = status_of(run(Tab(app), asked(dataset.id)))
    assert (status["state"], status["data"], status["reference"]) == ("failed", dataset.id, None)
    assert "PDF" in status["sentence"]


def test_the_sample_shop_is_made_once_and_kept(app, here):
    tab = Tab(app)
    status, job = look_up(tab, asked(runs.SAMPLE))
    assert (status["state"], job["data"]) == ("working", runs.SAMPLE)
    first = status_of(run(tab, job))
    assert first["sample"]
    assert here.dataset(first["data"]).name == runs.SAMPLE_NAME
    status, job = look_up(tab, asked(runs.SAMPLE, nonce="n2"))
    assert (status["state"], status["data"], job) == ("done", first["data"], None)


def test_a_sample_shop_that_was_removed_is_made_again(app, here):
    with app.server.app_context():
        made = runs.make_sample(here)
        here.forget(made.id)
        assert runs.sample_dataset(here) is None
        assert runs.make_sample(here).id == made.id
