"""Photographs of curled, tilted and turned sheets become flat, upright pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from benchmarks.generated_tables import Damage, Rulings, generate_page
from benchmarks.generated_warps import Ground, Photo, Shape, photograph
from benchmarks.rectify.metrics import distances
from scanner.images import SourcePage
from scanner.options import Options
from scanner.preprocess.page_edges import _smooth
from scanner.preprocess.straighten import preprocess
from scanner.preprocess.vote import ask, weigh
from scanner.words.crops import Crop
from table_restore.geometry import Polygon

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


@dataclass(frozen=True)
class Said:
    text: str
    confidence: float


class ByWeight:
    """Stands in for the networks: letters of these pages have more ink at their feet."""

    def read(self, crops: Sequence[Crop]) -> list[Said]:
        return [Said("xyzw" * 5, self._confidence(crop)) for crop in crops]

    def find_lines(self, picture: Pixels) -> list[Polygon]:
        return []

    def _confidence(self, crop: Crop) -> float:
        light = np.atleast_3d(crop.pixels).mean(axis=2)
        dark = light < 0.8 * np.percentile(light, 95)
        low = []
        for part in np.array_split(dark, max(1, dark.shape[1] // 40), axis=1):
            rows = np.nonzero(part.any(axis=1))[0]
            if len(rows) > 8:
                at = np.nonzero(part)[0].mean()
                low.append((at - rows[0]) / (rows[-1] - rows[0]))
        return float(np.clip(0.5 + 4 * (np.mean(low or [0.5]) - 0.5), 0, 1))


def page() -> Pixels:
    """Two columns' worth of lines of bars (letters with heavy feet) and a ruled table."""
    picture = np.full((1400, 1000, 3), 255, dtype=np.uint8)
    random = np.random.default_rng(1)
    for row in range(40):
        y = 100 + 30 * row
        if 14 <= row < 22:
            continue
        x = 90
        while x < 880:
            wide = int(random.integers(7, 13))
            cv2.rectangle(picture, (x, y - 16), (x + 2, y), (40, 40, 40), -1)
            cv2.rectangle(picture, (x, y - 6), (x + wide, y), (40, 40, 40), -1)
            x += wide + (14 if random.random() < 0.18 else 4)
    for x in range(90, 911, 205):
        cv2.line(picture, (x, 530), (x, 740), (0, 0, 0), 2)
    for y in range(530, 741, 70):
        cv2.line(picture, (90, y), (910, y), (0, 0, 0), 2)
    return picture


def source(pixels: Pixels) -> SourcePage:
    return SourcePage(Path("photo.jpg"), 1, torch.from_numpy(pixels), None)


def off(photo: Photo, options: Options | None = None) -> float:
    """The 95th percentile of points' distance from where they belong, per cent of the diagonal."""
    image = preprocess(source(photo.pixels), options or Options(), ByWeight())
    found = image.rectification.to_page(photo.photo_points)
    return float(np.percentile(distances(found, photo.page_points, photo.page_size), 95))


@pytest.mark.parametrize(
    ("shape", "ground", "turn"),
    [
        (Shape.FLAT, Ground.LIGHT, 4.0),
        (Shape.CURL, Ground.DARK, -7.0),
        (Shape.ROLL, Ground.CLUTTER, 96.0),
        (Shape.FOLD, Ground.GRAIN, 183.0),
    ],
)
def test_every_point_of_a_photographed_sheet_lands_where_it_belongs(
    shape: Shape, ground: Ground, turn: float
) -> None:
    photo = photograph(page(), 4, shape, ground, turn, size=1500)
    assert off(photo) < 1.0


def test_a_sharp_fold_is_flattened() -> None:
    assert off(photograph(page(), 5, Shape.FOLD, Ground.CLUTTER, -2.0, size=1200)) < 0.8


def test_a_wavy_edge_of_a_shadow_is_no_side_of_the_sheet() -> None:
    drawn = generate_page(7, rulings=Rulings.FULL, damage=Damage.NONE)
    assert off(photograph(drawn.pixels, 7, Shape.FOLD), Options(orient=False)) < 0.8


def test_a_side_that_bends_at_one_end_is_seen_to_its_end() -> None:
    along = np.linspace(0, 1, 500)
    side = np.rint(np.column_stack([560 * along, 80 * np.exp(-along / 0.15)]))
    cut = np.zeros(len(side), dtype=bool)
    assert len(_smooth(side, cut, 640)) == len(side)
    stray = side.copy()
    stray[60:110, 1] += 25  # a finger on the edge
    kept = _smooth(stray, cut, 640)
    assert {*range(60, 110)}.isdisjoint(np.flatnonzero(np.isin(stray[:, 0], kept[:, 0])))
    assert len(kept) > 0.8 * len(side)


@pytest.mark.parametrize(
    ("shape", "ground", "turn"),
    [(Shape.CURL, Ground.DARK, -7.0), (Shape.FOLD, Ground.CLUTTER, -2.0)],
)
def test_a_shadow_on_the_sheet_is_no_end_of_it(shape: Shape, ground: Ground, turn: float) -> None:
    photo = photograph(page(), 4, shape, ground, turn, size=1500)
    height, width = photo.pixels.shape[:2]
    shadow = np.zeros((height, width), dtype=np.float32)
    outline = [(0, 0), (round(0.4 * width), 0), (round(0.3 * width), height), (0, height)]
    cv2.fillConvexPoly(shadow, np.array(outline, dtype=np.int32), 0.55)
    light = 1 - cv2.GaussianBlur(shadow, (0, 0), 12)[..., None]
    assert off(replace(photo, pixels=(photo.pixels * light).astype(np.uint8))) < 1.0


def test_what_is_switched_off_is_not_done() -> None:
    photo = photograph(page(), 4, Shape.CURL, Ground.DARK, 5.0, size=1200)
    off_all = Options(orient=False, find_page=False, flatten=False, deskew=False)
    image = preprocess(source(photo.pixels), off_all, ByWeight())
    assert image.rectification.is_identity
    assert image.pixels.data_ptr() == torch.from_numpy(photo.pixels).data_ptr()
    kept = preprocess(source(photo.pixels), Options(flatten=False), ByWeight())
    assert kept.rectification.warp is None
    assert {step.name: step.taken for step in kept.steps}["find_page"]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_scan_comes_back_pixel_by_pixel(quarters: int) -> None:
    upright = np.ascontiguousarray(page()[:, :-1])
    turned = np.ascontiguousarray(np.rot90(upright, quarters))
    image = preprocess(source(turned), Options(), ByWeight())
    assert np.array_equal(image.pixels.numpy(), upright)
    height, width = turned.shape[:2]
    corners = image.rectification.to_page([(0, 0), (width, 0), (width, height), (0, height)])
    assert {(round(x), round(y)) for x, y in corners} == {
        (0, 0),
        (999, 0),
        (999, 1400),
        (0, 1400),
    }


def test_lines_that_say_nothing_either_way_have_no_vote() -> None:
    assert weigh([Said(" ", 0.9)] * 5, [Said("abcde", 0.7)] * 5) == 0.0
    clear = weigh([Said("abcde", 0.95)] * 5, [Said("apcqe", 0.6)] * 5)
    assert clear > 0.9
    assert weigh([Said("apcqe", 0.6)] * 5, [Said("abcde", 0.95)] * 5) == pytest.approx(-clear)
    divided = [Said("abcde", 0.9), Said("abcde", 0.5)] * 3
    assert abs(weigh(divided, divided[::-1])) < 0.1


class Figures:
    """Stands in for networks that read figures only: dark lines, and those with doubts if turned.

    The figures of these pages have more ink at their left.
    """

    def read(self, crops: Sequence[Crop]) -> list[Said]:
        return [self._read(crop.pixels.mean(axis=0)) for crop in crops]

    def find_lines(self, picture: Pixels) -> list[Polygon]:
        return []

    def _read(self, columns: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Said:
        if columns.min() > 100:
            return Said(" ", 0.9)
        left, right = np.array_split(columns.reshape(len(columns), -1).mean(axis=1), 2)
        return Said("49.2%", 1.0 if left.mean() < right.mean() else 0.8)


def test_a_few_figures_tell_where_the_script_is_unknown() -> None:
    picture = np.full((1500, 400, 3), 255, dtype=np.uint8)
    lines = []
    for row in range(28):
        y, wide = 20 + 50 * row, 300 if row < 22 else 150
        picture[y : y + 40, 20 : 20 + wide] = 150
        if row >= 22:
            picture[y : y + 40, 120:140] = 0
        lines.append(np.array([(20, y), (20 + wide, y), (20 + wide, y + 40), (20, y + 40)], float))
    assert ask(picture, lines, Figures()).upright < -0.7


def test_a_page_with_a_shaded_box_is_kept_whole() -> None:
    picture = page()
    picture[150:240] = picture[270:360] = picture[390:750] = 255
    box = picture[750:1330, 60:940]
    box[box.min(axis=2) > 200] = (235, 225, 205)
    image = preprocess(source(picture), Options())
    assert image.rectification.is_identity
    assert image.pixels.shape == picture.shape
