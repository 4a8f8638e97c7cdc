"""How a segment is called on the pages."""

from webapp import formats


def test_a_segment_carries_its_number_and_its_traits():
    assert formats.segment(0) == "Segment 0"
    assert formats.segment(2, "recent, frequent") == "Segment 2 · recent, frequent"
