"""Still HTML says what the components say, and nothing that a person typed becomes markup."""

import pytest
from dash import dcc, html

from pipeline.errors import PipelineError
from webapp import markup


def test_components_become_one_block_of_html():
    part = html.Table(html.Tr([html.Th("Segment", scope="col"), html.Td(7, className="num", colSpan=2)]))
    assert markup.source(part) == (
        '<div><table><tr><th scope="col">Segment</th><td class="num" colspan="2">7</td></tr></table></div>'
    )


def test_texts_and_attributes_are_escaped():
    told = markup.source(html.P('<script>alert("x")</script>', title='"><img src=x>'))
    assert "<script>" not in told
    assert "<img" not in told
    assert "&lt;script&gt;" in told


def test_lists_nothing_and_empty_elements_are_kept_apart():
    assert markup.source([html.B("a"), None, "b", [html.Br(), 0]]) == "<div><b>a</b>b<br>0</div>"


def test_no_line_is_empty_because_that_would_end_the_block():
    assert "\n" not in markup.source(html.P("one\n\ntwo", title="a\n\nb"))


def test_styles_attributes_for_screen_readers_and_flags_come_through():
    part = html.Details(style={"borderTopColor": "red", "--own": "1"}, open=True, hidden=False, **{"aria-label": "x"})
    assert (
        markup.source(part)
        == '<div><details open="" style="border-top-color: red; --own: 1" aria-label="x"></details></div>'
    )


def test_what_needs_scripts_is_refused():
    with pytest.raises(PipelineError, match="Graph"):
        markup.still(html.Div(dcc.Graph()))


def test_a_still_part_is_one_component_with_an_id():
    part = markup.still(html.P("x"), id="here")
    assert (part.id, markup.html_of(part)) == ("here", "<div><p>x</p></div>")
