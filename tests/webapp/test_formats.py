"""How a segment is called on the pages."""

from webapp import formats


def test_what_tells_a_segment_from_its_likes_stands_in_a_second_line_of_an_axis():
    assert formats.stacked("Champions") == "Champions"
    assert formats.stacked("At risk, big spenders") == "At risk,<br>big spenders"
