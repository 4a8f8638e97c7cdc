"""What is worth acting on, as a list on the Explore page: each sentence with a link to the customers it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from pipeline.profiles.findings import Finding, findings
from webapp import filters, formats
from webapp.finished import Finished
from webapp.views import View

SHOWN = 4


def listed(results: Finished, view: View) -> Component | None:
    """The findings with most money in them, of all customers under a settled view; None where there are none."""
    found = results.once(("findings", view.method, view.k), lambda: _found(results, view))
    if not found:
        return None
    return html.Ul([_line(each, view) for each in found[:SHOWN]], className="told")


def _found(results: Finished, view: View) -> list[Finding]:
    orders = results.segmentation.days()["Revenue"].to_numpy(dtype=np.float64)
    return findings(results.in_segments(view), results.names(view), formats.money, orders)


def _line(finding: Finding, view: View) -> Component:
    chosen: dict[str, Any] = dict(finding.filters)
    address = replace(view.unfiltered(), **chosen).address("/explore")
    at_once = filters.setting({name: str(value) for name, value in finding.filters.items()}, alone=True)
    return html.Li([f"{finding.sentence} ", html.A("Show them", href=address, **at_once)])
