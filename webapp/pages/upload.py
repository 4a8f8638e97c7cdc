"""The Data page: bring a file, see what was read and what cleaning left out, and go on to the segments."""

from __future__ import annotations

from typing import Any

from dash import Dash
from dash.development.base_component import Component

from webapp import dataset_view, datasets, landing
from webapp.views import View

PATH = "/"
TITLE = "Data"


def layout(
    data: str | None = None,
    recipe: str | None = None,
    confirm: str | None = None,
    onto: str | None = None,
    later_of: str | None = None,
    **asked: Any,
) -> Component:
    """The landing page, or what is known of one data set."""
    if data:
        return dataset_view.page(data, recipe or None, confirm == "yes")
    return landing.page(onto, View.from_address(later_of, recipe, **asked) if later_of else None)


def register_callbacks(app: Dash) -> None:
    """What happens on this page."""
    landing.register_callbacks(app)
    datasets.register_callbacks(app)
    dataset_view.register_callbacks(app)
