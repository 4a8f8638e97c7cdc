"""The two choices that all views of the Model page follow: the method and the number of segments."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from pipeline.clustering.labels import KEY_ACCOUNTS, NOISE
from pipeline.clustering.methods import K_METHODS, METHODS
from webapp import controls, formats, ids
from webapp.finished import Finished
from webapp.views import View

CONTROLS = {"method": ids.MODEL_METHOD, "k": ids.MODEL_K}
NOTE, NOTES = "model-k-note", "model-k-notes"
CHOSEN = f"""(method, options, notes) => {{
    const off = !{list(K_METHODS)}.includes(method);
    return [options.map((option) => ({{...option, disabled: off}})), notes[method] || "", !notes[method]];
}}"""


def held(results: Finished, view: View) -> View:
    """A view as the controls hold it: where its method finds its own number, the other methods' number stays."""
    if METHODS[view.method].TAKES_K:
        return results.settled(view)
    return replace(results.settled(view), k=results.settled(replace(view, method=K_METHODS[0])).k)


def toolbar(
    results: Finished,
    shown: View,
    others: Mapping[str, tuple[str, Any]],
    owned: Mapping[str, str],
    buttons: Component,
) -> Component:
    """The choices, and what is said of the number of segments.

    Parameters
    ----------
    shown : the view as the controls hold it.
    others : what else of the page stands in its address: name -> the control that holds it, and its usual value.
    owned : what one view alone uses: name -> that view. The address of another view does not name it.
    """
    methods = [{"label": title, "value": name} for name, title in results.titles.items()]
    off = not METHODS[shown.method].TAKES_K
    ks = [{"label": str(k), "value": k, "disabled": off} for k in results.ks]
    told = notes(results, shown)
    return html.Div(
        [
            controls.segmented(CONTROLS["method"], "Method", methods, shown.method),
            controls.segmented(CONTROLS["k"], "Segments", ks, shown.k),
            html.P(told.get(shown.method, ""), id=NOTE, className="k-note", hidden=shown.method not in told),
            dcc.Store(id=NOTES, data=told),
            buttons,
        ],
        className="toolbar",
        **_told_to_the_browser(results, shown, others, owned),
    )


def notes(results: Finished, shown: View) -> dict[str, str]:
    """What is said of the number of segments, by method; nothing where it is just the one that was chosen."""
    told = {name: results.once((NOTE, name), functools.partial(_note, results, shown, name)) for name in results.titles}
    return {name: sentence for name, sentence in told.items() if sentence}


def _note(results: Finished, shown: View, method: str) -> str:
    labels = results.labels(results.settled(replace(shown, method=method)))
    beside = [
        f"the {formats.plural((labels == number).sum(), one)} {rest}"
        for number, one, rest in (
            (KEY_ACCOUNTS, "key account", "you set aside"),
            (NOISE, "customer", "who belong to none"),
        )
        if (labels == number).any()
    ]
    if method in K_METHODS:
        return f"Beside the segments: {' and '.join(beside)}." if beside else ""
    found = formats.plural(labels[labels >= 0].nunique(), "segment")
    return f"This method finds its own number: {' and '.join([found, *beside])}."


def _told_to_the_browser(
    results: Finished, shown: View, others: Mapping[str, tuple[str, Any]], owned: Mapping[str, str]
) -> dict[str, Any]:
    """For `assets/way_back.js`: the controls, and what they hold for an address that names none of them."""
    usual = results.settled(View(shown.data, shown.recipe))
    told = {
        "controls": {**CONTROLS, **{name: id for name, (id, _) in others.items()}},
        "usual": {"method": usual.method, "k": usual.k, **{name: value for name, (_, value) in others.items()}},
        "owned": dict(owned),
        "path": "/model",
        "data": shown.data,
        "recipe": shown.recipe,
    }
    return {"data-choices": json.dumps(told)}


def register(app: Dash) -> None:
    """Wire what a method allows and what is said of it."""
    app.clientside_callback(
        CHOSEN,
        Output(CONTROLS["k"], "options"),
        Output(NOTE, "children"),
        Output(NOTE, "hidden"),
        Input(CONTROLS["method"], "value"),
        State(CONTROLS["k"], "options"),
        State(NOTES, "data"),
        prevent_initial_call=True,
    )
