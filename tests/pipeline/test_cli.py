"""The command line: results to files or stdout, narration to stderr, exit 2 and one sentence on bad input."""

import argparse
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.cli.arguments import add_settings, recipe_asked
from pipeline.cli.settings import settings_table
from pipeline.clustering.sweep import Clusters
from pipeline.output import check_writable

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    target = tmp_path_factory.mktemp("shop") / "shop.csv"
    assert main(["sample", str(target), "--customers", "300", "--seed", "5"]) == 0
    return target


def _segment(source, folder, *flags):
    return main(["segment", str(source), "--output", str(folder / "out.csv"), "--data-dir", str(folder), *flags])


def test_segment_writes_the_table_and_its_manifest_and_says_where(shop, tmp_path, capsys):
    assert _segment(shop, tmp_path, "--k", "3", "--recipe", "classic") == 0
    printed = capsys.readouterr()
    assert printed.out == f"{tmp_path / 'out.csv'}\n"
    assert re.search(r"\[100%\] ", printed.err)
    assert re.search(r"past tests: In \d past tests? the ranking (held|did not hold)", printed.err)
    assert re.search(r"^to plan with: (Plan with £|There is no total)", printed.err, re.MULTILINE)
    manifest = json.loads((tmp_path / "out.manifest.json").read_text())
    assert manifest["recipe"]["clusters"]["n_clusters"] == 3
    assert manifest["recipe"]["name"] == "classic"
    header = (tmp_path / "out.csv").read_text().splitlines()[0]
    assert header.startswith("CustomerID,Recency,Frequency,Monetary,CatShare_Bags")


def test_what_stands_out_is_told_with_the_flags_that_list_those_customers(shop, tmp_path, capsys):
    assert _segment(shop, tmp_path) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("stands out: ")]
    listed = [re.match(r"stands out: (?:The )?([\d,]+) customers? .* List them: audience (.*)$", line) for line in told]
    assert any(listed)
    for found in filter(None, listed):
        output = tmp_path / "audience.csv"
        asked = ["audience", str(shop), "--output", str(output), "--data-dir", str(tmp_path), *shlex.split(found[2])]
        assert main(asked) == 0
        assert len(output.read_text(encoding="utf-8-sig").splitlines()) - 1 == int(found[1].replace(",", ""))


def test_the_same_run_writes_the_same_bytes(shop, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert _segment(shop, tmp_path / name) == 0
    assert (tmp_path / "one" / "out.csv").read_bytes() == (tmp_path / "two" / "out.csv").read_bytes()


def test_several_inputs_are_read_as_one(shop, tmp_path, capsys):
    more = tmp_path / "more.csv"
    more.write_text("".join(shop.read_text(encoding="utf-8").splitlines(keepends=True)[:50]), encoding="utf-8")
    assert (
        main(["segment", str(shop), str(more), "--output", str(tmp_path / "out.csv"), "--data-dir", str(tmp_path)]) == 0
    )
    manifest = json.loads((tmp_path / "out.manifest.json").read_text())
    assert [each["file"] for each in manifest["input"]["files"]] == ["more.csv", "shop.csv"]


def test_the_lines_left_out_are_written_with_their_reasons(shop, tmp_path, capsys):
    import csv

    copy, left_out = tmp_path / "copy.csv", tmp_path / "left out.csv"
    copy.write_text(shop.read_text(encoding="utf-8") + "cut,here\n", encoding="utf-8")
    lines = copy.read_text(encoding="utf-8").splitlines()
    assert _segment(copy, tmp_path, "--rejected", str(left_out)) == 0
    with left_out.open(encoding="utf-8", newline="") as stream:
        head, first, *dropped = csv.reader(stream)
    assert head == ["File", "Line", "Reason", "Text"]
    assert first == ["copy.csv", str(len(lines)), "missing columns", "cut,here"]
    manifest = json.loads((tmp_path / "out.manifest.json").read_text())
    assert len(dropped) == manifest["ledger"][0]["rows_before"] - manifest["ledger"][-1]["rows_after"] > 0
    assert f"Lines left out: {len(dropped) + 1:,}, in {left_out}" in capsys.readouterr().err
    for _, line, _, text in dropped[:50]:
        assert text.split(",")[0] == lines[int(line) - 1].split(",")[0]


def test_the_lines_left_out_never_overwrite_the_input(shop, tmp_path, capsys):
    assert _segment(shop, tmp_path, "--rejected", str(shop)) == 2
    assert "--rejected would overwrite the input" in capsys.readouterr().err


def test_inspect_says_how_the_file_is_read(shop, capsys):
    assert main(["inspect", str(shop), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["columns"]["InvoiceDate"] == "InvoiceDate"
    assert found["first_rows"]
    assert found["proposal"]["columns"]["InvoiceDate"] == "InvoiceDate"
    assert main(["inspect", str(shop)]) == 0
    told = capsys.readouterr().out
    assert "encoding: " in told
    assert "  Quantity -> Quantity (sure). Its heading says so, and it holds whole numbers." in told


def test_inspect_checks_the_data_where_that_is_asked_for(shop, capsys):
    assert main(["inspect", str(shop), "--check"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert any(line.startswith("data: ") and " buyers with " in line for line in told)
    assert sum(line.startswith(("enough data: ", "too little data: ")) for line in told) == 4


@pytest.mark.parametrize("command", ["segment", "inspect"])
def test_what_a_file_leaves_open_is_asked_with_the_flags_that_answer(command, tmp_path, capsys):
    row = ONE_ROW.format(quantity=6, customer=17850).replace("2010-12-01", "03/04/2011")
    (tmp_path / "open.csv").write_text(HEADER + row)
    assert main([command, str(tmp_path / "open.csv")]) == 2
    assert capsys.readouterr().err.splitlines()[-2:] == [
        "  --reading-date-order day: 03/04/2011 08:26:00 is 3 April 2011",
        "  --reading-date-order month: 03/04/2011 08:26:00 is 4 March 2011",
    ]


ONE_ROW = "536365,85123A,HEART,{quantity},2010-12-01 08:26:00,2.55,{customer},United Kingdom\n"
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
BAD_FILES = {
    "an empty file": (b"", "empty"),
    "a file without the needed columns": (b"when,who\n2011-01-01,1\n2011-01-02,2\n", "when"),
    "a PDF renamed": (b"%PDF-1.7\n\x00\xff\xfe binary" * 50, "PDF"),
    "only cancellations": ((HEADER + ONE_ROW.format(quantity=-6, customer=17850) * 5).encode(), "Quantity"),
    "three customers": (
        (HEADER + "".join(ONE_ROW.format(quantity=6, customer=17850 + number) for number in range(3))).encode(),
        "3 customers",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_input_is_one_sentence_exit_2_and_no_output(name, tmp_path, capsys):
    content, reason = BAD_FILES[name]
    (tmp_path / "bad.csv").write_bytes(content)
    assert _segment(tmp_path / "bad.csv", tmp_path) == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert said.startswith("error: ")
    assert reason in said
    assert said.endswith(".")
    assert not list(tmp_path.glob("*out*"))


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--k", "1"], "must be a whole number from"),
        (["--k-low", "5", "--k-high", "3"], "Smallest k tried (clusters.k_low) is 5, above largest k tried"),
        (["--k", "soon"], "not 'soon'"),
        (["--recipe", "gone.json"], "There is no recipe 'gone.json'"),
        (["--product-mix-categories", "@gone.txt"], "no such file"),
    ],
)
def test_a_bad_setting_is_one_sentence_and_exit_2(flags, reason, shop, tmp_path, capsys):
    assert _segment(shop, tmp_path, *flags) == 2
    assert reason in capsys.readouterr().err


def test_the_input_is_never_overwritten(shop, tmp_path, capsys):
    before = shop.read_bytes()
    assert main(["segment", str(shop), "--output", str(shop), "--data-dir", str(tmp_path)]) == 2
    assert "would overwrite the input" in capsys.readouterr().err
    assert shop.read_bytes() == before


def test_a_place_that_cannot_be_written_is_one_sentence(shop, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["segment", str(shop), "--output", str(tmp_path / "file" / "x.csv"), "--data-dir", str(tmp_path)]) == 2
    assert (
        capsys.readouterr().err
        == f"error: {tmp_path}/file/x.csv cannot be written (Not a directory); choose another file.\n"
    )


@pytest.mark.parametrize("output", ["/proc/x.csv", "/proc/new/x.csv", f"{'long' * 60}.csv"])
def test_a_place_that_cannot_be_written_is_named_before_anything_runs(output, shop, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["segment", str(shop), "--output", output, "--data-dir", "cache"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {output} cannot be written (")
    assert len(said.splitlines()) == 1
    assert main(["sample", output]) == 2
    assert capsys.readouterr().err.startswith(f"error: {output} cannot be written (")
    assert not list(tmp_path.iterdir())


def test_a_disk_that_fills_up_is_told_with_the_outputs_name(shop, tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", ".out.csv.x1y2")

    monkeypatch.setattr("pipeline.output.write_segments", full)
    assert _segment(shop, tmp_path) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == f"error: {tmp_path}/out.csv cannot be written (No space left on device); choose another file."


def test_trying_whether_a_place_can_be_written_leaves_nothing(tmp_path):
    for output in (tmp_path / "x.csv", tmp_path / "new" / "deep" / "x.csv"):
        check_writable(output)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["segment", "inspect"])
def test_a_folder_or_nothing_as_input_is_said_to_be_that(command, tmp_path, capsys):
    assert main([command, str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"error: {tmp_path} is a folder, not a file; name the CSV file in it.\n"
    assert main([command, str(tmp_path / "gone.csv")]) == 2
    assert capsys.readouterr().err == f"error: There is no file {tmp_path / 'gone.csv'}.\n"


def test_it_runs_as_a_module():
    finished = subprocess.run(
        [sys.executable, "-m", "pipeline", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert finished.stdout.startswith("Segment Studio ")


def test_the_readme_shows_every_setting_as_it_is_declared():
    assert settings_table() in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [(["--k", "12"], 2, 12), (["--k", "3", "--k-low", "3"], 3, 8), (["--k", "4"], 2, 8)],
)
def test_a_number_of_segments_widens_the_range_that_is_tried(typed, low, high):
    parser = argparse.ArgumentParser()
    add_settings(parser)
    clusters = recipe_asked(parser.parse_args(typed)).step(Clusters)
    assert (clusters.k_low, clusters.k_high) == (low, high)


def test_a_range_that_was_typed_is_kept_and_refuses_a_number_outside(capsys, shop):
    assert main(["segment", str(shop), "--k", "9", "--k-high", "6"]) == 2
    assert "outside the range tried" in capsys.readouterr().err


def test_a_folder_that_is_not_there_yet_is_told_of(tmp_path, capsys):
    target = tmp_path / "new" / "shop.csv"
    assert main(["sample", str(target), "--customers", "20", "--seed", "1"]) == 0
    assert f"The folder {target.parent} is not there yet; it will be made." in capsys.readouterr().err
    assert main(["sample", str(target), "--customers", "20", "--seed", "1"]) == 0
    assert "not there yet" not in capsys.readouterr().err


def test_movement_writes_who_moved_between_two_days_and_says_how_many_had_to_be_expected(shop, tmp_path, capsys):
    days = ["--from", "2025-06-01", "--to", "2025-09-01", "--method", "rfm_grid"]
    output = tmp_path / "moved.csv"
    asked = ["movement", str(shop), "--output", str(output), "--data-dir", str(tmp_path)]
    assert main([*asked, *days]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{output}\n"
    told = printed.err.replace("\N{NO-BREAK SPACE}", " ")
    moved = int(re.search(r"customers on 1 Jun 2025, (\d+) \(", told)[1])
    assert "to be expected had everyone gone on ordering as before" in told
    lines = output.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "CustomerID,From,To,OrdersSince,SpentSince,CameBack,GaveBack,Recency,Frequency,Monetary,CLV_6m"
    assert len(lines) - 1 == moved > 0
    assert all(
        re.fullmatch(r"\d+(\.\d{1,2})?", amount)
        for line in lines[1:]
        for amount in (line.split(",")[4], line.split(",")[-1])
    )
    for wrong, words in ((["--from", "2025-09-01", "--to", "2025-06-01"], "must come before"), (["--to", "now"], "no")):
        assert main([*asked, *wrong]) == 2
        assert words in capsys.readouterr().err
