"""The scatters show the columns that their titles promise."""

import pytest

from webapp.charts import monetary_value, recency_frequency, segment_map, value_box


def test_axes_hold_the_columns_they_name(customers, names):
    drawn = monetary_value.figure(customers, names)
    assert drawn.data[0].x.tolist() == customers["Monetary"].tolist()
    assert drawn.data[0].y.tolist() == customers["CLV_6m"].clip(lower=1).tolist()
    assert drawn.layout.yaxis.type == "log"


@pytest.fixture
def placed(customers):
    return customers.assign(Across=[3.0, 2.0, 1.0, 0.5, 0.0, -1.0, -2.0, -3.5], Up=[0.1] * 8)


def test_the_map_shows_likeness_unless_other_axes_are_chosen(placed, names):
    alike = segment_map.figure(placed, names)
    assert (alike.data[0].x.tolist(), alike.data[0].y.tolist()) == (
        placed["Across"].tolist(),
        pytest.approx(placed["Up"].tolist()),
    )
    assert alike.layout.yaxis.type is None
    changes = segment_map.moved(placed, "Recency", "CLV_6m").to_plotly_json()["operations"]
    changed = {tuple(each["location"]): each["params"]["value"] for each in changes}
    assert changed["data", 0, "x"].tolist() == placed["Recency"].tolist()
    assert changed["data", 0, "y"].tolist() == placed["CLV_6m"].clip(lower=1).tolist()
    assert changed["layout", "xaxis"]["title"]["text"] == "Recency: days since last order"
    assert "showticklabels" not in changed["layout", "xaxis"]
    assert changed["layout", "yaxis"]["type"] == "log"
    assert changed["layout", "uirevision"] != alike.layout.uirevision
    assert len(changed) == 5, "what points tell, and their colours, stay"


def test_only_the_colours_of_the_map_change_with_what_it_is_coloured_by(placed, names):
    assert list(segment_map.figure(placed, names).data[0].marker.color) == [0, 0, 1, 1, 2, 2, 2, 2]
    change = segment_map.recoloured(placed, "Monetary").to_plotly_json()["operations"]
    assert {tuple(each["location"][:3]) for each in change} == {("data", 0, "marker")}
    values = {each["location"][3]: each["params"]["value"] for each in change}
    assert values["color"] == [1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125]
    assert values["colorbar"]["ticktext"][-1].replace("\N{NO-BREAK SPACE}", " ") == "£10.0 k"
    back = segment_map.recoloured(placed, "segment").to_plotly_json()["operations"]
    colours = {each["location"][3]: each["params"]["value"] for each in back}["color"]
    assert colours.tolist() == [0, 0, 1, 1, 2, 2, 2, 2]


def test_the_caption_says_what_likeness_is_made_of():
    told = segment_map.caption("likeness", "Monetary", ["more orders", "longer ago"], [0.63, 0.16], "8 customers")
    assert "To the right: more orders (63.0 % of all differences)." in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "longer ago" not in told
    assert "equal distances are equal factors" in told


@pytest.mark.parametrize("chart", [recency_frequency, monetary_value, value_box])
def test_captions_of_log_scales_are_true_whatever_the_ticks(chart):
    assert "equal distances are equal factors" in chart.CAPTION
    assert "ten times" not in chart.CAPTION


def test_recency_is_drawn_against_frequency_with_equal_counts_apart(customers, names):
    drawn = recency_frequency.figure(customers, names)
    assert drawn.data[0].x.tolist() == customers["Recency"].tolist()
    assert drawn.data[0].y[:2].round(-1).tolist() == [60, 20]
    assert drawn.layout.yaxis.type == "log"
    assert drawn.layout.xaxis.type != "log"


def test_a_point_of_the_map_names_its_customers_segment_and_facts(placed, names):
    points = segment_map.figure(placed, names).data[0]
    assert list(points.hovertext) == [names[segment] for segment in placed["Segment"]]
    for part in ("Customer %{text}", "%{hovertext}", "days ago", "orders", "spent", "expected"):
        assert part in points.hovertemplate


def test_crowds_are_one_named_ground_per_segment_on_the_axes_asked_for(placed, names):
    drawn = segment_map.crowds(placed, names, "Recency", "Monetary")
    assert [trace.name for trace in drawn.data] == list(names.values())
    assert len(drawn.layout.annotations) == 3
    assert (drawn.layout.xaxis.type, drawn.layout.yaxis.type) == (None, "log")
    assert all(min(trace.y) > 0 for trace in drawn.data)
