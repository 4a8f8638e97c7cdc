"""The guide in a real browser: offered once, opened by keyboard, searched as one types."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE_MILLISECONDS

pytestmark = pytest.mark.browser


def test_a_first_visitor_is_told_of_the_guide_once_and_finds_terms_in_it(studio, chromium):
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    page.goto(studio.url)
    hint = page.get_by_label("Hint")
    expect(hint).to_be_visible()
    page.get_by_role("button", name="Try it with sample data").click()
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()
    expect(hint).not_to_be_visible()
    page.get_by_role("link", name="Other data").click()
    expect(hint).to_be_visible()
    hint.get_by_role("button", name="Open the guide").click()
    guide = page.get_by_role("dialog")
    expect(guide.get_by_role("heading", name="Guide")).to_be_visible()
    expect(hint).not_to_be_visible()
    guide.get_by_label("Find a term").fill("silhou")
    expect(guide.locator(".guide-term:visible")).to_have_count(1)
    guide.get_by_label("Find a term").fill("no such thing")
    expect(guide.get_by_text("No term has that in it.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(guide).not_to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    expect(hint).not_to_be_visible()
    page.locator("#guide-open").press("Enter")
    expect(guide).to_be_visible()
    page.close()
