"""A segment has one colour everywhere, and people with any colour vision can tell it from the others."""

import itertools

import numpy as np
import pytest

from webapp import theme

# How a dichromat sees linear sRGB: Machado, Oliveira and Fernandes (2009), severity 1.
SIGHT = {
    "common": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_CONES = [[0.41222, 0.53633, 0.05145], [0.2119, 0.6807, 0.1074], [0.0883, 0.28172, 0.62998]]
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
WHITE = [0.95047, 1.0, 1.08883]  # D65
TO_OKLAB = [[0.21045, 0.79362, -0.00407], [1.978, -2.42859, 0.45059], [0.0259, 0.78277, -0.80868]]


def linear(colour: str) -> np.ndarray:
    levels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def oklab(light: np.ndarray) -> np.ndarray:
    return np.cbrt(np.clip(light, 0, 1) @ np.array(TO_CONES).T) @ np.array(TO_OKLAB).T


def cielab(light: np.ndarray) -> np.ndarray:
    parts = np.clip(light, 0, 1) @ np.array(TO_XYZ).T / WHITE
    x, y, z = np.where(parts > 216 / 24389, np.cbrt(parts), (24389 / 27 * parts + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    lightness = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (lightness[1] + 0.05) / (lightness[0] + 0.05)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(("segments", "apart"), [(6, 0.1), (12, 0.06)])
def test_segments_stay_apart_for_every_colour_vision(sight, segments, apart):
    seen = [oklab(linear(colour) @ np.array(SIGHT[sight]).T) for colour in theme.PALETTE[:segments]]
    closest = min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2))
    assert closest > apart


@pytest.mark.parametrize("sight", SIGHT)
def test_six_segments_are_eighteen_steps_of_cielab_apart_for_every_colour_vision(sight):
    seen = [cielab(linear(colour) @ np.array(SIGHT[sight]).T) for colour in theme.PALETTE[:6]]
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) > 18


@pytest.mark.parametrize("ground", ["#ffffff", "#14181f"])
def test_every_segment_stands_out_from_a_light_and_from_a_dark_page(ground):
    assert min(contrast(colour, ground) for colour in theme.PALETTE) > 2


def test_text_on_a_segments_colour_can_be_read():
    assert min(contrast(theme.ink_on(colour), colour) for colour in theme.PALETTE) > 3


def test_a_segment_keeps_its_colour_and_colours_run_out_gently():
    assert len(set(theme.PALETTE)) == 12
    assert theme.segment_colour(3) == theme.PALETTE[3]
    assert theme.segment_colour(15) == theme.segment_colour(3)


def test_the_stepped_scale_gives_each_label_its_segments_colour():
    scale = theme.segment_scale()
    steps = theme.SCALE_TOP - theme.SCALE_LOW + 1
    for label in (-2, -1, 0, 5, 12, theme.SCALE_TOP):
        position = (label - theme.SCALE_LOW + 0.5) / steps
        below = [colour for edge, colour in scale if edge <= position]
        assert below[-1] == theme.segment_colour(label)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(1, 1000, [1, 10, 100, 1000]), (150, 6_000, [200, 500, 1000, 2000, 5000]), (5, 5, [5])],
)
def test_log_axes_have_enough_ticks(low, high, ticks):
    assert theme.log_ticks(low, high) == ticks


def test_a_figure_is_transparent_so_that_the_page_shows_through():
    chart = theme.figure()
    assert chart.layout.template.layout.paper_bgcolor == chart.layout.template.layout.plot_bgcolor == theme.CLEAR
    assert theme.faded("#102030", 0.5) == "rgba(16, 32, 48, 0.5)"


def test_who_is_in_no_segment_and_who_was_set_aside_have_colours_of_their_own():
    assert len({theme.segment_colour(label) for label in (-1, -2)} - set(theme.PALETTE)) == 2
