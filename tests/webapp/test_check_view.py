"""The check of the data on the page: what there is enough for, and the charts with their tables."""

from webapp import check_view
from webapp.charts import months


def test_every_part_is_told_with_its_verdict_and_its_reason():
    parts = [
        {"part": "Segments", "enough": True, "sentence": "400 buyers are enough for up to 8 segments."},
        {"part": "Lifetime value", "enough": False, "sentence": "There are only 400 buyers (at least 500)."},
    ]
    told = str(check_view.enough(parts))
    for word in ("Segments", "Enough", "Lifetime value", "Not enough", "only 400 buyers"):
        assert word in told


def test_the_charts_hold_what_the_library_found(shop):
    card = check_view.glance(shop.segmentation)
    for measure, id in check_view.CHARTS.items():
        assert list(card[id].figure.data[0].y) == shop.segmentation.months()[measure].tolist()
    assert list(card[check_view.WEEK].figure.data[0].y) == shop.segmentation.weekdays()["orders"].tolist()
    told = str(card)
    assert months.caption(shop.segmentation.months()) in told
    sentences = [repr(sentence)[1:-1] for sentence in shop.segmentation.facts("check")["sentences"]]  # as `told` is
    assert all(sentence in told for sentence in sentences if "&" not in sentence)
    assert "of revenue from the top 20" in told
