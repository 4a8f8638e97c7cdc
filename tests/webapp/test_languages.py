"""Numbers follow the browser's language, or the one that its reader has chosen."""

import flask
import pytest

from webapp import formats, languages


@pytest.mark.parametrize(
    ("asked", "chosen", "written"),
    [
        ("de-CH,de;q=0.9,en;q=0.5", "", "1'234.5"),
        ("de,en;q=0.5", "", "1.234,5"),
        ("xx,fr;q=0.5", "", "1\u202f234,5"),
        ("", "", "1,234.5"),
        ("*", "", "1,234.5"),
        ("de", "en", "1,234.5"),
        ("en-US", "sv", "1\u00a0234,5"),
        ("de", "<script>", "1.234,5"),
    ],
)
def test_a_request_is_answered_in_its_readers_numbers(asked, chosen, written):
    server = flask.Flask("test")
    server.before_request(languages.follow_the_reader)
    server.add_url_rule("/", "number", lambda: formats.number(1234.5))
    browser = server.test_client()
    if chosen:
        browser.set_cookie(languages.COOKIE, chosen)
    assert browser.get("/", headers={"Accept-Language": asked}).text == written
    assert server.test_client().get("/").text == "1,234.5"


def test_every_language_that_is_offered_is_known():
    assert all(formats.writing(tag) for tag in languages.OFFERED)
    assert languages.field()[languages.FIELD].value == languages.AS_ASKED
