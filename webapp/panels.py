"""The parts that result pages are made of: a chart with its caption and table twin, plain tables, segment cards."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from webapp import components, formats, glossary, markup, theme
from webapp.components import aria

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from pipeline.profiles.names import Named

_CHART_TOOLS: Any = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "sendChartToCloud"],  # nothing leaves the machine
    "toImageButtonOptions": {"scale": 2},
}
_SELECTING_TOOLS: Any = {**_CHART_TOOLS, "modeBarButtonsToRemove": ["autoScale2d", "sendChartToCloud"]}
USUAL = {"Mean": "On average (mean)", "Median": "The middle customer (median)"}
SUMMARY_COLUMNS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "Customers": ("Customers", formats.count),
    "CustomerShare": ("of all", formats.share),
    "Revenue": ("Revenue", formats.money),
    "RevenueShare": ("of all", formats.share),
    "Recency": ("Recency", formats.days),
    "Frequency": ("Frequency", formats.number),
    "Monetary": ("Monetary", formats.money),
    "CLV_6m": ("CLV", formats.money),
}


def chart(
    id: str, title: str, figure: go.Figure | None, caption: str | None, twin: Component | str, height: int | None = 380
) -> Component:
    """A card with a chart, what it shows in words, and the same numbers as a table.

    Parameters
    ----------
    id : of the graph; the caption is `<id>-caption` and the table `<id>-twin`.
    figure, caption : None where there is nothing to show at first.
    twin : the table, or its HTML.
    height : in pixels; None where the figure knows its own.
    """
    return components.section(title, plain_chart(id, title, figure, caption, twin, height))


def plain_chart(
    id: str, title: str, figure: go.Figure | None, caption: str | None, twin: Component | str, height: int | None
) -> list[Component]:
    """The inside of `chart`, for a card that holds more than that."""
    return [
        bare_chart(id, title, figure, height),
        html.P(caption, id=f"{id}-caption", className="caption"),
        folded("As a table", twin, id=f"{id}-twin"),
    ]


def bare_chart(id: str, title: str, figure: go.Figure | None, height: int | None, read_with: str = "") -> Component:
    """A chart alone; `read_with` says to those who cannot see it where its numbers are."""
    style = {"height": f"{height}px"} if height else {}
    drawn: dict[str, Any] = {} if figure is None else {"figure": figure}
    graph = dcc.Graph(id=id, config=_CHART_TOOLS, style=style, className="chart", **drawn)
    named = aria(label=f"{title}. {read_with or 'The table below it holds the same numbers.'}")
    return html.Div(graph, role="group", style=_kept_free(height or (figure and figure.layout.height)), **named)


def selecting(card: Component, id: str) -> Component:
    """The card of `chart` with a box and a lasso among the tools of the chart of this id."""
    card[id].config = _SELECTING_TOOLS
    return card


def still_part(id: str, title: str, drawn: str, caption: str, twin: str) -> Component:
    """A card like that of `chart` whose chart is plain HTML, with the same ids; `drawn` and `twin` are HTML."""
    inside = [
        markup.kept(drawn, id=id),
        html.P(caption, id=f"{id}-caption", className="caption"),
        folded("As a table", twin, id=f"{id}-twin"),
    ]
    return components.section(title, inside)


def small_chart(id: str, words: str, figure: go.Figure, height: int = 230) -> Component:
    """One of several small charts that share a card: its words above it, no tools."""
    config: Any = {"displayModeBar": False, "responsive": True}
    graph = dcc.Graph(id=id, figure=figure, config=config, style={"height": f"{height}px"}, className="chart")
    place = html.Div(graph, role="group", style=_kept_free(height), **aria(label=words))
    return html.Figure([html.Figcaption(words), place])


def still_chart(id: str, figure: go.Figure, **named: Any) -> Component:
    """A chart to be read, not dragged: it knows its own height and leaves the page's scrolling be."""
    config: Any = {"displayModeBar": False, "responsive": True, "scrollZoom": False}
    figure.update_layout(dragmode=False).update_xaxes(fixedrange=True).update_yaxes(fixedrange=True)
    graph = dcc.Graph(id=id, figure=figure, config=config, className="chart")
    return html.Div(graph, role="group", style=_kept_free(figure.layout.height), **named)


def folded(title: str, part: Component | str, **props: Any) -> Component:
    """Something to unfold, or its HTML; `props` are those of `markup.still`."""
    inside = markup.kept(part, **props) if isinstance(part, str) else markup.still(part, **props)
    return html.Details([html.Summary(title), inside], className="fold")


def bars(shares: Mapping[str, float], quiet: tuple[str, ...] = ()) -> Component:
    """Shares (0 to 1) as labelled bars, one a line; those in `quiet` are grey."""
    lines = [
        html.Li(
            [
                html.Span(word),
                html.Span(html.Span(style={"width": f"{100 * part:.1f}%"}), className="bar-track"),
                html.Span(formats.share(part), className="num"),
            ],
            className="bar-quiet" if word in quiet else "bar",
        )
        for word, part in shares.items()
    ]
    return html.Ul(lines, className="bars")


def sentences(told: Sequence[str]) -> Component:
    """Sentences as a list."""
    return html.Ul([html.Li(sentence) for sentence in told], className="told")


def table(rows: pd.DataFrame, label: str, words: tuple[str, ...] = (), kind: str = "") -> Component:
    """A small table of texts that are written for people already; columns in `words` are set to the left.

    `kind` is a class of its own for the style sheet.
    """
    left = set(words) or {str(rows.columns[0])}
    side = {column: "words" if column in left else "num" for column in rows.columns}
    head = [html.Th(column, scope="col", className=side[column]) for column in rows.columns]
    body = [
        html.Tr([html.Td(cell, className=side[str(column)]) for column, cell in row.items()])
        for row in rows.to_dict("records")
    ]
    inside = [html.Caption(label, className="visually-hidden"), html.Thead(html.Tr(head)), html.Tbody(body)]
    return html.Div(
        html.Table(inside, className=f"table studio-table {kind}".strip()), className="table-scroll", tabIndex=0
    )


def summary_table(
    summary: pd.DataFrame, names: Mapping[int, str], setting: Callable[[int], Mapping[str, Any]] | None = None
) -> Component:
    """One row per segment: customers, revenue and the averages that tell segments apart.

    Parameters
    ----------
    summary : Segment, Traits and the columns of `SUMMARY_COLUMNS`, as `pipeline.profiles.summary` makes them.
    names : segment -> its name.
    setting : segment -> attributes of its row and of the button in it; None where a click does nothing.
    """
    heads = [html.Th(glossary.explained("Segment"), scope="col")]
    for word, _ in SUMMARY_COLUMNS.values():
        shown = glossary.explained(word) if word in glossary.TERMS else html.Span(word, className="quiet")
        heads.append(html.Th(shown, scope="col", className="num"))
    body = [
        html.Tr(_summary_cells(row, names, of), **of)
        for row in summary.to_dict("records")
        for of in [setting(int(row["Segment"])) if setting else {}]
    ]
    label = html.Caption("The segments of the customers shown; averages per customer", className="visually-hidden")
    inside = [label, html.Thead(html.Tr(heads)), html.Tbody(body)]
    return html.Div(html.Table(inside, className="table studio-table summary"), className="table-scroll", tabIndex=0)


def segment_cards(
    summary: pd.DataFrame, named: Mapping[int, Named], marks: Mapping[int, Component] | None = None
) -> Component:
    """One card per segment: its name, its traits, its weight, what its average customer is like, and what to do.

    Parameters
    ----------
    summary : as in `summary_table`.
    named : segment -> its name and its kind.
    marks : segment -> what stands under its traits, such as its badge.
    """
    cards = [
        _segment_card(row, named[int(row["Segment"])], (marks or {}).get(int(row["Segment"])))
        for row in summary.to_dict("records")
    ]
    return html.Div(cards, className="segment-cards")


def kpis(
    customers: pd.DataFrame, everyone: pd.DataFrame, trends: Mapping[str, Sequence[Component]] | None = None
) -> Component:
    """Customers, revenue and value of a selection, each beside the whole base; under a label of `trends` stands its."""
    revenue, value, all_value = customers["Monetary"].sum(), customers["CLV_6m"], everyone["CLV_6m"]
    usual = formats.count(everyone["Recency"].median())
    figures = [
        ("Customers", "Customers", formats.count(len(customers)), len(customers) / len(everyone), "of all customers"),
        ("Total revenue", "Revenue", formats.money(revenue), revenue / everyone["Monetary"].sum(), "of all revenue"),
        ("Average CLV", "CLV", formats.money(value.mean()), value.sum() / all_value.sum(), "of all expected value"),
    ]
    cards = [
        components.kpi(label, shown, f"{formats.share(part)} {of}", glossary.TERMS[term])
        for label, term, shown, part, of in figures
    ]
    median = formats.count(customers["Recency"].median())
    quiet = components.kpi("Days since last order", median, f"median; {usual} for all", glossary.TERMS["Recency"])
    for card, (label, *_) in zip(cards, figures, strict=True):
        card.children += list((trends or {}).get(label, ()))
    return html.Div([*cards, quiet], className="kpis")


def swatch(label: int) -> Component:
    """The segment's colour as a dot."""
    return html.Span(className="swatch", style={"background": theme.segment_colour(label)}, **aria(hidden="true"))


def _summary_cells(
    row: Mapping[Hashable, Any], names: Mapping[int, str], setting: Mapping[str, Any]
) -> list[Component]:
    label = int(row["Segment"])
    traits = html.Span(str(row["Traits"]), className="quiet")
    name: Component = html.Strong(names[label])
    if setting:
        name = html.Button(name, type="button", className="row-button", **setting)
    first = html.Th([swatch(label), name, traits], scope="row")
    rest = [
        html.Td(
            write(row[column]),
            className="num quiet" if column.endswith("Share") else "num",
            **above(word),
        )
        for column, (word, write) in SUMMARY_COLUMNS.items()
    ]
    return [first, *rest]


def _kept_free(height: int | None) -> dict[str, str]:
    """The room of a chart (in pixels) before the browser has what draws it, so that nothing below jumps."""
    return {"minHeight": f"{height}px"} if height else {}


def above(word: str) -> dict[str, Any]:
    """What stands above a figure where a small screen stacks the row."""
    return {"data-head": word}


def _segment_card(row: Mapping[Hashable, Any], named: Named, mark: Component | None) -> Component:
    label = int(row["Segment"])
    colour = theme.segment_colour(label)
    filled = {"width": f"{100 * row['RevenueShare']:.1f}%", "background": colour}
    size = f"{formats.plural(row['Customers'], 'customer')} · {formats.share(row['CustomerShare'])}"
    return html.Article(
        [
            html.H3([swatch(label), named.name]),
            html.P(str(row["Traits"]), className="traits"),
            mark or html.Div(),  # keeps its row, which the cards beside it share
            html.Div([html.Strong(formats.share(row["RevenueShare"])), " of revenue"], className="weight"),
            html.Div(html.Div(style=filled), className="weight-bar"),
            html.P(size, className="quiet"),
            card_facts("Mean", _card_facts(row)),
            html.P([html.Strong("Do: "), named.action], className="card-action"),
        ],
        className="segment-card",
        style={"borderTopColor": colour},
    )


def card_facts(usual: str, facts: Iterable[tuple[str, str, str]]) -> Component:
    """What a card tells of its customers, under words that say what is usual; Tab stops once, where all is explained.

    Parameters
    ----------
    usual : "Mean" or "Median".
    facts : a term, what the card calls it, and the figure.
    """
    told = list(facts)
    terms = [glossary.TERMS[usual], *(f"{words}: {glossary.TERMS[term]}" for term, words, _ in told)]
    figures = [
        html.Div([html.Dt(components.term(words, glossary.TERMS[term], is_stop=False)), html.Dd(figure)])
        for term, words, figure in told
    ]
    whose = html.P(components.term(USUAL[usual], "\n".join(terms)), className="quiet")
    return html.Div([whose, html.Dl(figures)], className="card-facts")


def _card_facts(row: Mapping[Hashable, Any]) -> list[tuple[str, str, str]]:
    return [
        ("Recency", "Last order", f"{formats.days(row['Recency'])} ago"),
        ("Frequency", "Orders", formats.number(row["Frequency"])),
        ("Monetary", "Spent", formats.money(row["Monetary"])),
        ("CLV", "CLV, 6 months", formats.money(row["CLV_6m"])),
    ]
