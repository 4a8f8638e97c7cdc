"""One customer of the value view: found by number, their orders over time, and why their number is what it is."""

from __future__ import annotations

import bisect
import datetime
from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from pipeline.clv.lifetime_value import LifetimeValue
from webapp import components, formats, glossary, markup, panels
from webapp.charts import customer_timeline
from webapp.components import aria
from webapp.finished import Finished, at_hand
from webapp.horizon import Horizon
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.clv.reasons import Evidence

CUSTOMER, OFFERED, PROBLEM = "value-customer", "value-customer-offered", "value-customer-problem"
FIGURES, TIMELINE = "value-customer-figures", "value-customer-timeline"
SHOWN, KEPT, KEPT_NAMES = "value-customer-shown", "value-customer-kept", "value-customer-kept-names"
PLACES = {
    OFFERED: "children",
    PROBLEM: "children",
    SHOWN: "data",
    FIGURES: markup.HTML,
    TIMELINE: "figure",
    f"{TIMELINE}-twin": markup.HTML,
}
PICKED = """(clicks) => clicks.some(Boolean)
    ? dash_clientside.callback_context.triggered_id.customer
    : dash_clientside.no_update"""
OFFERED_AT_MOST = 8
PICKS = {
    "Highest value": "CLV",
    "Likeliest to order in 30 days": "ChanceToBuy_30d",
    "Regular, longest overdue": "Overdue",
}
TITLE = "One customer"
REGULAR = 5  # repeat orders from which an own rhythm can be told


def pick_id(customer: Any, why: Any) -> dict[str, Any]:
    """The id of a button that opens a customer; both may be wildcards."""
    return {"type": "value-pick", "customer": customer, "why": why}


def register(app: Dash, base: State) -> None:
    """Wire the search; `base` holds the data set and the recipe."""
    late = {"prevent_initial_call": True}
    keep, kept = ClientsideFunction("studio", "keepAddress"), State(KEPT_NAMES, "data")
    app.clientside_callback(keep, Output(KEPT, "data"), Input(SHOWN, "data"), kept, **late)
    clicks = Input(pick_id(ALL, ALL), "n_clicks")
    app.clientside_callback(PICKED, Output(CUSTOMER, "value"), clicks, **late)
    places = {id: Output(id, property) for id, property in PLACES.items()}

    @app.callback(output=places, inputs={"typed": Input(CUSTOMER, "value"), "base": base}, **late)
    def look_up_customer(typed: str | None, base: dict[str, Any]) -> dict[str, Any]:
        return looked_up(at_hand(View.from_address(**base)), (typed or "").strip())


def section(results: Finished, asked: str) -> Component:
    """The search and the customer asked for, else the one with the highest value."""
    shown = asked if known(results, asked) else picks(results)["Highest value"]
    problem = unknown(asked) if asked and shown != asked else ""
    parts = drawn(results, shown)
    told = html.P(problem, id=PROBLEM, className="setting-problem", role="status", **aria(live="polite"))
    figures = markup.kept(parts[FIGURES], id=FIGURES)
    twin = parts[f"{TIMELINE}-twin"]
    chart = panels.plain_chart(
        TIMELINE, customer_timeline.TITLE, parts[TIMELINE], customer_timeline.CAPTION, twin, None
    )
    stores = [dcc.Store(id=SHOWN), dcc.Store(id=KEPT), dcc.Store(id=KEPT_NAMES, data=["customer"])]
    body = [*stores, search(results, shown), told, figures, *chart]
    return components.section(TITLE, body, help="When they order, when to expect them, and why.")


def search(results: Finished, shown: str) -> Component:
    """A field that offers numbers as they are typed, and some customers worth a look."""
    field = dbc.Input(
        id=CUSTOMER,
        value=shown,
        list=OFFERED,
        debounce=0.25,
        autocomplete="off",
        placeholder="Type a customer number",
    )
    buttons = [
        html.Button(
            [f"{why} ", html.Strong(customer)], id=pick_id(customer, why), className="btn btn-sm btn-outline-secondary"
        )
        for why, customer in picks(results).items()
    ]
    return html.Div(
        [
            html.Div(
                [dbc.Label("Customer number", html_for=CUSTOMER), field, html.Datalist(id=OFFERED)],
                className="filter-field",
            ),
            html.Div(buttons, className="picks", role="group", **aria(label="Customers worth a look")),
        ],
        className="customer-search",
    )


def drawn(results: Finished, customer: str) -> dict[str, Any]:
    """The figures, reasons and timeline of a customer who is there, by id."""
    return results.once(("customer", customer), lambda: _drawn(results, customer))


def looked_up(results: Finished, typed: str) -> dict[str, Any]:
    """What each of `PLACES` shows for what was typed; the customer before stays until another one is found."""
    begin_alike = offered(results, typed)
    if known(results, typed):
        return {OFFERED: begin_alike, PROBLEM: "", SHOWN: typed, **drawn(results, typed)}
    problem = unknown(typed) if typed and not begin_alike else ""
    return {**dict.fromkeys(PLACES, no_update), OFFERED: begin_alike, PROBLEM: problem}


def known(results: Finished, customer: str) -> bool:
    """Whether there is a customer of this number."""
    numbers = _numbers(results)
    found = bisect.bisect_left(numbers, customer)
    return found < len(numbers) and numbers[found] == customer


def place(results: Finished, customer: str) -> int:
    """At which row of the tables of customers one who is there stands."""
    return bisect.bisect_left(_numbers(results), customer)


def offered(results: Finished, typed: str) -> list[Component]:
    """The first customers whose number begins with what was typed, as options of the search field."""
    numbers = _numbers(results)
    start = bisect.bisect_left(numbers, typed)
    near = numbers[start : start + OFFERED_AT_MOST]
    return [html.Option(value=number) for number in near if number.startswith(typed)]


def unknown(customer: str) -> str:
    """What is said where nobody has this number."""
    return f"There is no customer {customer} in these results; the field offers numbers that begin alike."


def picks(results: Finished) -> dict[str, str]:
    """Customers worth a first look: why -> number."""
    value = results.value
    regulars = value[value["frequency"] >= REGULAR]
    found = {}
    for why, name in PICKS.items():
        column = results.horizon.value if name == "CLV" else name
        among = regulars if column == "Overdue" and len(regulars) else value
        found[why] = str(among["CustomerID"].iloc[int(among[column].argmax())])
    return found


def evidence(results: Finished, customer: str, orders: pd.DataFrame) -> Evidence:
    """What the models saw of a customer who is there, and what they made of it; `orders` as a timeline has them."""
    import pandas as pd

    from pipeline.clv.reasons import Evidence

    row, spend = _row(results, customer), results.spend.iloc[place(results, customer)]
    ahead = results.horizon
    return Evidence(
        days=len(orders),
        first=orders["Day"].iloc[0].date(),
        last=orders["Day"].iloc[-1].date(),
        today=datetime.date.fromisoformat(results.segmentation.models()["last_day"]),
        own_order=None if pd.isna(spend["Own"]) else float(spend["Own"]),
        usual_order=float(results.spend["Own"].mean()),
        reckoned_order=float(spend["Expected"]),
        expected_orders=float(row[ahead.orders]),
        value=float(row[ahead.value]),
        months=ahead.months,
        first_counts=results.segmentation.recipe.step(LifetimeValue).spend_from == "all",
    )


def _drawn(results: Finished, customer: str) -> dict[str, Any]:
    from pipeline.clv.reasons import reasons

    row = _row(results, customer)
    expected = {name: _day(row[f"NextOrder_{name}"]) for name in ("25", "50", "75")}
    orders, chances = results.segmentation.timeline(customer)
    seen = evidence(results, customer, orders)
    told = reasons(seen, formats.money, formats.date)
    why = html.Div([html.H3("Why this number"), panels.sentences(told)], className="why")
    twin = panels.table(customer_timeline.readable(orders), customer_timeline.TITLE)
    return {
        FIGURES: markup.source([_figures(row, seen.silence, expected, results.horizon), why]),
        TIMELINE: customer_timeline.figure(orders, chances, expected),
        f"{TIMELINE}-twin": markup.source(twin),
    }


def _figures(
    row: dict[str, Any], silence: int, expected: dict[str, pd.Timestamp | None], horizon: Horizon
) -> Component:
    first, middle, last = (formats.date(day) if day else "" for day in expected.values())
    range_of = f"{formats.money(row['Spend_6m_Low'])} to {formats.money(row['Spend_6m_High'])}"
    worth = f"spend, 8 of 10 times: {range_of}"
    if not horizon.is_usual:
        worth = f"{formats.money(row['CLV_6m'])} in {Horizon().length}, {worth}"
    window = f"25{formats.SPACE}% by {first or 'never'}, 75{formats.SPACE}% by {last or 'never'}"
    soon = formats.chance(row["ChanceToBuy_30d"])
    figures = (
        ("CLV", f"CLV, {horizon.length}", formats.money(row[horizon.value]), worth),
        ("Expected orders", "Expected orders", formats.number(row[horizon.orders]), f"in {horizon.length}"),
        ("Chance to buy", "Chance to buy", formats.chance(row["ChanceToBuy_90d"]), f"in 90 days; {soon} in 30"),
        ("Next order", "Next order by", middle or "not in sight", window),
        (
            "Overdue",
            "Overdue",
            f"×{formats.number(row['Overdue'])}",
            f"last order {formats.days(silence)} ago",
        ),
    )
    cards = [components.kpi(label, value, note, glossary.TERMS[term]) for term, label, value, note in figures]
    active: list[Any] = [
        glossary.explained("Active", "Still active"),
        f" by the model: {formats.chance(row['P_Alive'])}.",
    ]
    return html.Div([html.Div(cards, className="kpis small-kpis"), html.P(active, className="caption")])


def _row(results: Finished, customer: str) -> dict[str, Any]:
    row = results.value.iloc[place(results, customer)].to_dict()
    return {str(column): value for column, value in row.items()}


def _numbers(results: Finished) -> list[str]:
    return results.once("numbers", lambda: [str(number) for number in results.value["CustomerID"]])


def _day(told: str) -> pd.Timestamp | None:
    import pandas as pd

    return pd.Timestamp(told) if told else None
