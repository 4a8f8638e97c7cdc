"""The way to the report from the pages whose segments it shows: what it holds, to look at or to hand on.

The links follow the address of the page, which `assets/studio.js` sees to, so that the report has the segments shown.
"""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from webapp import components, model_document
from webapp.views import View

HOLDS = (
    "One page with what stands out, the segments and what they are worth, months, countries and products, who moved "
    "between segments, the model card, what was left out and every setting, of all customers under this method and "
    "number of segments. It opens in any browser without the app and without internet, and prints on A4."
)


def menu(page: str, view: View) -> Component:
    """The button and what it unfolds; it hides while results are being made.

    Parameters
    ----------
    page : the word that the page's ids begin with.
    """
    address = view.unfiltered().address(model_document.REPORT)
    look: list[Any] = [components.icon("box-arrow-up-right"), " Open"]
    inside = [
        html.P(HOLDS),
        html.Div(
            [
                html.A(
                    look,
                    id=f"{page}-report-open",
                    href=f"{address}&show=yes",
                    target="_blank",
                    className=_link("outline-secondary"),
                ),
                components.download("Download", address, _link("primary"), id=f"{page}-report-take"),
            ],
            className="report-links",
        ),
    ]
    button = html.Summary([components.icon("file-earmark-text"), " Report"], className="btn btn-outline-secondary")
    return html.Details([button, html.Div(inside, className="report-holds")], className="report-menu")


def _link(colour: str) -> str:
    return f"btn btn-sm btn-{colour} carries-view"
