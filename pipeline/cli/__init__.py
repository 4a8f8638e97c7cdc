"""`python -m pipeline ...`: results to files or stdout, narration and progress to stderr.

A command is a module with `HELP`, `add_flags(parser)` and `run(asked)`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import pipeline
from pipeline import engine
from pipeline.cli import audience, inspect, movement, report, sample, score, segment, settings
from pipeline.errors import PipelineError, UndecidedError
from pipeline.parameters import parameters
from pipeline.recipe import SECTIONS

COMMANDS = {
    "segment": segment,
    "score": score,
    "movement": movement,
    "audience": audience,
    "report": report,
    "inspect": inspect,
    "sample": sample,
    "settings": settings,
}
BAD_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 2 after one sentence on stderr about what is wrong with the input."""
    asked = _parser().parse_args(arguments)
    try:
        if "memory_mb" in asked:
            engine.memory_limit(asked.memory_mb)
            os.environ[engine.MEMORY] = asked.memory_mb
            os.environ[engine.ENGINE] = engine.known(asked.engine)
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


def _answers(question: UndecidedError) -> str:
    """The flags that answer a question, with what each would make of an example, a line each."""
    known = {parameter.key: parameter.flag for step in SECTIONS.values() for parameter in parameters(step)}
    flag = known[question.setting]
    return "\n".join(f"  {flag} {value}: {option['example']}" for value, option in question.options.items())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline",
        allow_abbrev=False,
        description="Customer segments and lifetime value from a file of transactions.",
    )
    parser.add_argument("--version", action="version", version=f"Segment Studio {pipeline.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, allow_abbrev=False, help=command.HELP)
        command.add_flags(own)
        own.set_defaults(command=command.run)
    return parser
