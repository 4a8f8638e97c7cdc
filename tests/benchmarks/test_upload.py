"""The uploads' benchmark compares like with like: a plain PUT that takes the whole file, and a table of both."""

import urllib.request

from benchmarks import upload
from benchmarks.upload import Sent


def test_the_bare_server_takes_a_file_as_it_is(tmp_path):
    contents = bytes(range(256)) * 5000
    with upload._bare_server(tmp_path / "plain") as url:
        with urllib.request.urlopen(url) as page:
            assert b"type=file" in page.read()
        with urllib.request.urlopen(urllib.request.Request(url, contents, method="PUT")) as answer:
            assert answer.status == 200
    assert (tmp_path / "plain").read_bytes() == contents


def test_a_file_is_made_of_the_size_that_was_asked_for(tmp_path):
    upload._write(tmp_path / "large.csv", 2_500_001)
    assert (tmp_path / "large.csv").stat().st_size == 2_500_001
    assert (tmp_path / "large.csv").read_bytes().startswith(upload.LINE)


def test_the_table_gives_medians_of_times_and_the_most_of_memory():
    rounds = [Sent(2.0, 1.0, 5.0, 1.0), Sent(4.0, 4.0, 9.0, 2.0), Sent(1.0, 0.9, 1.0, 3.0)]
    assert upload._row(48, rounds) == "| 48 MB | 3 | 24 | 90% | 2.00 | 1.00 | 9.0 | 3.0 |"
