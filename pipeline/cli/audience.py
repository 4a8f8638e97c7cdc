"""`audience`: chosen customers as a list for a campaign, with a control group."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.audience import command
from pipeline.cli import handed_on

HELP = "chosen customers as a list for a campaign, with a control group"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of every list, and whom it is to hold."""
    handed_on.add_flags(parser, "data/processed/audience.xlsx", command.add_flags)


def run(asked: argparse.Namespace) -> None:
    """Write the list; a file of no known kind is refused before anything runs."""
    command.kind_of(Path(asked.output))
    handed_on.handed_on(asked, command.written)
