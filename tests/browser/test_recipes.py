"""A recipe is kept, downloaded, deleted and uploaded again in a real browser."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.test_journey import explored_address, shop_file  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


def test_a_recipe_is_kept_given_away_deleted_and_taken_in(page, explored_address, tmp_path):  # noqa: F811
    page.goto(explored_address.replace("/explore", "/model"))
    expect(page.locator(".segment-card").first).to_be_visible()
    shelf, chosen = page.locator("details:has(#recipes-keep)"), page.locator("#recipes-chosen")
    shelf.locator("summary").click()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#recipes-told")).to_contain_text("1 to 40 characters")
    page.get_by_label("Keep this recipe as").fill("Kept for spring")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("Kept as “Kept for spring”.")
    expect(chosen).to_have_value("Kept for spring")
    expect(shelf.get_by_role("link", name="Download as JSON")).to_be_visible()
    with page.expect_download() as saved:
        shelf.get_by_role("link", name="Download as JSON").click()
    given = tmp_path / "given.json"
    saved.value.save_as(given)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("“Kept for spring” is deleted.")
    expect(chosen.locator("option", has_text="Kept for spring")).to_have_count(0)
    (tmp_path / "bad.json").write_text('{"name": 5}')
    page.locator("#recipes-file input").set_input_files(tmp_path / "bad.json")
    expect(page.locator("#recipes-told")).to_contain_text("must be text, not 5")
    (tmp_path / "orders.csv").write_bytes(b"0" * 300_000)
    page.locator("#recipes-file input").set_input_files(tmp_path / "orders.csv")
    expect(page.locator("#recipes-told")).to_have_text("orders.csv has 0.3 MB; a recipe has at most 0.2 MB.")
    other = json.loads(given.read_text()) | {"name": "From a friend", "clusters": {"seed": 5}}
    (tmp_path / "friend.json").write_text(json.dumps(other))
    page.locator("#recipes-file input").set_input_files(tmp_path / "friend.json")
    expect(page.locator("#notice")).to_contain_text("kept it as “From a friend”: 1 setting differs")
    expect(chosen.locator("option", has_text="From a friend")).to_be_attached()
    expect(chosen).to_have_value("From a friend")
    expect(page.locator(".segment-card").first).to_be_visible(timeout=120_000)
