"""The Data page: bring a file, see what was read and what cleaning left out, and go on to the segments."""

from __future__ import annotations

from typing import Any

from dash import Dash
from dash.development.base_component import Component

from webapp import dataset_view, datasets, landing

PATH = "/"
TITLE = "Data"


def layout(
    data: str | None = None, recipe: str | None = None, confirm: str | None = None, onto: str | None = None, **_: Any
) -> Component:
    """The landing page, or what is known of one data set."""
    return dataset_view.page(data, recipe or None, confirm == "yes") if data else landing.page(onto)


def register_callbacks(app: Dash) -> None:
    """What happens on this page."""
    landing.register_callbacks(app)
    datasets.register_callbacks(app)
    dataset_view.register_callbacks(app)
