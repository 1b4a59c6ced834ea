"""Lines that lean but slightly are read from the scan's own pixels; the page is turned upright."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from scanner import Options
from scanner.host_plate import HostPlate
from scanner.images import SourcePage
from scanner.line_reading import Reading
from scanner.pipeline import load_models, scan_page
from scanner.rectification import Rectification
from scanner.turned_plate import TurnedPlate, upright
from table_restore.geometry import Polygon

TEXTS = ("Wages paid in March", "Stamps and envelopes", "Coal, two tons", "Repairs to the roof")


def page(angle: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Lines of text 60 pixels apart, all from x = 80, on a page that is turned."""
    drawn = np.full((700, 900, 3), 255, dtype=np.uint8)
    for row in range(9):
        place = (80, 100 + 60 * row)
        cv2.putText(drawn, TEXTS[row % 4], place, cv2.FONT_HERSHEY_COMPLEX, 0.9, (0,) * 3, 1)
    matrix = cv2.getRotationMatrix2D((450, 350), -angle, 1.0)
    turned = cv2.warpAffine(
        drawn, matrix, (900, 700), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )
    return np.asarray(turned, dtype=np.uint8)


@pytest.mark.parametrize(("angle", "as_it_lies"), [(0.4, True), (2.0, False)])
def test_only_a_slight_skew_is_read_as_it_lies(
    monkeypatch: pytest.MonkeyPatch, angle: float, as_it_lies: bool
) -> None:
    pixels, models, read = page(angle), load_models(Options()), []
    true_read = HostPlate.read

    def watched(plate: HostPlate, ways: Sequence[tuple[Polygon, int]]) -> list[Reading]:
        read.append(plate.pixels)
        return true_read(plate, ways)

    monkeypatch.setattr(HostPlate, "read", watched)
    source = SourcePage(Path("page.png"), 1, torch.from_numpy(pixels.copy()), None)
    scanned = scan_page(source, models, Options())
    assert np.array_equal(read[0], pixels) == as_it_lies
    assert [line.text for line in scanned.page.lines] == [TEXTS[row % 4] for row in range(9)]
    # Wherever they were read, the lines begin below one another and lie level on the page.
    way = scanned.image.rectification
    corners = np.array([way.to_page(line.polygon.points) for line in scanned.page.lines])
    assert np.ptp(corners[:, 0, 0]) < 6
    assert np.abs(corners[:, 0, 1] - corners[:, 1, 1]).max() < 2


def test_a_turned_page_that_is_resampled_again_leads_back_to_its_picture() -> None:
    models, pixels = load_models(Options()), page(0.4)
    plate, way, _ = upright(models.plate(pixels), Options(), models)
    assert isinstance(plate, TurnedPlate)
    half = plate.resampled(Rectification(np.diag([0.5, 0.5, 1.0])), (360, 460))
    assert half.pixels.shape == (360, 460, 3)
    assert half.way.to_page([(100, 200)]) == pytest.approx(way.to_page([(100, 200)]) / 2)
