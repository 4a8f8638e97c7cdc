"""`report`: charts, tables and model card as one HTML file."""

from __future__ import annotations

import argparse

from pipeline.cli import handed_on
from pipeline.cli.arguments import add_days
from pipeline.report import command

HELP = "charts, tables and model card as one HTML file"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of the report."""
    handed_on.add_flags(parser, "data/processed/report.html", _own_flags)


def _own_flags(parser: argparse.ArgumentParser) -> None:
    command.add_flags(parser)
    add_days(parser)


def run(asked: argparse.Namespace) -> None:
    """Write the report; what it cannot show is refused before anything runs."""
    command.check(asked)
    handed_on.handed_on(asked, command.written)
