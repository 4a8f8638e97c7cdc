"""Take an audience along: whom, as which file, with which columns and which control group, and what that can show.

The list is the library's; the panel only says what it will hold, and leads to its file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html
from dash.development.base_component import Component

from pipeline.audience import lists
from pipeline.audience.columns import GROUPS, USUAL
from pipeline.audience.control import ControlGroup
from pipeline.audience.economics import Economics
from pipeline.errors import PipelineError, SettingError
from pipeline.parameters import Parameter, Value, parameters
from webapp import components, controls, downloads, formats, markup, panels
from webapp.finished import Finished, at_hand
from webapp.views import View

TITLE = "Take this audience"
HELP = "A list for a campaign: with the columns it needs, a control group, and a note on how it came about."
FORM = "audience"
SHOWN, WHO, KIND, COLUMNS = "audience-view", "audience-who", "audience-kind", "audience-columns"
NARROWED = "audience-narrowed"
ECONOMICS, TOLD, TAKE, PROBLEM = "audience-economics", "audience-told", "audience-take", "audience-problem"
KINDS = {"csv": "CSV", "xlsx": "Excel", "zip": "ZIP"}
KINDS_HELP = "CSV is the list alone; Excel and ZIP hold beside it the recipe, the date and who is in it."
SHOWN_CUSTOMERS = "shown"
_SETTINGS = {parameter.key: parameter for step in lists.STEPS for parameter in parameters(step)}


@dataclass(frozen=True)
class Offer:
    """What the panel says of the list that is asked for.

    Attributes
    ----------
    told : what it holds and can show, a sentence each; empty where it cannot be made.
    address : where its file is; empty where it cannot be made.
    problems : setting -> what is wrong with it.
    problem : why there is no list, where it is no setting's fault.
    """

    told: Sequence[str] = ()
    address: str = ""
    problems: Mapping[str, str] | None = None
    problem: str = ""


def section(results: Finished, view: View, narrowed: str = "") -> Component:
    """The panel under a settled view, as it is offered at first; `narrowed` are the list's own filters as JSON."""
    usual = {key: parameter.default for key, parameter in _SETTINGS.items()}
    first = offered(results, replace(view, rows="", sort=""), "csv", USUAL, usual, narrowed)
    chosen = [*_fields(ControlGroup), html.Div(_fields(Economics), id=ECONOMICS, hidden=True, className="setting-grid")]
    kinds = [{"label": title, "value": kind} for kind, title in KINDS.items()]
    groups = [{"label": f"{group.label}: {group.help}", "value": name} for name, group in GROUPS.items()]
    who = dbc.Select(id=WHO, options=whom(results, view), value=SHOWN_CUSTOMERS)
    form = [
        html.Div([dbc.Label("Who", html_for=WHO), who], className="filter-field"),
        controls.segmented(KIND, "File", kinds, "csv"),
        html.P(KINDS_HELP, className="setting-help"),
        html.Fieldset([html.Legend("Columns"), dbc.Checklist(id=COLUMNS, options=groups, value=list(USUAL))]),
        html.Div(chosen[:-1], className="setting-grid"),
        chosen[-1],
    ]
    told = markup.kept(_as_html(first.told), id=TOLD)
    hidden = not first.address
    take = components.download("Take this audience", first.address, "btn btn-primary", id=TAKE, hidden=hidden)
    problem = html.P(first.problem, id=PROBLEM, className="setting-problem", role="status")
    known = html.Div([html.H3("What this list holds"), told, problem, take], className="audience-told")
    body = html.Div([html.Div(form, className="stack"), known], className="audience-form")
    return components.section(
        TITLE,
        [dcc.Store(id=SHOWN, data=query(view)), dcc.Store(id=NARROWED, data=narrowed), body],
        help=HELP,
        id="audience",
    )


def query(view: View) -> str:
    """The settled view whose customers are shown, as `View.from_query` reads it."""
    return replace(view, customer="", view="", rows="", sort="").address("")


def whom(results: Finished, view: View) -> list[dict[str, str]]:
    """The customers that the page shows, or everyone of one segment."""
    shown = [{"label": "Everyone in the list as it shows", "value": SHOWN_CUSTOMERS}]
    return shown + [{"label": f"All of “{name}”", "value": str(label)} for label, name in results.names(view).items()]


def offered(
    results: Finished,
    view: View,
    kind: str,
    columns: Sequence[str],
    settings: Mapping[str, object],
    narrowed: str = "",
) -> Offer:
    """What is said of the list of a settled view's customers.

    Parameters
    ----------
    columns : names of groups of columns.
    settings : `step.name` -> what was entered, of the control group and the economics.
    narrowed : the list's own filters as JSON; empty is none.
    """
    typed, problems = _typed(settings)
    if problems:
        return Offer(problems=problems)
    typed[lists.COLUMNS] = ",".join(columns)
    if narrowed:
        typed[downloads.LIST] = narrowed
    try:
        made = downloads.audience(results, view, typed)
    except PipelineError as problem:
        return Offer(problem=str(problem))
    said = {key: value for key, value in typed.items() if key not in _SETTINGS or value != _SETTINGS[key].default}
    return Offer(_told(made), f"{view.address(downloads.AUDIENCES[kind])}&{urlencode(said)}")


def asked_for(view: View, who: str) -> View:
    """The view whose customers are taken: the one that shows, or one whole segment of it."""
    if who == SHOWN_CUSTOMERS:
        return view
    return View.from_address(**{**_plain(view.unfiltered()), "segment": who})


def register(app: Dash) -> None:
    """Wire the panel: what is offered follows every choice, and the choice of segments follows the view."""

    @app.callback(
        Output(WHO, "options"),
        Output(WHO, "value"),
        Input(SHOWN, "data"),
        State(WHO, "value"),
        prevent_initial_call=True,
    )
    def offer_segments(shown: str, who: str) -> tuple[list[dict[str, str]], str]:
        view = View.from_query(shown)
        choices = whom(at_hand(view), view)
        return choices, who if who in {choice["value"] for choice in choices} else SHOWN_CUSTOMERS

    @app.callback(
        Output(TOLD, markup.HTML),
        Output(PROBLEM, "children"),
        Output(TAKE, "href"),
        Output(TAKE, "hidden"),
        Output(ECONOMICS, "hidden"),
        Output(controls.problem_id(ALL, FORM), "children"),
        Input(SHOWN, "data"),
        Input(WHO, "value"),
        Input(KIND, "value"),
        Input(COLUMNS, "value"),
        Input(NARROWED, "data"),
        Input(controls.setting_id(ALL, FORM), "value"),
        prevent_initial_call=True,
    )
    def offer(shown: str, who: str, kind: str, columns: list[str], narrowed: str, _: list[Any]) -> tuple[Any, ...]:
        places = [place["id"]["key"] for place in ctx.outputs_list[-1]]
        settings = {each["id"]["key"]: each.get("value") for each in ctx.inputs_list[-1]}
        view, own = asked_for(View.from_query(shown), who), narrowed if who == SHOWN_CUSTOMERS else ""
        return _answer(offered(at_hand(view), view, kind, columns, settings, own), columns, places)


def _answer(offer: Offer, columns: Sequence[str], places: Sequence[str]) -> tuple[Any, ...]:
    problems = [(offer.problems or {}).get(place, "") for place in places]
    no_economics = "campaign" not in columns
    return _as_html(offer.told), offer.problem, offer.address, not offer.address, no_economics, problems


def _fields(step: type[ControlGroup] | type[Economics]) -> list[Component]:
    return [controls.control(parameter, parameter.default, FORM) for parameter in parameters(step)]


def _typed(settings: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings as they are allowed, and what is wrong with the others."""
    allowed: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for key, value in settings.items():
        try:
            allowed[key] = _checked(_SETTINGS[key], value)
        except SettingError as problem:
            problems[key] = str(problem)
    return allowed, problems


def _checked(parameter: Parameter, value: object) -> Value:
    if value is None:
        raise SettingError(f"{parameter.label} must be {parameter.allowed()}.")
    return parameter.check(value)


def _told(made: lists.Audience) -> list[str]:
    """How many customers and columns there are, by which filters, and what the library says of the list."""
    about = made.about
    who = " and ".join(about["chosen_by"])
    size = (
        f"{formats.plural(about['customers'], 'customer')} ({who}), {formats.plural(len(about['columns']), 'column')}."
    )
    groups = about["groups"]
    held = groups.get("control", 0)
    split = [f"{formats.count(held)} of them are held back in the column Group."] if held else []
    return [size, *split, *about["told"]]


def _as_html(told: Sequence[str]) -> str:
    return markup.source(panels.sentences(told)) if told else ""


def _plain(view: View) -> dict[str, Any]:
    return {"data": view.data, "recipe": view.recipe, "method": view.method, "k": view.k}
