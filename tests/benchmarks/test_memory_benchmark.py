"""What the memory of a run is summed up to."""

from __future__ import annotations

from random import Random

import pytest
from PIL import Image

from benchmarks.memory import SIDES, cut_piece, summary


def test_peaks_of_the_beginning_the_end_and_all() -> None:
    samples = [(1, 100.2), (2, 130.0), (3, 90.0), (19, 140.0), (20, 110.4)]
    assert summary(samples, pages=20, warm=2) == {
        "peak of the first 2": 130,
        "peak of all": 140,
        "peak of the last tenth": 140,
    }
    assert summary(samples, pages=20, warm=1)["peak of the first 1"] == 100
    assert summary([*samples, (200, 50.0)], pages=200, warm=1)["peak of the last tenth"] == 50


@pytest.mark.parametrize("size", [(2000, 3000), (150, 1500)])
def test_pieces_are_of_random_sizes_within_the_scan(
    tmp_path_factory: pytest.TempPathFactory, size: tuple[int, int]
) -> None:
    scan = tmp_path_factory.mktemp("scans") / "scan.png"
    Image.new("L", size, 255).save(scan)
    random = Random(3)
    pieces = [cut_piece(scan, random).size for _ in range(5)]
    assert len(set(pieces)) > 1
    for piece in pieces:
        for side, whole in zip(piece, size, strict=True):
            assert min(SIDES[0], whole) <= side <= min(SIDES[1], whole)
