"""The Data page in a real browser: bring a file, see what became of it, go on; and what can go wrong on the way."""

import csv
import re

import pytest
from playwright.sync_api import expect

from pipeline.simulation import simulate_shop
from tests.browser.accessibility import SCHEMES, violations

pytestmark = pytest.mark.browser
BAD_FILES = {
    "nothing.csv": (b"", "is empty"),
    "report.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "PDF"),
    "page.csv": (
        b"<!doctype html>\n<html><body><p>Sign in, please</p></body></html>\n",
        "is a web page (HTML), not CSV text",
    ),
    "data.json": (b'[{"CustomerID": "17850", "UnitPrice": 2.5}]', "is JSON, not CSV text; export it as CSV"),
    "people.csv": (
        b"Customer ID,Total spent,Orders,Last order\n"
        + b"".join(b"C%d,%d.5,%d,2011-03-%02d\n" % (n, 7 * n, n, n) for n in range(1, 30)),
        "one row per customer",
    ),
    "returns.csv": (
        # Headings of its own: those that another test confirmed would be read without asking
        b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country,Shelf\n"
        b"C1,10,MUG,-1,2011-03-12 10:00,2.5,17850,France,A\nC2,10,MUG,-2,2011-03-13 10:00,2.5,17851,France,B\n",
        "",
    ),
}


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory):
    """A simulated shop of 150 customers."""
    path = tmp_path_factory.mktemp("shop") / "orders 2011.csv"
    simulate_shop(path, customers=150, seed=5)
    return path


def number(written):
    return float(re.sub(r"[^\d.-]", "", written.replace("−", "-")))


def choose(page, files):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(files)


def confirm(page):
    """Say that the file reads as it is shown. Files whose headings were confirmed before are not asked about."""
    button, results = page.get_by_role("button", name="Read the file"), page.locator(".kpis")
    expect(button.or_(results)).to_be_visible(timeout=60_000)
    if button.is_visible():
        button.click()


def bring(page, files):
    """Choose a file and have it read."""
    choose(page, files)
    confirm(page)


def drop(page, name, contents):
    """Drop a file on the page as a person does from their desktop."""
    transfer = page.evaluate_handle(
        """([name, contents]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(contents)], name));
            return transfer;
        }""",
        [name, list(contents)],
    )
    page.dispatch_event("#drop-zone", "dragover", {"dataTransfer": transfer})
    expect(page.locator("#drop-zone")).to_have_class(re.compile("drop-over"))
    page.dispatch_event("#drop-zone", "drop", {"dataTransfer": transfer})


def test_a_file_becomes_an_account_of_itself_and_the_next_step_is_clear(own_studio, page, shop_file):
    page.goto(own_studio.url)
    bring(page, shop_file)
    expect(page.get_by_role("heading", level=1)).to_have_text("orders 2011.csv")
    expect(page.locator(".kpi-label").first).to_have_text("Customers")
    ledger = page.get_by_role("region", name="What each rule left out")
    expect(ledger).to_contain_text("Used")
    onward = page.get_by_role("link", name="Build segments")
    data = re.search(r"\?data=([0-9a-f]{24})", page.url).group(1)
    assert onward.get_attribute("href") == f"/model?data={data}"
    assert (own_studio.data_dir / "raw" / data / "source.csv").read_bytes() == shop_file.read_bytes()


def test_the_ledger_reconciles_on_the_page(studio, page, shop_file):
    page.goto(studio.url)
    bring(page, shop_file)
    table = page.get_by_role("region", name="What each rule left out").locator("table")
    expect(table).to_be_visible()
    rows = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    in_the_file, *rules, left = rows
    for column in (1, 2, 3):
        assert number(in_the_file[column]) + sum(number(rule[column]) for rule in rules) == number(left[column])
    money = number(in_the_file[4]) + sum(number(rule[4]) for rule in rules)
    assert money == pytest.approx(number(left[4]), abs=0.001)
    expect(page.locator("#ledger-chart .js-plotly-plot")).to_be_visible()


def test_a_file_can_be_dropped(studio, page, shop_file):
    page.goto(studio.url)
    drop(page, "dropped.csv", shop_file.read_bytes() + b"\n")
    confirm(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("dropped.csv")
    expect(page.locator(".kpi-label").first).to_have_text("Customers")


def test_the_keyboard_alone_is_enough(studio, page, shop_file):
    page.goto(studio.url)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.wait_for_load_state("networkidle")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").press("Enter")
    chooser.value.set_files(shop_file)
    confirm(page)
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()


def test_the_sample_shop_is_one_click_away_and_is_there_again_later(studio, page):
    page.goto(studio.url)
    page.get_by_role("button", name="Try it with sample data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sample shop.csv")
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()
    address = page.url
    page.get_by_role("link", name="Other data").click()
    page.get_by_role("link", name="Sample shop.csv", exact=True).click()
    expect(page).to_have_url(address)
    expect(page.locator(".kpi-label").first).to_have_text("Customers")


def test_an_address_opens_the_same_view_in_another_tab_and_after_a_restart(own_studio, page, shop_file):
    page.goto(own_studio.url)
    bring(page, shop_file)
    expect(page.locator(".kpi-value").first).to_be_visible()
    shown, path = page.locator(".kpi-value").all_inner_texts(), page.url.removeprefix(own_studio.url)
    page.goto("about:blank")  # a page that still loads its charts would tell of the server's end in the console
    own_studio.stop()
    again = own_studio.start_again(port=0)
    page.goto(again.url + path)
    expect(page.locator(".kpi-value")).to_have_text(shown)


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_clear_sentence_and_the_page_goes_on(studio, page, name, tmp_path):
    contents, hint = BAD_FILES[name]
    (tmp_path / name).write_bytes(contents)
    page.expected_errors = ["400 (BAD REQUEST)"]
    page.goto(studio.url)
    choose(page, tmp_path / name)
    if name == "returns.csv":
        confirm(page)
    alert = page.get_by_role("alert").filter(visible=True)
    expect(alert).to_be_visible()
    sentence = alert.locator("p, span").first.inner_text()
    assert re.fullmatch(r"[^\n]+\.", sentence), sentence
    assert hint in sentence
    assert "Traceback" not in page.content()
    if page.get_by_role("link", name="Choose another file").count():
        asked = page.get_by_role("heading", name="Is this how your file reads?")
        expect(asked).to_have_count(0 if "CSV" in hint else 1)  # the page has settled; there is no column to ask about
        page.get_by_role("link", name="Choose another file").click()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()


def test_a_file_that_could_not_be_read_can_be_removed(own_studio, page, tmp_path):
    (tmp_path / "people.csv").write_bytes(BAD_FILES["people.csv"][0])
    page.goto(own_studio.url)
    choose(page, tmp_path / "people.csv")
    page.get_by_role("button", name="Remove this one").click()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    expect(page.get_by_role("heading", name="Your data")).to_have_count(0)
    assert list((own_studio.data_dir / "raw").iterdir()) == []


def orders(customers, date="2011-03-{:02d} 10:00", first_day=13):
    """A file of one order per customer; the 13th is no month, so the order of day and month is plain."""
    head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    row = "{0},10,MUG,2,{1},2.5,{2},France\n"
    return head + "".join(row.format(n, date.format(first_day + n % 15), 17850 + n) for n in range(customers))


def test_a_file_whose_dates_can_be_read_in_two_ways_is_asked_about_and_the_answer_runs_it(own_studio, page, tmp_path):
    (tmp_path / "ambiguous.csv").write_text(orders(9, date="04/{:02d}/2011 10:00", first_day=1))
    page.goto(own_studio.url)
    choose(page, tmp_path / "ambiguous.csv")
    read = page.get_by_role("button", name="Read the file")
    expect(page.get_by_text("Answer the question above.")).to_be_visible()
    expect(read).to_be_disabled()
    expect(page.get_by_label("Day first")).to_have_accessible_name(re.compile("04/01/2011.* is 4 January 2011"))
    month = page.get_by_label("Month first")
    expect(month).to_have_accessible_name(re.compile("04/01/2011.* is 1 April 2011"))
    month.check()
    read.click()
    expect(page.locator(".kpi-note").nth(3)).to_have_text(re.compile("1\\sApr\\s2011 to 9\\sApr\\s2011"))
    expect(page).to_have_url(re.compile("recipe=[0-9a-f]{24}$"))
    page.reload()
    expect(page.locator(".kpi-note").nth(3)).to_have_text(re.compile("1\\sApr\\s2011"))


def test_a_column_that_was_taken_wrongly_is_changed_by_its_dropdown_and_can_be_changed_later(
    own_studio, page, tmp_path
):
    head = "Order,Order date,Customer ID,Account,Quantity,Unit price\n"
    row = "{0},2011-03-{1:02d},{2},A{3},2,2.50\n"
    (tmp_path / "two.csv").write_text(
        head + "".join(row.format(n, 1 + n % 28, 100 + n % 40, n % 12) for n in range(90))
    )
    page.goto(own_studio.url)
    choose(page, tmp_path / "two.csv")
    customer, row = page.get_by_label("Customer", exact=True), page.locator(".mapping > li").first
    expect(customer.locator("option:checked")).to_have_text("Customer ID")
    expect(row).to_contain_text("Sure")
    customer.select_option("Order date")
    expect(page.get_by_text("is taken for Customer and for Date: choose one.")).to_be_visible()
    expect(page.get_by_role("button", name="Read the file")).to_be_disabled()
    customer.select_option("Account")
    expect(row).to_contain_text("Your choice")
    expect(row).to_contain_text("A0")
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator(".kpi-value").first).to_have_text("12")
    page.get_by_role("link", name="Change how it is read").click()
    expect(customer.locator("option:checked")).to_have_text("Account")
    customer.select_option("Customer ID")
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator(".kpi-value").first).to_have_text("40")


def test_a_file_without_a_customer_is_asked_which_column_it_is(studio, page, tmp_path):
    lines = (f"{1000 + n},2024-03-{n % 28 + 1:02d},{n % 3 + 1},{2 + n / 4:.2f}\n" for n in range(30))
    (tmp_path / "x.csv").write_text("Order ID,Order Date,Quantity,Unit Price\n" + "".join(lines))
    page.goto(studio.url)
    choose(page, tmp_path / "x.csv")
    expect(page.get_by_text("Choose the column for customer")).to_be_visible()
    expect(page.get_by_role("button", name="Read the file")).to_be_disabled()


def test_headings_that_were_confirmed_once_are_read_straight_on(own_studio, page, tmp_path):
    for name, customers in (("march.csv", 20), ("april.csv", 25)):
        (tmp_path / name).write_text(orders(customers))
    page.goto(own_studio.url)
    bring(page, tmp_path / "march.csv")
    expect(page.locator(".kpi-value").first).to_have_text("20")
    page.goto(own_studio.url)
    choose(page, tmp_path / "april.csv")
    expect(page.locator(".kpi-value").first).to_have_text("25")
    expect(page.get_by_text("Read as last time: its headings are those of march.csv")).to_be_visible()


def test_the_copy_that_people_upload_gives_the_known_truth(own_studio, page, online_retail, tmp_path):
    import pandas as pd

    copy = tmp_path / "OnlineRetail.csv"
    lines = pd.read_csv(online_retail, dtype=str, keep_default_na=False)
    day = pd.to_datetime(lines["InvoiceDate"])
    month_first = day.dt.month.astype(str) + "/" + day.dt.day.astype(str) + "/" + day.dt.year.astype(str)
    lines["InvoiceDate"] = month_first + " " + day.dt.hour.astype(str) + day.dt.strftime(":%M")
    lines.to_csv(copy, index=False, encoding="cp1252", errors="replace", lineterminator="\r\n")
    page.goto(own_studio.url)
    choose(page, copy)
    button = page.get_by_role("button", name="Read the file")
    expect(button).to_be_enabled(timeout=90_000)
    expect(page.locator(".certainty-sure, .certainty-likely")).to_have_count(8)
    button.click()
    left_out = page.get_by_role("region", name="What each rule left out")
    used = left_out.get_by_role("row", name=re.compile("^Used")).locator("td")
    expect(used.last).to_have_text(re.compile("£"))
    expect(used).to_have_text(["Used", "397,884", "4,338", "18,532", "£8,911,407.90"], timeout=120_000)
    expect(page.locator(".facts")).to_contain_text("cp1252")


def test_a_choice_shows_its_effect_and_applied_the_numbers_move_by_exactly_that(studio, page, shop_file):
    page.goto(studio.url)
    bring(page, shop_file)
    left_out = page.get_by_role("region", name="What each rule left out")
    used = left_out.get_by_role("row", name=re.compile("^Used")).locator("td")
    expect(used.last).to_have_text(re.compile("£"))
    choice = page.locator(".toggles > li", has_text="Cancellations and returns")
    expect(choice).to_be_visible()
    expect(used).to_have_count(5)
    before, effect = used.all_inner_texts(), choice.locator(".effect-figures > *").all_inner_texts()
    assert len(effect) >= 2
    choice.get_by_role("switch").or_(choice.get_by_role("checkbox")).check()
    page.get_by_role("button", name="Apply 1 change").click()
    expect(page).to_have_url(re.compile("recipe=[0-9a-f]{24}"), timeout=90_000)
    expect(choice).to_contain_text("Switched off, it would change")
    expect(used).to_have_count(5)
    after = used.all_inner_texts()
    assert round(number(after[4]) - number(before[4]), 2) == number(effect[0])
    moved = {"line": 1, "customer": 2, "invoice": 3}
    for told in effect[1:]:
        column = next(column for word, column in moved.items() if word in told)
        assert number(after[column]) - number(before[column]) == number(told)
    onward = page.get_by_role("link", name="Build segments")
    assert onward.get_attribute("href") == f"/model{page.url.removeprefix(studio.url).removeprefix('/')}"
    page.go_back()
    expect(used).to_have_text(before)


@pytest.fixture
def overlapping_files(shop_file, tmp_path):
    """One shop's orders as two exports that share a month, and how many lines that month has."""
    head, *lines = shop_file.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(csv.reader([head])).index("InvoiceDate")
    months = [next(csv.reader([line]))[place][:7] for line in lines]
    shared = sorted(set(months))[len(set(months)) // 2]
    for name, kept in (("first.csv", str.__le__), ("second.csv", str.__ge__)):
        part = [line for line, month in zip(lines, months, strict=True) if kept(month, shared)]
        (tmp_path / name).write_text(head + "".join(part), encoding="utf-8")
    return [tmp_path / "first.csv", tmp_path / "second.csv"], months.count(shared)


def test_files_that_overlap_are_noticed_and_counted_once_on_a_word(own_studio, page, overlapping_files):
    files, shared = overlapping_files
    page.goto(own_studio.url)
    bring(page, files)
    banner = page.get_by_role("status").filter(has_text="These files overlap")
    twice = re.compile(
        r"These files overlap: ([\d,]+) lines that are used stand in another of them too, so (£[\d,.]+) of the revenue"
    )
    expect(banner).to_have_text(twice)
    lines, money = map(number, twice.search(banner.inner_text()).groups())
    assert 0 < lines <= shared
    left_out = page.get_by_role("region", name="What each rule left out")
    used = left_out.get_by_role("row", name=re.compile("^Used")).locator("td")
    expect(used.last).to_have_text(re.compile("£"))
    before = [number(figure) for figure in used.all_inner_texts()[1:]]
    banner.get_by_role("button", name="Count them once").click()
    expect(page).to_have_url(re.compile("recipe=[0-9a-f]{24}"))
    expect(banner).to_have_count(0)
    expect(left_out).to_contain_text("In another file too")
    after = [number(figure) for figure in used.all_inner_texts()[1:]]
    assert after[0] == before[0] - lines
    assert after[1] == before[1]
    assert round(before[3] - after[3], 2) == money


def test_the_lines_that_were_left_out_can_be_taken_along_with_their_reasons(studio, page, shop_file, tmp_path):
    page.goto(studio.url)
    bring(page, shop_file)
    count = int(number(page.locator(".left-out li", has_text="the rules left out").locator(".num").inner_text()))
    with page.expect_download() as download:
        page.get_by_role("link", name="Lines that the rules left out").click()
    assert download.value.suggested_filename == "orders_2011-dropped-lines.csv"
    download.value.save_as(tmp_path / "dropped.csv")
    with (tmp_path / "dropped.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert len(lines) == count > 0
    assert all(line["Line"] and line["Reason"] for line in lines)
    original = shop_file.read_text(encoding="utf-8-sig").splitlines()
    cancelled = next(line for line in lines if line["InvoiceNo"].startswith("C"))
    assert cancelled["InvoiceNo"] in original[int(cancelled["Line"]) - 1]


def test_where_nobody_came_back_the_way_on_is_closed_and_says_why(studio, page, tmp_path):
    (tmp_path / "few.csv").write_text(orders(12))
    page.goto(studio.url)
    bring(page, tmp_path / "few.csv")
    expect(page.get_by_text("0 of 12 customers bought on more than one day, and at least 10")).to_be_visible()
    expect(page.get_by_role("button", name="Build segments")).to_be_disabled()
    expect(page.get_by_role("link", name="Build segments")).to_have_count(0)


def test_the_theme_is_chosen_once_and_kept(studio, page):
    page.goto(studio.url)
    html = page.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(html).to_have_attribute("data-bs-theme", "dark")


def test_without_a_choice_the_theme_is_that_of_the_system(studio, page):
    page.emulate_media(color_scheme="dark")
    page.goto(studio.url)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_nothing_is_asked_of_any_other_host(studio, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(studio.url)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.evaluate("document.fonts.ready")
    assert [url for url in asked if not url.startswith((studio.url, "data:", "blob:"))] == []


def test_the_first_transactions_are_seen_whole_on_a_desk_and_by_scrolling_on_a_phone(studio, page, shop_file):
    page.goto(studio.url)
    bring(page, shop_file)
    table = page.get_by_role("region", name="First transactions")
    expect(table).to_be_visible()
    assert table.evaluate("each => each.scrollWidth - each.clientWidth") <= 0
    page.set_viewport_size({"width": 390, "height": 844})
    assert table.evaluate("each => each.scrollWidth - each.clientWidth") > 0
    table.evaluate("each => { each.scrollLeft = 5000; }")
    last = table.get_by_role("columnheader", name="TotalPrice").bounding_box()
    assert 0 < last["x"] < last["x"] + last["width"] <= 390


def test_on_a_phone_nothing_sticks_out(studio, page, shop_file):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(studio.url)
    bring(page, shop_file)
    expect(page.get_by_role("link", name="Build segments")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_role("navigation", name="Steps")).to_be_visible()


# In one go, because the top is drawn again when the file has been looked at.
LENGTHENED = """name => {
    const shown = document.querySelector(`header [title="${name}"]`)
    if (!shown) return null
    shown.textContent = 'orders of a very long name '.repeat(9)
    return shown.getBoundingClientRect().toJSON()
}"""


@pytest.mark.parametrize("width", [320, 390, 768])
def test_which_data_is_open_is_said_at_the_top_of_a_small_screen_too(studio, page, shop_file, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(studio.url)
    expect(page.get_by_role("banner").get_by_text("Segment Studio")).to_be_in_viewport()
    choose(page, shop_file)
    name = page.get_by_role("banner").get_by_text(shop_file.name)
    expect(name).to_be_visible()
    expect(name).to_have_attribute("title", shop_file.name)
    box = page.wait_for_function(LENGTHENED, arg=shop_file.name).json_value()
    tools = page.get_by_role("button", name="Open the guide").bounding_box()
    assert box["width"] > 60 and box["right"] <= tools["x"]
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nobody_is_kept_from_the_data_page(studio, page, shop_file, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(studio.url)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    assert violations(page) == []
    bring(page, shop_file)
    expect(page.locator(".kpi-label").first).to_have_text("Customers")
    expect(page.locator(".main-svg").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nobody_is_kept_from_saying_which_column_is_what(studio, page, tmp_path, scheme):
    lines = (f"{1000 + n},04/0{n % 9 + 1}/2024,{n % 3 + 1},{2 + n / 4:.2f},K{n % 7}\n" for n in range(60))
    (tmp_path / "x.csv").write_text("Nr,When,Pieces,Unit Price,Shelf\n" + "".join(lines))
    page.emulate_media(color_scheme=scheme)
    page.goto(studio.url)
    choose(page, tmp_path / "x.csv")
    expect(page.locator(".mapping > li").first).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Customer", exact=True).select_option("Shelf")
    expect(page.locator(".question").first).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Quantity", exact=True).select_option("Shelf")
    expect(page.get_by_text("choose one.")).to_be_visible()
    assert violations(page) == []
