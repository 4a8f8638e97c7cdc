"""The report is one page that needs nothing else, escapes everything, and tells the run's own numbers."""

import dataclasses
import datetime
import html
import html.parser
import json
import re

import pandas as pd
import pytest

from pipeline import formats
from pipeline.cli import main
from pipeline.insights.rules import insights, shop_of
from pipeline.report import model_card as card
from pipeline.report.bands import bands
from pipeline.report.document import model_card, report
from pipeline.report.time_parts import moved
from pipeline.standing import Standing
from tests.pipeline.report.conftest import NASTY


class Outline(html.parser.HTMLParser):
    """The elements of a page, its texts, and whether every element is closed where it should be."""

    VOID = ("meta", "br", "circle", "rect", "line")

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.attributes, self.texts = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.texts.append(text)


@pytest.fixture(scope="module")
def page(reported):
    return report(reported)


@pytest.mark.parametrize("write", [report, model_card])
def test_a_document_needs_nothing_else_and_runs_nothing(reported, write):
    written = write(reported)
    outline = Outline(written)
    assert outline.open == []
    assert not {"script", "link", "img", "iframe", "b", "i"} & set(outline.tags)
    assert all(value.startswith("#") for name, value in outline.attributes if name in ("href", "src"))
    assert not [name for name, _ in outline.attributes if name.startswith("on")]
    assert "http" not in written
    assert "url(" not in written
    assert len(written) < 2_000_000


def test_every_text_of_the_file_is_shown_as_text(page, reported):
    texts = " ".join(Outline(page).texts)
    assert NASTY in texts
    assert "<b>Germany</b>" in texts
    assert "Best <i>friends</i>" in texts


def test_no_markup_of_ours_is_shown_as_text(page):
    shown = [text for text in Outline(page).texts if "class=" in text]
    assert shown == []


def test_ids_are_unique_and_links_lead_somewhere(page):
    attributes = Outline(page).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    named = [each for name, value in attributes if name == "aria-labelledby" for each in value.split()]
    assert set(named) | {value[1:] for name, value in attributes if name == "href"} <= set(ids)


def test_the_report_tells_the_runs_own_numbers(page, reported):
    texts, segmentation = "\n".join(Outline(page).texts), reported.segmentation
    cleaned = segmentation.facts("cleaning")
    assert formats.money(cleaned["money"]) in texts
    assert formats.money(segmentation.models()["total_6m"]["expected"]) in texts
    for warning in segmentation.warnings():
        assert warning in texts
    for limit in card.LIMITS:
        assert limit in texts
    for entry in segmentation.ledger():
        assert entry["label"] in texts
    for graded in segmentation.backtest()["grades"].values():
        assert graded["sentence"] in texts
    sizes = reported.customers["Segment"].value_counts()
    assert all(formats.count(size) in texts for size in sizes)


def test_the_manifest_in_the_report_is_whole(page, reported):
    outline = Outline(page)
    written = next(text for text in outline.texts if text.startswith('{\n "title"'))
    facts = json.loads(written)
    assert facts["recipe"] == reported.segmentation.recipe.to_json()
    assert facts["input"]["files"][0]["sha256"] == reported.segmentation.source_digest


def test_a_dot_stands_for_each_customer(page, reported):
    assert Outline(page).tags.count("circle") == len(reported.customers)


def test_the_bars_of_a_segment_are_as_long_as_its_shares(page, reported):
    row = reported.summary.iloc[1]
    shares = reported.summary[["CustomerShare", "RevenueShare"]].max().max()
    worth = reported.summary["CLV_6m"] * reported.summary["Customers"]
    longest = max(shares, (worth / worth.sum()).max())
    part = page[page.index(f'">{html.escape(reported.names[1])}</p>') :]
    widths = re.findall(r"width:([\d.]+)%;background", part)[:2]
    told = [row["CustomerShare"] / longest, row["RevenueShare"] / longest]
    assert [float(width) / 100 for width in widths] == pytest.approx(told, abs=1e-4)


def test_the_same_results_make_the_same_document(page, reported):
    assert report(reported) == page


@pytest.mark.parametrize(
    ("method", "told"), [("hierarchical", "Hierarchical (Ward), 4 segments"), ("rfm_grid", "RFM grid, ")]
)
def test_the_command_line_writes_the_report(reported, tmp_path, capsys, method, told):
    source = reported.source
    asked = ["report", str(source), "--output", str(tmp_path / "out.html"), "--data-dir", str(source.parent)]
    assert main([*asked, "--title", "My shop", "--method", method]) == 0
    written = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "<h1>Customer segments: My shop</h1>" in written
    assert told in written.replace("\xa0", " ")
    assert capsys.readouterr().out == f"{tmp_path / 'out.html'}\n"


@pytest.mark.parametrize(
    ("flags", "told"),
    [(("--method", "magic"), "--method must be one of kmeans"), (("--output", "x.pdf"), "--output must end in .html")],
)
def test_what_makes_no_report_is_told_before_anything_is_computed(flags, told, capsys):
    assert main(["report", "no such file", *flags]) == 2
    assert told in capsys.readouterr().err


def test_what_stands_out_is_what_the_pages_tell(reported, page):
    found = insights(shop_of(reported.segmentation, reported.customers, reported.names))
    assert found
    texts = "".join(Outline(page).texts)
    places = [texts.index(f"{formats.money(each.money)} {each.stake}. {each.sentence}") for each in found]
    assert places == sorted(places)
    assert all(each.chance in texts and each.step in texts for each in found)


def _numbers(part):
    return [int(cell.replace(",", "")) for cell in re.findall(r'<td class="num"[^>]*>([\d,]+)(?: [▲▼])?</td>', part)]


def test_who_moved_is_the_movement_of_the_results_with_its_noise(page, reported):
    standing = Standing(reported.segmentation)
    earlier, later = standing.between()
    moved = standing.movement(earlier, later, "kmeans", 4)
    part = page[page.index('<section id="moved">') : page.index('<section id="forecast">')]
    for sentence in [*moved.sentences(earlier, later), *moved.told_beyond(reported.names_on_any_day)]:
        assert html.escape(sentence, quote=False) in part
    matrix, movers = part[: part.index("<h3>")], part[part.index("<h3>") :]
    assert sum(_numbers(matrix)) == len(reported.customers)
    assert matrix.count("<path") == len(moved.flows())
    marks = moved.matrix()[1].to_numpy().ravel().tolist()
    assert [matrix.count(f" {mark}</td>") for mark in "▲▼"] == [marks.count(mark) for mark in "▲▼"]
    expected = standing.movers(earlier, later, "kmeans", 4, reported.customers[["CustomerID", "CLV_6m"]])
    listed = re.findall(r'<tr><td class="words">([^<]+)</td>', movers)
    assert listed == expected["CustomerID"].head(10).tolist()
    assert f"{formats.plural(len(expected), 'customer')} moved for sure" in movers
    assert formats.money(expected["CLV_6m"].sum()) in movers


def test_the_bands_of_a_segment_are_as_wide_together_as_it_holds_customers():
    flows = pd.DataFrame({"Before": [0, 0, 1, -3], "After": [0, 1, 1, 1], "Customers": [50, 20, 40, 10]})
    drawn = bands(flows, {0: "Best", 1: "Rest & co", -3: "New"}, "Moves", "all")
    edges = re.findall(r"M[\d.]+ ([\d.]+)C[^V]*V[\d.]+C50 [\d.]+ 50 ([\d.]+) ", drawn)
    widths = [float(foot) - float(top) for top, foot in edges]
    assert widths == pytest.approx([width * widths[0] / 50 for width in (50, 20, 40, 10)], abs=0.11)
    assert re.findall(r'fill-opacity="([\d.]+)"', drawn) == ["0.16", "0.5", "0.16", "0.5"]
    heights = [float(height) for height in re.findall(r'<rect[^>]* height="([\d.]+)"', drawn)]
    assert heights == pytest.approx([widths[0] / 50 * size for size in (70, 40, 10, 50, 70)], abs=0.2)
    assert drawn.count("Rest &amp; co</text>") == 2


def test_the_days_of_the_movement_can_be_asked_for(reported, tmp_path, capsys):
    source, output = reported.source, tmp_path / "out.html"
    asked = ["report", str(source), "--output", str(output), "--data-dir", str(source.parent)]
    standing = reported.standing
    earlier = standing.first + (standing.last - standing.first) / 2
    assert main([*asked, "--from", earlier.isoformat()]) == 0
    told = standing.movement(earlier, standing.last, "kmeans", 4).sentences(earlier, standing.last)
    assert html.escape(told[0], quote=False) in output.read_text(encoding="utf-8")
    assert main([*asked, "--from", "1999-01-01"]) == 2
    assert "1 Jan 1999 is not in the file" in capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")


def test_a_file_too_short_for_movement_says_so_in_its_place(reported):
    class Short(Standing):
        def __init__(self, segmentation):
            super().__init__(segmentation)
            self.last = self.first + datetime.timedelta(days=40)

    told = moved(dataclasses.replace(reported, stood=Short(reported.segmentation)))
    assert told == "<p>Movement needs 60 days of orders; this file holds 41.</p>"
