"""`settings`: every setting as a table, as README holds it."""

from __future__ import annotations

import argparse

from pipeline.parameters import Parameter, parameters
from pipeline.recipe import RECIPES, SECTIONS

HELP = "every setting as a Markdown table"


def add_flags(_: argparse.ArgumentParser) -> None:
    """None."""


def run(_: argparse.Namespace) -> None:
    """Print the table."""
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
