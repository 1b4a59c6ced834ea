"""Line pictures: right way up, right size, and points that map back to the page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanner.words.crops import cut_line
from table_restore.geometry import Polygon


def marked_page() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """White, with a red mark where a line from (40, 60) to (240, 100) begins, blue at its end."""
    page = np.full((200, 300, 3), 255, dtype=np.uint8)
    page[60:100, 40:60] = (255, 0, 0)
    page[60:100, 220:240] = (0, 0, 255)
    return page


def line(*points: tuple[float, float]) -> Polygon:
    return Polygon(points)


UPRIGHT = line((40, 60), (240, 60), (240, 100), (40, 100))


def test_an_upright_line_is_cut_in_proportion() -> None:
    crop = cut_line(marked_page(), UPRIGHT, 20)
    assert crop.pixels.shape == (20, 100, 3)
    assert tuple(crop.pixels[10, 3]) == (255, 0, 0)
    assert tuple(crop.pixels[10, 97]) == (0, 0, 255)


def test_a_quarter_turn_starts_at_another_corner() -> None:
    crop = cut_line(marked_page(), UPRIGHT, 20, turns=2)
    assert tuple(crop.pixels[10, 3]) == (0, 0, 255)
    upwards = cut_line(marked_page(), UPRIGHT, 50, turns=1)
    assert upwards.pixels.shape == (50, 10, 3)


@pytest.mark.parametrize("angle", [0.0, 7.0, -20.0, 90.0])
def test_turned_lines_come_out_level_and_map_back(angle: float) -> None:
    matrix = cv2.getRotationMatrix2D((150, 100), angle, 1.0)
    page = cv2.warpAffine(marked_page(), matrix, (300, 260), borderValue=(255, 255, 255))
    corners = np.array(UPRIGHT.points) @ matrix[:, :2].T + matrix[:, 2]
    turned = Polygon(tuple((float(x), float(y)) for x, y in corners))
    crop = cut_line(np.asarray(page, dtype=np.uint8), turned, 40)
    assert abs(crop.pixels.shape[1] - 200) <= 1
    assert np.abs(crop.pixels[20, 8].astype(int) - (255, 0, 0)).max() < 40
    assert np.abs(crop.pixels[20, -8].astype(int) - (0, 0, 255)).max() < 40
    width = crop.pixels.shape[1]
    assert crop.to_page(0, 0) == pytest.approx(turned.points[0], abs=1.0)
    assert crop.to_page(width, 40) == pytest.approx(turned.points[2], abs=1.0)


def test_a_line_beyond_the_edge_is_cut_at_the_page() -> None:
    outside = line((250, 150), (350, 150), (350, 250), (250, 250))
    crop = cut_line(marked_page(), outside, 48)
    assert crop.pixels.shape[0] == 48
    assert crop.to_page(crop.pixels.shape[1], 48) == (300.0, 200.0)


def test_boxes_go_to_the_page_corner_by_corner() -> None:
    tilted = line((40, 60), (240, 90), (234, 130), (34, 100))
    crop = cut_line(marked_page(), tilted, 20)
    outlines = crop.to_outlines(np.array([(0, 0, 10, 20), (10, 5, 30, 15)]))
    assert outlines[1].points == tuple(
        crop.to_page(x, y) for x, y in ((10, 5), (30, 5), (30, 15), (10, 15))
    )
    assert len(outlines) == 2


def test_a_grey_page_gives_grey_pictures() -> None:
    grey = marked_page()[..., 0]
    tilted = line((40, 60), (240, 90), (234, 130), (34, 100))
    for outline in (UPRIGHT, tilted, line((400, 60), (500, 70), (497, 100), (397, 90))):
        crop = cut_line(grey, outline, 20)
        assert crop.pixels.shape == cut_line(np.dstack([grey] * 3), outline, 20).pixels.shape[:2]
