"""The views of one page behind one switch: only the one that shows is drawn, and redrawn when a control changes.

`assets/tabs.js` decides in the browser what has to be asked for: a view that was not open yet, or an open one whose
controls have changed since it was drawn. So a change costs one request, however many views a page has. It asks by
`set_props`, since what was drawn decides what is asked for, and Dash allows no circle of callbacks. The answer is one
text, which the browser puts in its places: Dash's own rounds for a dozen outputs took longer than all drawing.

A run beside the page that ends, such as the test of stability, is one more such change: what follows the controls is
drawn by the last answer alone, or one to an earlier state of the controls could come last and stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from dash import ClientsideFunction, Dash, Input, Output, Patch, State, dcc, html, no_update
from dash.development.base_component import Component
from plotly.io.json import to_json_plotly

from webapp import controls, ids

if TYPE_CHECKING:
    from webapp.finished import Finished
    from webapp.views import View

ASK = ClientsideFunction("tabs", "ask")
HIDE = ClientsideFunction("tabs", "hide")
NEWS = ClientsideFunction("tabs", "news")
TOLD = "data-told"


class Tab(Protocol):
    """One view of a page: a module with these names."""

    @property
    def NAME(self) -> str:  # noqa: N802
        """Its word in the address."""

    @property
    def TITLE(self) -> str:  # noqa: N802
        """Its words on the switch."""

    @property
    def PLACES(self) -> Mapping[str, str]:  # noqa: N802
        """Id -> property of every part that changes with the page's controls, or the function of the browser that is
        handed the id and what it shows, as `dots.cover`; empty where nothing does.
        """

    def area(self, results: Finished, view: View) -> list[Component]:
        """The whole view, drawn for a settled view of the results."""

    def redrawn(self, results: Finished, view: View) -> dict[str, Any]:
        """What each of `PLACES` shows under another settled view, by id."""

    def register(self, app: Dash) -> None:
        """Wire what happens inside the view itself."""


@dataclass(frozen=True)
class Tabs:
    """All views of a page.

    Attributes
    ----------
    page : the word that the ids of the page begin with.
    tabs : its views; the first one shows unless another is asked for.
    chosen : name -> the control that holds this part of a `View`; all views follow these.
    base : the id of the page's store of what else a `View` is made of.
    read : (base, values of `chosen`) -> finished results and the settled view.
    """

    page: str
    tabs: tuple[Tab, ...]
    chosen: Mapping[str, str]
    base: str
    read: Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[Finished, View]]

    @property
    def switch_id(self) -> str:
        """The id of the switch; its value is the name of the view that shows."""
        return f"{self.page}-view"

    def place_id(self, tab: str) -> str:
        """The id of a view's place."""
        return f"{self.page}-tab-{tab}"

    def shown(self, view: View) -> Tab:
        """The tab that an address asks for, else the first."""
        return next((tab for tab in self.tabs if view.view == tab.NAME), self.tabs[0])

    @property
    def titles(self) -> dict[str, str]:
        """The name of each view -> its words on the switch."""
        return {tab.NAME: tab.TITLE for tab in self.tabs}

    def switch(self, view: View) -> Component:
        """Which of the views shows."""
        options = [{"label": title, "value": name} for name, title in self.titles.items()]
        field = controls.segmented(self.switch_id, "View", options, self.shown(view).NAME)
        return html.Div(field, className="view-switch")

    def controls(self, view: View, inside: Component) -> Component:
        """What holds the controls of `chosen`; it goes when the view that shows does not follow them."""
        return html.Div(inside, id=self._id("controls"), hidden=not self.shown(view).PLACES)

    def places(self, results: Finished, view: View, values: Mapping[str, Any]) -> Component:
        """The place of every view, the one that shows drawn; `values` are what the controls of `chosen` hold."""
        shown = self.shown(view)
        own = replace(view, view="")  # what a view shows is the same however one came to it
        parts = [
            html.Div(
                tab.area(results, own) if tab is shown else None,
                id=self.place_id(tab.NAME),
                className="stack",
                hidden=tab is not shown,
            )
            for tab in self.tabs
        ]
        spec = {
            "tabs": [tab.NAME for tab in self.tabs],
            "following": [tab.NAME for tab in self._following()],
            "fields": list(self.chosen),
            "page": self.page,
        }
        stores = [
            dcc.Store(id=self._id("tabs"), data=spec),
            dcc.Store(id=self._id("drawn"), data={shown.NAME: dict(values)}),
            *(dcc.Store(id=self._id(name)) for name in ("heard", "open", "news")),
            *(dcc.Store(id=self._asked_id(tab)) for tab in self._following()),
        ]
        return html.Div([*stores, html.Div(id=self._id("told"), hidden=True), *parts])

    def register(self, app: Dash) -> None:
        """Wire the switch, the opening and the redrawing of every view, and what the views do themselves."""
        spec, drawn = State(self._id("tabs"), "data"), self._id("drawn")
        switch, late = Input(self.switch_id, "value"), {"prevent_initial_call": True}
        hidden = [Output(self.place_id(tab.NAME), "hidden") for tab in self.tabs]
        app.clientside_callback(HIDE, Output(self._id("controls"), "hidden"), *hidden, switch, spec, **late)
        chosen = [Input(id, "value") for id in self.chosen.values()]
        news, status = self._id("news"), Input(ids.RUN_STATUS, "data")
        app.clientside_callback(NEWS, Output(news, "data"), status, State(self.base, "data"), **late)
        seen = switch, Input(drawn, "data"), Input(news, "data"), *chosen
        app.clientside_callback(ASK, Output(self._id("heard"), "data"), *seen, spec, **late)
        self._register_opening(app, drawn)
        for tab in self.tabs:
            tab.register(app)
        for tab in self._following():
            self._register_redrawing(app, tab, drawn)

    def _following(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab.PLACES]

    def _id(self, name: str) -> str:
        return f"{self.page}-{name}"

    def _asked_id(self, tab: Tab) -> str:
        return self._id(f"asked-{tab.NAME}")

    def _register_opening(self, app: Dash, drawn: str) -> None:
        places = {tab.NAME: Output(self.place_id(tab.NAME), "children") for tab in self.tabs}
        by_name = {tab.NAME: tab for tab in self.tabs}

        @app.callback(
            output={"places": places, "drawn": Output(drawn, "data")},
            inputs={"asked": Input(self._id("open"), "data"), "base": State(self.base, "data")},
            prevent_initial_call=True,
        )
        def open_tab(asked: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
            name, values = asked["tab"], asked["values"]
            results, view = self.read(base, values)
            filled: dict[str, Any] = dict.fromkeys(by_name, no_update)
            return {"places": filled | {name: by_name[name].area(results, view)}, "drawn": _noted(name, values)}

    def _register_redrawing(self, app: Dash, tab: Tab, drawn: str) -> None:
        told = Output(self._id("told"), TOLD, allow_duplicate=True)

        @app.callback(
            output={"told": told, "drawn": Output(drawn, "data", allow_duplicate=True)},
            inputs={"values": Input(self._asked_id(tab), "data"), "base": State(self.base, "data")},
            prevent_initial_call=True,
        )
        def redraw_tab(values: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
            return {"told": told_to_the_browser(tab, *self.read(base, values)), "drawn": _noted(tab.NAME, values)}


def told_to_the_browser(tab: Tab, results: Finished, view: View) -> str:
    """What a view shows under another settled view, as JSON: id -> its property or function, and what it shows."""
    shown = tab.redrawn(results, view)
    told: str = to_json_plotly({id: [tab.PLACES[id], part] for id, part in shown.items() if part is not no_update})
    return told


def _noted(name: str, values: Mapping[str, Any]) -> Patch:
    noted = Patch()
    noted[name] = dict(values)
    return noted
