"""`python -m pipeline ...`: results to files or stdout, narration and progress to stderr.

Every setting's flag is read from its declaration, so a new setting needs no line here.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pipeline
from pipeline.audience.command import add_flags as audience_flags
from pipeline.clustering.methods import K_METHODS, METHODS
from pipeline.errors import PipelineError, ReadingError, SettingError, UndecidedError
from pipeline.parameters import Parameter, Value, parameters
from pipeline.recipe import RECIPES, SECTIONS, Recipe, load_recipe
from pipeline.report.command import add_flags as report_flags

if TYPE_CHECKING:
    from pipeline.results import Segmentation

BAD_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 2 after one sentence on stderr about what is wrong with the input."""
    asked = _parser().parse_args(arguments)
    try:
        asked.command(asked)
    except PipelineError as error:
        print(f"error: {error}", file=sys.stderr)
        if isinstance(error, UndecidedError):
            print(_answers(error), file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"error: {error.filename or 'A file'}: {error.strerror or error}.", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("Stopped; nothing was written.", file=sys.stderr)
        return INTERRUPTED
    return 0


def _audience(asked: argparse.Namespace) -> None:
    from pipeline.audience import command

    command.kind_of(Path(asked.output))
    _handed_on(asked, command.written)


def _report(asked: argparse.Namespace) -> None:
    from pipeline.report import command

    command.check(asked)
    _handed_on(asked, command.written)


def _handed_on(asked: argparse.Namespace, written: Callable[..., list[str]]) -> None:
    """Run the recipe over the input and write what `written` makes of the results, with what it tells on stderr."""
    from pipeline.output import check_writable
    from pipeline.segmentation import STAGE_TITLES, run
    from pipeline.store import Store

    sources, output, recipe = [_source(each) for each in asked.input], Path(asked.output), _recipe(asked)
    for source in sources:
        _refuse_overwriting(source, output)
    check_writable(output)
    store = Store(Path(asked.data_dir) / "cache")
    try:
        segmentation = run(sources, recipe, store, progress=_Narrator(STAGE_TITLES).report)
        for told in written(segmentation, asked, output):
            print(told, file=sys.stderr)
    finally:
        store.close()
    print(output)


def _segment(asked: argparse.Namespace) -> None:
    from pipeline.output import check_writable, write_left_out
    from pipeline.scoring import write_model
    from pipeline.segmentation import RESULTS, STAGE_TITLES, run
    from pipeline.store import Store

    sources, output, recipe = [_source(each) for each in asked.input], Path(asked.output), _recipe(asked)
    rejected = Path(asked.rejected) if asked.rejected else None
    model = Path(asked.model) if asked.model else None
    for source in sources:
        _refuse_overwriting(source, output)
        if rejected:
            _refuse_overwriting(source, rejected, "--rejected")
        if model:
            _refuse_overwriting(source, model, "--model")
    for target in filter(None, (output, rejected, model)):
        check_writable(target)
    store = Store(Path(asked.data_dir) / "cache")
    try:
        until = "stability" if asked.stability else RESULTS
        segmentation = run(sources, recipe, store, until=until, progress=_Narrator(STAGE_TITLES).report)
        for told in _findings(segmentation):
            print(told, file=sys.stderr)
        manifest = _written(segmentation, sources, output)
        if model:
            write_model(segmentation, model)
            print(f"The model, for `score`: {model}", file=sys.stderr)
        if rejected:
            print(f"Lines left out: {write_left_out(segmentation, rejected):,}, in {rejected}", file=sys.stderr)
    finally:
        store.close()
    print(f"How it came about: {manifest}", file=sys.stderr)
    print(output)


def _score(asked: argparse.Namespace) -> None:
    from pipeline.output import check_writable, whole_file
    from pipeline.scoring import read_model, recipe_of, scored, wanted_columns
    from pipeline.segmentation import STAGE_TITLES, run
    from pipeline.store import Store

    sources, output, known = [_source(each) for each in asked.input], Path(asked.output), read_model(Path(asked.model))
    columns = wanted_columns(known, asked.method, asked.k)
    for source in sources:
        _refuse_overwriting(source, output)
    check_writable(output)
    store = Store(Path(asked.data_dir) / "cache")
    try:
        described = run(sources, recipe_of(known), store, until="features", progress=_Narrator(STAGE_TITLES).report)
        span = described.facts("cleaning")["span"]
        found = scored(store.path(described.keys["features"], "customers"), known, columns, span)
    finally:
        store.close()
    output.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(output) as unfinished:
        found.table.to_csv(unfinished, index=False, lineterminator="\n")
    for sentence in found.sentences:
        print(f"drift: {sentence}", file=sys.stderr)
    print(output)


def _findings(segmentation: Segmentation) -> list[str]:
    """What a person should know of the data, the forecast and the results, a sentence each."""
    return [
        *_of_the_data(segmentation),
        *(f"past tests: {sentence}" for sentence in segmentation.backtest()["sentences"]),
        *_stability(segmentation),
        *(f"note: {warning}" for warning in segmentation.warnings()),
    ]


def _stability(segmentation: Segmentation) -> list[str]:
    """The suggested number of segments of each method, where stability was tested."""
    if segmentation.stability() is None:
        return []
    return [f"segments: {METHODS[name].TITLE}: {segmentation.suggestion(name).reason}" for name in K_METHODS]


def _of_the_data(segmentation: Segmentation) -> list[str]:
    checked = segmentation.data_check()
    return [
        *(f"data: {sentence}" for sentence in checked["sentences"]),
        *(f"{'enough' if part['enough'] else 'too little'} data: {part['sentence']}" for part in checked["parts"]),
    ]


def _written(segmentation: Segmentation, sources: Sequence[Path], output: Path) -> Path:
    from pipeline.output import write_segments

    try:
        return write_segments(segmentation, sources, output)
    except OSError as reason:  # its own words name an unfinished file that nobody asked for
        raise SettingError(f"{output} cannot be written ({reason.strerror or reason}); choose another file.") from None


def _inspect(asked: argparse.Namespace) -> None:
    from pipeline.reading.interpretation import inspect
    from pipeline.reading.proposal import proposal
    from pipeline.reading.transactions import Reading

    source, settings = _source(asked.input), _recipe(asked).step(Reading)
    proposed = proposal([source], settings)
    if not asked.json:
        print(_columns_in_words(proposed))
    interpretation = inspect(source, settings)
    if asked.json:
        print(json.dumps(interpretation | {"proposal": proposed}, indent=2, ensure_ascii=False))
        return
    for name, found in interpretation.items():
        if name != "first_rows":
            print(f"{name.replace('_', ' ')}: {_in_words(found)}")
    print("first rows:")
    for row in interpretation["first_rows"]:
        print("  " + _in_words(row))
    if asked.check:
        print("\n".join(_checked(source, _recipe(asked))))


def _checked(source: Path, recipe: Recipe) -> list[str]:
    """The data check of a file in sentences; what it takes to find them is thrown away."""
    from pipeline.segmentation import run
    from pipeline.store import Store

    with tempfile.TemporaryDirectory(prefix="segment-studio-") as folder:
        store = Store(Path(folder))
        try:
            return _of_the_data(run(source, recipe, store, until="check"))
        finally:
            store.close()


def _sample(asked: argparse.Namespace) -> None:
    from pipeline.output import check_writable
    from pipeline.simulation import simulate_shop

    target = Path(asked.file)
    check_writable(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    simulate_shop(target, asked.customers, asked.seed)
    print(f"A simulated shop of {asked.customers:,} customers; its truth stands beside it.", file=sys.stderr)
    print(target)


def _settings(_: argparse.Namespace) -> None:
    print(settings_table())


def settings_table() -> str:
    """Every setting as a Markdown table: section, flag, meaning, allowed values, and its value in each recipe."""
    names = list(RECIPES)
    lines = [
        f"| step | flag | what it does | allowed | {' | '.join(names)} |",
        "|---|---|---|---|" + "---|" * len(names),
    ]
    for section, step in SECTIONS.items():
        for parameter in parameters(step):
            values = [_short(next(s for s in RECIPES[name].steps if section == s.NAME), parameter) for name in names]
            words = f"{parameter.label}. {parameter.help}"
            lines.append(f"| {section} | `{parameter.flag}` | {words} | {parameter.allowed()} | {' | '.join(values)} |")
    return "\n".join(lines)


def _short(step: object, parameter: Parameter) -> str:
    value = getattr(step, parameter.name)
    if parameter.kind != "text":
        return f"{value:g}" if isinstance(value, float) else str(value)
    return "as shipped" if value else "empty"


def _recipe(asked: argparse.Namespace) -> Recipe:
    changes: dict[str, dict[str, Value]] = {}
    for section, step in SECTIONS.items():
        for parameter in parameters(step):
            typed = getattr(asked, parameter.key)
            if typed is not None:
                changes.setdefault(section, {})[parameter.name] = parameter.parse(_from_file(parameter, typed))
    return load_recipe(asked.recipe).with_settings(changes).named()


def _from_file(parameter: Parameter, typed: str) -> str:
    if parameter.kind != "text" or not typed.startswith("@"):
        return typed
    path = Path(typed[1:])
    if not path.is_file():
        raise SettingError(f"{parameter.flag} is to be read from {path}, but there is no such file.")
    return path.read_text(encoding="utf-8")


def _source(typed: str) -> Path:
    source = Path(typed)
    if source.is_dir():
        raise ReadingError(f"{source} is a folder, not a file; name the CSV file in it.")
    if not source.exists():
        raise ReadingError(f"There is no file {source}.")
    return source


def _refuse_overwriting(source: Path, output: Path, flag: str = "--output") -> None:
    if output.is_dir():
        raise SettingError(f"{flag} must be a file, but {output} is a folder.")
    if output.exists() and source.exists() and output.samefile(source):
        raise SettingError(f"{flag} would overwrite the input {source}; choose another file.")


def _answers(question: UndecidedError) -> str:
    """The flags that answer a question, with what each would make of an example, a line each."""
    known = {parameter.key: parameter.flag for step in SECTIONS.values() for parameter in parameters(step)}
    flag = known[question.setting]
    return "\n".join(f"  {flag} {value}: {option['example']}" for value, option in question.options.items())


def _columns_in_words(proposed: dict[str, Any]) -> str:
    """What each column of the file is taken for, how surely and why, a line each, and what is lost without others."""
    lines = [proposed["looked_at"]] if proposed["looked_at"] else []
    for column in proposed["headings"]:
        taken = f"{column['canonical']} ({column['confidence']})" if column["canonical"] else "-"
        lines.append(f"  {column['heading'] or '(no name)'} -> {taken}. {column['why']}")
    lines += [f"no {each['column']}: {each['loss']}" for each in proposed["optional_missing"]]
    return "\n".join(lines)


def _in_words(found: object) -> str:
    if isinstance(found, dict):
        return ", ".join(f"{name}: {_in_words(value)}" for name, value in found.items())
    if isinstance(found, list | tuple):
        return ", ".join(map(_in_words, found)) or "none"
    return "" if found is None else str(found)


class _Narrator:
    """Tells each stage of a run once, on stderr."""

    def __init__(self, titles: dict[str, str]) -> None:
        self._titles = titles
        self._told = ""

    def report(self, stage: str, share: float, sentence: str) -> None:
        if sentence != self._told and stage in self._titles:
            self._told = sentence
            print(f"[{share:4.0%}] {sentence}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline",
        allow_abbrev=False,
        description="Customer segments and lifetime value from a file of transactions.",
    )
    parser.add_argument("--version", action="version", version=f"Segment Studio {pipeline.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    segment = commands.add_parser(
        "segment", allow_abbrev=False, help="one row per customer, with value and segments, as CSV"
    )
    segment.add_argument("input", metavar="INPUT", nargs="+", help="the file of transactions; several are read as one")
    segment.add_argument("--output", metavar="FILE", default="data/processed/rfm_segments.csv", help="%(default)s")
    segment.add_argument(
        "--stability", action="store_true", help="also test whether segments come back when customers are drawn anew"
    )
    segment.add_argument("--model", metavar="FILE", help="write the finished model too, for `score`")
    segment.add_argument("--rejected", metavar="FILE", help="write the lines left out too: File, Line, Reason, Text")
    _add_data_dir(segment)
    _add_settings(segment)
    segment.set_defaults(command=_segment)

    score = commands.add_parser("score", allow_abbrev=False, help="later customers in the segments of a finished model")
    score.add_argument(
        "input", metavar="INPUT", nargs="+", help="the later file of transactions; several are read as one"
    )
    score.add_argument("--model", metavar="FILE", required=True, help="the model, as `segment --model FILE` wrote it")
    score.add_argument("--method", metavar="NAME", help="one method; without it all of them")
    score.add_argument("--k", type=int, metavar="K", help="the number of segments; without it the recipe's own")
    score.add_argument("--output", metavar="FILE", default="data/processed/scored.csv", help="%(default)s")
    _add_data_dir(score)
    score.set_defaults(command=_score)

    listed = commands.add_parser(
        "audience", allow_abbrev=False, help="chosen customers as a list for a campaign, with a control group"
    )
    listed.add_argument("input", metavar="INPUT", nargs="+", help="the file of transactions; several are read as one")
    listed.add_argument("--output", metavar="FILE", default="data/processed/audience.xlsx", help="%(default)s")
    _add_data_dir(listed)
    audience_flags(listed)
    _add_settings(listed)
    listed.set_defaults(command=_audience)

    reported = commands.add_parser("report", allow_abbrev=False, help="charts, tables and model card as one HTML file")
    reported.add_argument("input", metavar="INPUT", nargs="+", help="the file of transactions; several are read as one")
    reported.add_argument("--output", metavar="FILE", default="data/processed/report.html", help="%(default)s")
    _add_data_dir(reported)
    report_flags(reported)
    _add_settings(reported)
    reported.set_defaults(command=_report)

    inspect = commands.add_parser(
        "inspect", allow_abbrev=False, help="how a file is read: encoding, dates, which column is what"
    )
    inspect.add_argument("input", metavar="INPUT", help="the file of transactions")
    inspect.add_argument("--json", action="store_true", help="as JSON")
    inspect.add_argument("--check", action="store_true", help="clean the file too and say what its data are like")
    _add_settings(inspect)
    inspect.set_defaults(command=_inspect)

    sample = commands.add_parser("sample", allow_abbrev=False, help="a simulated shop with known parameters")
    sample.add_argument("file", metavar="FILE", help="the CSV to write")
    sample.add_argument("--customers", type=int, default=1500, metavar="N", help="how many customers (%(default)s)")
    sample.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same file (%(default)s)")
    sample.set_defaults(command=_sample)

    settings = commands.add_parser("settings", allow_abbrev=False, help="every setting as a Markdown table")
    settings.set_defaults(command=_settings)
    return parser


def _add_data_dir(parser: argparse.ArgumentParser) -> None:
    default = os.environ.get("DATA_DIR", "data")
    parser.add_argument("--data-dir", metavar="DIR", default=default, help="where results are kept (%(default)s)")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recipe", default="balanced", metavar="NAME|FILE", help=f"{' or '.join(RECIPES)}, or a recipe's JSON file"
    )
    for step in SECTIONS.values():
        group = parser.add_argument_group(step.TITLE or step.NAME)
        for parameter in parameters(step):
            also = "; @FILE reads it from a file" if parameter.kind == "text" else ""
            words = f"{parameter.label}: {parameter.allowed()}{also}".replace("%", "%%")
            group.add_argument(parameter.flag, dest=parameter.key, metavar=parameter.name.upper(), help=words)
