"""What is drawn ahead waits while anybody waits for an answer."""

import threading

import flask
import pytest

from tests.webapp.tab import Tab
from webapp import ahead
from webapp.ahead import Traffic
from webapp.jobs import JobManager
from webapp.server import create_app
from webapp.settings import Server

A_WHILE, PATIENCE = 0.3, 20


@pytest.fixture
def traffic(monkeypatch):
    own = Traffic(quiet_seconds=0.01)
    monkeypatch.setattr(ahead, "TRAFFIC", own)
    return own


def test_nothing_is_made_while_a_request_is_open(traffic):
    first, second = threading.Event(), threading.Event()
    with traffic.request(), traffic.request():
        drawing = ahead.begin([first.set, second.set])
        assert not first.wait(A_WHILE)
    assert first.wait(PATIENCE)
    assert second.wait(PATIENCE)
    drawing.join(PATIENCE)
    assert not drawing.is_alive()


def test_a_request_that_comes_in_between_goes_first(traffic):
    come, gone, made = threading.Event(), threading.Event(), []

    def comes():
        with traffic.request():
            come.set()
            gone.wait(PATIENCE)
            made.append("the answer")

    answering = threading.Thread(target=comes)

    def first():
        answering.start()
        come.wait(PATIENCE)

    drawing = ahead.begin([first, lambda: made.append("what is likely next")])
    come.wait(PATIENCE)
    drawing.join(A_WHILE)
    assert drawing.is_alive()
    assert made == []
    gone.set()
    drawing.join(PATIENCE)
    answering.join(PATIENCE)
    assert made == ["the answer", "what is likely next"]


def test_the_servers_requests_count_until_they_are_answered_and_also_when_they_fail(traffic):
    server, seen = flask.Flask("test"), []

    @server.get("/fails")
    def fails():
        seen.append(traffic._open)
        raise RuntimeError

    ahead.register(server)
    assert server.test_client().get("/fails").status_code == 500
    assert (seen, traffic._open) == ([1], 0)
    traffic.wait_until_quiet()


def test_the_questions_how_a_run_goes_on_do_not_keep_anything_from_being_drawn(tmp_path, traffic, monkeypatch):
    monkeypatch.setattr(JobManager, "_launch", lambda *_: None)
    tab, job = Tab(create_app(Server(data_dir=str(tmp_path)))), [("run-job.data", {"until": "clusters"})]
    handles, callback = tab.start("run-result.data", job), tab._specification("run-result.data")
    monkeypatch.setattr(tab, "_specification", lambda _: callback)
    before = traffic._last
    with tab.post("run-result.data", [("run-job.data", None)], handles=handles) as answer:
        assert answer.status_code < 400
    assert traffic._last == before
    with tab.browser.get("/_dash-layout"):
        pass
    assert traffic._last > before
