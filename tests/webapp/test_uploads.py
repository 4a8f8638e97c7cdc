"""Files arrive in slices: whole, once, within the limits, from our own pages only; several become one data set."""

import hashlib
import os
import time

import pytest
from flask import Flask

from webapp import disk, incoming, uploads, workspace
from webapp.workspace import Workspace

CONTENTS = bytes(range(256)) * 40
SIZE = len(CONTENTS)
LIMIT_BYTES = 20_000
OWN = {uploads.HEADER: "1"}


@pytest.fixture
def here(tmp_path):
    return Workspace(tmp_path / "data")


def served(here):
    server = Flask("uploads")
    server.config[workspace.SETTING] = here
    uploads.register(server, here, LIMIT_BYTES)
    return server.test_client()


@pytest.fixture
def browser(here):
    return served(here)


def announce(browser, *files):
    """Announce (name, size) or (name, size, ticket) of each file; the answers."""
    told = [dict(zip(("name", "size", "ticket"), file, strict=False)) for file in files or [("orders.csv", SIZE)]]
    answer = browser.post("/uploads", json={"files": told}, headers=OWN)
    assert answer.status_code == 200, answer.json
    return answer.json["files"]


def put(browser, ticket, contents, offset):
    return browser.put(f"/uploads/{ticket}?offset={offset}", data=contents, headers=OWN)


def finish(browser, *tickets, **more):
    return browser.post("/uploads/finish", json={"tickets": tickets, **more}, headers=OWN)


def sent(browser, name="orders.csv", contents=CONTENTS):
    """The ticket of a file that was sent to its end."""
    (begun,) = announce(browser, (name, len(contents)))
    put(browser, begun["ticket"], contents, 0)
    return begun["ticket"]


def half_sent(browser):
    (begun,) = announce(browser)
    put(browser, begun["ticket"], CONTENTS[:100], 0)
    return begun["ticket"]


def test_a_file_sent_in_slices_arrives_as_it_was(browser, here):
    (begun,) = announce(browser)
    for start in range(0, SIZE, 3000):
        answer = put(browser, begun["ticket"], CONTENTS[start : start + 3000], start)
        assert answer.json == {"offset": min(start + 3000, SIZE)}
    dataset = here.dataset(finish(browser, begun["ticket"]).json["data"])
    assert dataset.sources[0].path.read_bytes() == CONTENTS
    assert dataset.digest == hashlib.sha256(CONTENTS).hexdigest()
    assert list(here.incoming.iterdir()) == []


def test_several_files_become_one_data_set_whose_id_knows_no_order_and_no_names(browser, here):
    first = finish(browser, sent(browser, "b.csv", b"2010"), sent(browser, "a.csv", b"2011")).json["data"]
    again = finish(browser, sent(browser, "x.csv", b"2011"), sent(browser, "y.csv", b"2010")).json["data"]
    assert first == again
    (dataset,) = here.datasets()
    assert {name: path.read_bytes() for name, path in dataset.files.items()} == {"x.csv": b"2011", "y.csv": b"2010"}
    assert (dataset.name, dataset.bytes) == ("x.csv and y.csv", 8)


def test_the_same_file_twice_counts_once(browser, here):
    dataset = here.dataset(finish(browser, sent(browser, "a.csv"), sent(browser, "copy of a.csv")).json["data"])
    assert dataset.digest == hashlib.sha256(CONTENTS).hexdigest()
    assert len(dataset.sources) == 1


def test_a_data_set_and_a_further_file_are_a_new_one_and_no_byte_is_copied(browser, here):
    old = here.dataset(finish(browser, sent(browser, "2010.csv", b"old")).json["data"])
    both = here.dataset(finish(browser, sent(browser, "2011.csv", b"new"), onto=old.id).json["data"])
    assert list(both.files) == ["2010.csv", "2011.csv"]
    assert both.files["2010.csv"].samefile(old.files["2010.csv"])
    here.forget(old.id)
    assert both.files["2010.csv"].read_bytes() == b"old"


def test_files_cannot_be_added_to_a_data_set_that_is_gone(browser):
    answer = finish(browser, sent(browser), onto="0" * 24)
    assert answer.status_code == 404
    assert answer.json["error"].startswith("There is no data set")


def test_one_bad_file_does_not_stop_the_others(browser):
    good, empty, large = announce(browser, ("a.csv", 3), ("nothing.csv", 0), ("large.csv", LIMIT_BYTES + 1))
    assert good["offset"] == 0
    assert empty["error"].startswith("nothing.csv is empty")
    assert "20.0" in large["error"]
    assert "MAX_UPLOAD_MB" in large["error"]


@pytest.mark.parametrize("told", [None, [], {"files": 3}, {"files": ["a.csv"]}, {"files": []}, {"files": [{}] * 101}])
def test_an_announcement_that_is_none_is_one_sentence(browser, told):
    answer = browser.post("/uploads", json=told, headers=OWN)
    assert answer.status_code == 400
    assert answer.json["error"].endswith(".")


@pytest.mark.parametrize("told", [{}, {"tickets": []}, {"tickets": "all"}])
def test_nothing_can_be_finished_without_a_file(browser, told):
    assert browser.post("/uploads/finish", json=told, headers=OWN).status_code == 400


def test_a_slice_that_belongs_elsewhere_is_told_where_the_file_ends(browser):
    ticket = half_sent(browser)
    answer = put(browser, ticket, CONTENTS[:100], 0)
    assert answer.status_code == 409
    assert answer.json["offset"] == 100
    assert browser.get(f"/uploads/{ticket}", headers=OWN).json == {"offset": 100}


def test_of_the_files_that_a_browser_remembers_those_that_are_half_here_are_told(browser):
    ticket, finished = half_sent(browser), sent(browser, "a.csv")
    finish(browser, finished)
    answer = browser.get(f"/uploads?ticket={finished}&ticket={ticket}&ticket=..", headers=OWN)
    assert answer.json == {"files": [{"ticket": ticket, "name": "orders.csv", "size": SIZE, "offset": 100}]}


def test_a_file_chosen_again_goes_on_from_where_it_stood_also_after_a_restart(browser, here):
    ticket = half_sent(browser)
    browser = served(Workspace(here.directory))
    assert announce(browser, ("orders.csv", SIZE, ticket)) == [{"ticket": ticket, "offset": 100}]
    put(browser, ticket, CONTENTS[100:], 100)
    dataset = here.dataset(finish(browser, ticket).json["data"])
    assert dataset.sources[0].path.read_bytes() == CONTENTS
    assert dataset.digest == hashlib.sha256(CONTENTS).hexdigest()


def test_a_file_that_changed_meanwhile_begins_anew(browser):
    ticket = half_sent(browser)
    (begun,) = announce(browser, ("orders.csv", SIZE + 1, ticket))
    assert begun["offset"] == 0
    assert begun["ticket"] != ticket


def test_the_hash_comes_from_the_stream_and_not_from_reading_the_file_again(browser, here):
    ticket = sent(browser)
    part = here.incoming / f"{ticket}.part"
    part.write_bytes(b"\0" * SIZE)
    assert finish(browser, ticket).json["data"] == hashlib.sha256(CONTENTS).hexdigest()[:24]


def test_a_finish_whose_answer_was_lost_can_be_asked_for_again(browser):
    ticket = sent(browser)
    assert finish(browser, ticket).json == finish(browser, ticket).json


def test_a_file_that_is_not_all_here_cannot_be_finished(browser, here):
    answer = finish(browser, sent(browser, "a.csv", b"all"), half_sent(browser))
    assert (answer.status_code, answer.json["offset"]) == (409, 100)
    assert here.datasets() == []


def test_a_file_that_sends_more_than_it_announced_is_removed(browser, here):
    (begun,) = announce(browser, ("orders.csv", 10))
    assert put(browser, begun["ticket"], b"x" * 11, 0).status_code == 413
    assert list(here.incoming.iterdir()) == []


def test_a_slice_that_breaks_off_leaves_what_was_there_before(browser, here):
    ticket = half_sent(browser)

    class Broken:
        given = 0

        def read(self, _):
            self.given += 1
            if self.given > 2:
                raise OSError(5, "Input/output error")
            return b"?" * 50

    taking = incoming.Incoming(here, LIMIT_BYTES)
    with pytest.raises(incoming.UploadError, match=r"could not write orders\.csv: Input/output error\."):
        taking.append(taking.under_way(ticket), 100, Broken())
    assert put(browser, ticket, CONTENTS[100:], 100).json == {"offset": SIZE}
    assert here.dataset(finish(browser, ticket).json["data"]).sources[0].path.read_bytes() == CONTENTS


def test_a_cancelled_file_is_removed(browser, here):
    ticket = half_sent(browser)
    assert browser.delete(f"/uploads/{ticket}", headers=OWN).status_code == 200
    assert list(here.incoming.iterdir()) == []
    assert put(browser, ticket, CONTENTS[100:], 100).status_code == 404


@pytest.mark.parametrize("occasion", [announce, lambda browser: None])
def test_what_was_left_half_sent_long_ago_is_removed_with_the_next_file_or_start(browser, here, occasion):
    ticket = half_sent(browser)
    (here.incoming / "left by a crash").mkdir()
    long_ago = time.time() - incoming.ABANDONED_SECONDS - 1
    for path in here.incoming.iterdir():
        os.utime(path, (long_ago, long_ago))
    occasion(served(here))
    left = {path.name for path in here.incoming.iterdir()}
    assert not {f"{ticket}.part", f"{ticket}.json", "left by a crash"} & left


def test_an_upload_that_takes_long_is_not_abandoned(browser, here):
    ticket = half_sent(browser)
    long_ago = time.time() - incoming.ABANDONED_SECONDS - 1
    os.utime(here.incoming / f"{ticket}.json", (long_ago, long_ago))
    announce(browser)
    assert put(browser, ticket, CONTENTS[100:], 100).json == {"offset": SIZE}


@pytest.mark.parametrize("ticket", ["unknown", "..%2f..%2fdataset", "0" * 32, "0" * 31])
def test_an_unknown_ticket_is_a_sentence(browser, ticket):
    assert put(browser, ticket, b"x", 0).status_code == 404


def test_another_site_cannot_send_files(browser, here):
    told = {"files": [{"name": "evil.csv", "size": 3}]}
    assert browser.post("/uploads", json=told).status_code == 403
    foreign = {**OWN, "Sec-Fetch-Site": "cross-site"}
    assert browser.post("/uploads", json=told, headers=foreign).status_code == 403
    assert list(here.incoming.iterdir()) == []


def test_the_disk_limit_counts_what_is_announced_and_has_not_arrived(tmp_path):
    browser = served(Workspace(tmp_path / "data", disk_limit=20_000))
    first, second = announce(browser, ("a.csv", 10_000), ("b.csv", 10_000))
    assert "ticket" in first
    assert second["error"].startswith("b.csv needs 10.0")
    assert "DISK_LIMIT_GB" in second["error"]


def test_a_disk_limit_that_was_lowered_stops_a_file_on_its_way_and_keeps_what_is_here(browser, here):
    ticket = half_sent(browser)
    lower = served(Workspace(here.directory, disk_limit=5_000))
    answer = put(lower, ticket, CONTENTS[100:], 100)
    assert answer.status_code == 507
    assert "only 4.4" in answer.json["error"]
    assert put(browser, ticket, CONTENTS[100:], 100).json == {"offset": SIZE}


def test_a_file_that_the_disk_has_no_room_for_is_refused_before_it_is_sent(browser, monkeypatch):
    usage = type("Usage", (), {"free": disk.SPARE_BYTES + SIZE - 1})
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage)
    (answer,) = announce(browser)
    assert "the server's disk has only 10.2" in answer["error"].replace("\u00a0", " ")


def test_a_full_disk_is_one_sentence_and_the_slice_can_be_sent_again(browser, monkeypatch):
    (begun,) = announce(browser)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(incoming, "_written", full)
        answer = put(browser, begun["ticket"], CONTENTS, 0)
    assert answer.status_code == 507
    assert answer.json["error"].startswith("The server's disk is full, so orders.csv could not be sent to its end")
    assert put(browser, begun["ticket"], CONTENTS, 0).json == {"offset": SIZE}
