"""A segment is renamed in a real browser, and keeps its name after a reload and on the next page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_journey import explored_address, shop_file  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


def test_a_renamed_segment_keeps_its_name(page, explored_address):  # noqa: F811
    page.goto(explored_address.replace("/explore", "/model"))
    first = page.locator(".segment-card h3").first
    found = first.inner_text()
    page.get_by_role("button", name="Names and actions").click()
    dialogue = page.get_by_role("dialog")
    field = dialogue.get_by_label(found, exact=False).first
    field.fill("")
    dialogue.get_by_role("button", name="Save", exact=True).click()
    expect(dialogue.get_by_role("status")).to_contain_text(f"{found}: a name has 1 to 40 characters")
    field.fill("Friends of the house")
    dialogue.get_by_label("What to do with").first.fill("Invite them to the summer event.")
    dialogue.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(first).to_have_text("Friends of the house")
    expect(page).to_have_url(re.compile("recipe="))
    page.reload()
    expect(first).to_have_text("Friends of the house")
    expect(page.locator(".segment-card").first).to_contain_text("Do: Invite them to the summer event.")
    page.get_by_role("link", name="Explore segments").click()
    expect(page.locator(".summary tbody tr").first).to_contain_text("Friends of the house")
