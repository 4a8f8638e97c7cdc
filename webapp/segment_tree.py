"""The tree of Ward's method as the Model page shows it: a line across it cuts it into segments, and can be dragged."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from pipeline.clustering.hierarchical import Hierarchical
from webapp import components, formats, ids, theme
from webapp.finished import Finished
from webapp.views import View

TITLE = "How segments come together"
TREE, SHOWN, DRAWING, NOTE = "model-tree", "model-tree-shown", "model-tree-drawing", "model-tree-note"
HOW = "model-tree-caption"
CAPTION = (
    "Groups of customers are merged from the bottom up, the most alike first; the higher two branches meet, the more "
    "they differ. The bars below are the groups' sizes. A cut through long branches is a natural one."
)


def card(results: Finished, view: View) -> list[Component]:
    """The card of the tree; nothing where the method was not run."""
    tree = results.segmentation.tree()
    if tree is None:
        return []
    told = f"{CAPTION} The tree is that of {formats.plural(tree['customers'], 'customer')}."
    body = [
        dcc.Store(id=TREE, data={**tree, "colours": list(theme.PALETTE), "control": ids.MODEL_K}),
        dcc.Store(id=SHOWN, data=shown(view)),
        html.Div(id=DRAWING, className="tree"),
        html.P(id=NOTE, className="tree-note"),
        html.P(told, id=HOW, className="caption", hidden=shown(view)["k"] is None),
    ]
    return [components.section(TITLE, body)]


def shown(view: View) -> dict[str, Any]:
    """What is to be seen in the tree under a settled view: its k, or none under another method."""
    return {"k": view.k if view.method == Hierarchical.NAME else None, "title": Hierarchical.TITLE}


def register(app: Dash) -> None:
    """Wire the drawing, which `assets/tree.js` does and whose line sets k."""
    draw = ClientsideFunction("tree", "draw")
    app.clientside_callback(draw, Output(NOTE, "children"), Input(SHOWN, "data"), Input(TREE, "data"))
