"""Bootstrap's styles and icons, served from the installed package: the app works where there is no internet."""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from flask import Flask, Response, send_from_directory

PACKAGE = "Bootstrap-Flask"
STYLES = ("css/bootstrap.min.css", "css/font/bootstrap-icons.min.css")
ONE_YEAR_SECONDS = 365 * 24 * 3600


def folder() -> Path:
    """Where the installed package keeps Bootstrap 5; the package itself is not imported."""
    found = find_spec("flask_bootstrap")
    assert found is not None and found.submodule_search_locations, f"{PACKAGE} is installed"
    return Path(found.submodule_search_locations[0]) / "static" / "bootstrap5"


def address() -> str:
    """The route's start; it holds the version, so that browsers may keep the files for a year."""
    return f"/vendor/bootstrap-{version(PACKAGE)}"


def stylesheets() -> list[str]:
    """The addresses of the style sheets."""
    return [f"{address()}/{name}" for name in STYLES]


def register(server: Flask) -> None:
    """Add the route."""

    def bootstrap_file(name: str) -> Response:
        return send_from_directory(folder(), name, max_age=ONE_YEAR_SECONDS)

    server.add_url_rule(f"{address()}/<path:name>", view_func=bootstrap_file)
