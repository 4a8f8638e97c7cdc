"""A slower stage, more memory and a steeper slope are told in a sentence; a busy machine is not."""

import json

import pytest

from benchmarks import regression
from benchmarks.__main__ import BASELINE, FEW_SHOPS, OURS, SIDES, rows
from benchmarks.records import kept

STAGES = {"reading": (2.0, 1.0), "features": (6.0, 2.0), "clusters": (10.0, 4.0), "all": (18.0, 7.0)}


def run(**changed):
    """Made-up records of a small and a large file; `changed` is stage -> factor of ours in the large one."""
    records = []
    for lines, size in ((10_000, 1.0), (100_000, 10.0)):
        for stage, seconds in STAGES.items():
            for side, spent in zip(("reference", "duckdb"), seconds, strict=True):
                factor = changed.get(stage, 1.0) if (side, lines) == ("duckdb", 100_000) else 1.0
                records.append(
                    {
                        "lines": lines,
                        "side": side,
                        "stage": stage,
                        "cpu_seconds": spent * size * factor,
                        "peak_memory_mb": 400.0 if side == "reference" else 200.0,
                    }
                )
    return records


def test_the_same_run_is_not_slower_than_itself():
    assert regression.slower(run(), run()) == []


def test_a_machine_that_is_three_times_slower_changes_nothing():
    slow = [record | {"cpu_seconds": 3 * record["cpu_seconds"]} for record in run()]
    assert regression.slower(slow, run()) == []


def test_a_stage_that_takes_more_than_twice_as_long_is_named_by_every_ratio_that_shows_it():
    told = regression.slower(run(features=2.5), run())
    assert told[0] == (
        "features (duckdb, 100,000 lines by 10,000): 2.50 times the processor time a line takes in the smallest file, "
        "1.00 in the baseline; that is 2.5 times as much, and 2 times are allowed."
    )
    assert any(
        sentence.startswith("features (duckdb, 100,000 lines): 0.83 of the reference's processor time, 0.33 in the")
        for sentence in told
    )
    assert all(sentence.startswith("features") for sentence in told)


def test_a_stage_that_got_quicker_is_not_told():
    assert regression.slower(run(features=0.3), run()) == []


def test_more_memory_is_told():
    more = [
        record | {"peak_memory_mb": 300.0} if (record["side"], record["stage"]) == ("duckdb", "reading") else record
        for record in run()
    ]
    told = regression.slower(more, run())
    assert len(told) == 2
    assert all("reading" in sentence and "of the reference's memory" in sentence for sentence in told)


def test_what_takes_no_time_on_either_side_is_noise():
    short = [
        record | {"cpu_seconds": record["cpu_seconds"] / 1000} if record["stage"] == "reading" else record
        for record in run()
    ]
    noisy = [
        record | {"cpu_seconds": 5 * record["cpu_seconds"]}
        if (record["side"], record["stage"]) == ("duckdb", "reading")
        else record
        for record in short
    ]
    assert regression.slower(noisy, short) == []


def test_what_takes_the_reference_no_time_is_not_compared_with_it():
    names = {(ratio.kind, ratio.what) for ratio in regression.ratios(run())}
    quick = [
        record | {"cpu_seconds": 0.01} if (record["side"], record["stage"]) == ("reference", "reading") else record
        for record in run()
    ]
    left = {(ratio.kind, ratio.what) for ratio in regression.ratios(quick)}
    assert {(kind.words, what) for kind, what in names - left} == {
        ("of the reference's processor time", f"reading (duckdb, {lines} lines)") for lines in ("10,000", "100,000")
    }


@pytest.mark.parametrize(("factor", "code"), [(1.0, 0), (4.0, 1)])
def test_the_command_ends_with_1_only_where_something_got_slower(tmp_path, capsys, factor, code):
    (tmp_path / "now.json").write_text(json.dumps(run(clusters=factor)))
    (tmp_path / "baseline.json").write_text(json.dumps(run()))
    assert regression.main([str(tmp_path / "now.json"), str(tmp_path / "baseline.json")]) == code
    assert ("clusters" in capsys.readouterr().out) == bool(code)


def test_a_baseline_of_other_files_is_no_comparison(tmp_path, capsys):
    (tmp_path / "now.json").write_text(json.dumps(run()))
    other = [record | {"lines": record["lines"] + 1} for record in run()]
    (tmp_path / "baseline.json").write_text(json.dumps(other))
    assert regression.main([str(tmp_path / "now.json"), str(tmp_path / "baseline.json")]) == 1
    assert "nothing to compare" in capsys.readouterr().err


def test_the_baseline_has_every_stage_of_both_sides_in_two_sizes():
    records = kept(BASELINE)
    assert {record["side"] for record in records} == set(SIDES)
    assert len({record["lines"] for record in records}) == len(FEW_SHOPS)
    assert {record["stage"] for record in records if record["side"] == OURS} == set(rows())
    assert regression.slower(records, records) == []
