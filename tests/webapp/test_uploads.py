"""Files arrive in slices: whole, once, within the limit, and from the app's own pages only."""

import hashlib
import os
import time

import pytest
from flask import Flask

from webapp import uploads, workspace
from webapp.workspace import Workspace

CONTENTS = bytes(range(256)) * 40
SIZE = len(CONTENTS)
LIMIT_BYTES = 20_000
OWN = {uploads.HEADER: "1"}


@pytest.fixture
def here(tmp_path):
    return Workspace(tmp_path / "data")


@pytest.fixture
def browser(here):
    server = Flask("uploads")
    server.config[workspace.SETTING] = here
    uploads.register(server, LIMIT_BYTES)
    return server.test_client()


def announce(browser, name="orders.csv", size=SIZE, **more):
    return browser.post("/uploads", json={"name": name, "size": size}, headers=OWN, **more)


def put(browser, ticket, contents, offset):
    return browser.put(f"/uploads/{ticket}?offset={offset}", data=contents, headers=OWN)


def finish(browser, ticket):
    return browser.post(f"/uploads/{ticket}/finish", headers=OWN)


def test_a_file_sent_in_slices_arrives_as_it_was(browser, here):
    begun = announce(browser).json
    for start in range(0, len(CONTENTS), 3000):
        answer = put(browser, begun["ticket"], CONTENTS[start : start + 3000], start)
        assert answer.json == {"offset": min(start + 3000, len(CONTENTS))}
    id = finish(browser, begun["ticket"]).json["data"]
    dataset = here.dataset(id)
    assert dataset.source.read_bytes() == CONTENTS
    assert dataset.digest == hashlib.sha256(CONTENTS).hexdigest()
    assert list(here.incoming.iterdir()) == []


def test_a_slice_that_belongs_elsewhere_is_told_where_the_file_ends(browser):
    ticket = announce(browser).json["ticket"]
    put(browser, ticket, CONTENTS[:100], 0)
    answer = put(browser, ticket, CONTENTS[:100], 0)
    assert answer.status_code == 409
    assert answer.json["offset"] == 100
    assert browser.get(f"/uploads/{ticket}", headers=OWN).json == {"offset": 100}


def test_a_file_can_be_sent_on_after_a_restart_of_the_server(browser, here):
    ticket = announce(browser).json["ticket"]
    put(browser, ticket, CONTENTS[:100], 0)
    again = Flask("uploads")
    again.config[workspace.SETTING] = Workspace(here.directory)
    uploads.register(again, LIMIT_BYTES)
    browser = again.test_client()
    put(browser, ticket, CONTENTS[100:], 100)
    assert here.dataset(finish(browser, ticket).json["data"]).source.read_bytes() == CONTENTS


def test_a_file_that_is_not_all_here_cannot_be_finished(browser):
    ticket = announce(browser).json["ticket"]
    put(browser, ticket, CONTENTS[:100], 0)
    answer = finish(browser, ticket)
    assert (answer.status_code, answer.json["offset"]) == (409, 100)


def test_an_empty_file_is_one_sentence(browser):
    answer = announce(browser, size=0)
    assert answer.status_code == 400
    assert answer.json["error"].startswith("orders.csv is empty")


def test_a_file_above_the_limit_is_refused_before_it_is_sent(browser):
    answer = announce(browser, size=LIMIT_BYTES + 1)
    assert answer.status_code == 413
    assert "20.0" in answer.json["error"]
    assert "MAX_UPLOAD_MB" in answer.json["error"]


def test_a_file_that_sends_more_than_it_announced_is_removed(browser, here):
    ticket = announce(browser, size=10).json["ticket"]
    assert put(browser, ticket, b"x" * 11, 0).status_code == 413
    assert list(here.incoming.iterdir()) == []


def test_a_cancelled_file_is_removed(browser, here):
    ticket = announce(browser).json["ticket"]
    put(browser, ticket, CONTENTS[:100], 0)
    assert browser.delete(f"/uploads/{ticket}", headers=OWN).status_code == 200
    assert list(here.incoming.iterdir()) == []
    assert put(browser, ticket, CONTENTS[100:], 100).status_code == 404


def test_what_was_left_half_sent_long_ago_is_removed_with_the_next_file(browser, here):
    announce(browser)
    long_ago = time.time() - uploads.ABANDONED_SECONDS - 1
    for path in here.incoming.iterdir():
        os.utime(path, (long_ago, long_ago))
    announce(browser)
    assert len(list(here.incoming.iterdir())) == 2


@pytest.mark.parametrize("ticket", ["unknown", "..%2f..%2fdataset", "0" * 32, "0" * 31])
def test_an_unknown_ticket_is_a_sentence(browser, ticket):
    answer = put(browser, ticket, b"x", 0)
    assert answer.status_code == 404


def test_another_site_cannot_send_files(browser, here):
    told = {"name": "evil.csv", "size": 3}
    assert browser.post("/uploads", json=told).status_code == 403
    foreign = {**OWN, "Sec-Fetch-Site": "cross-site"}
    assert browser.post("/uploads", json=told, headers=foreign).status_code == 403
    assert list(here.incoming.iterdir()) == []


def test_a_full_disk_is_one_sentence_and_the_slice_can_be_sent_again(browser, monkeypatch, here):
    ticket = announce(browser).json["ticket"]

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(uploads, "append", full)
        answer = put(browser, ticket, CONTENTS, 0)
    assert answer.status_code == 507
    assert answer.json["error"] == "The server could not write the file: No space left on device."
    assert put(browser, ticket, CONTENTS, 0).json == {"offset": len(CONTENTS)}
