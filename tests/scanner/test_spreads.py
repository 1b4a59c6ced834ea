"""Pictures of open books become two pages; pictures of one page stay one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanner.images import PageImage, SourcePage
from scanner.options import Options
from scanner.pipeline import ScannedPage
from scanner.preprocess.gutter import find_gutter
from scanner.preprocess.straighten import preprocess
from scanner.spreads import open_pages
from table_restore.document import Page

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

SPLIT = Options(split_spreads=True)


def lines(page: Pixels, left: int, right: int, top: int, bottom: int, seed: int = 0) -> None:
    """Lines of words from `left` to about `right`."""
    random = np.random.default_rng(seed)
    for y in range(top, bottom, 26):
        x = left
        while x < right - 70:
            word = "".join(random.choice(list("aceimnorstu"), int(random.integers(2, 7))))
            cv2.putText(page, word, (x, y), cv2.FONT_HERSHEY_COMPLEX, 0.6, (30,) * 3, 1)
            x += 12 * len(word) + 14


def paper(width: int, height: int) -> Pixels:
    return np.full((height, width, 3), 250, dtype=np.uint8)


def scanned_spread() -> Pixels:
    page = paper(1400, 950)
    lines(page, 90, 640, 120, 850, 1)
    lines(page, 770, 1320, 120, 850, 2)
    return page


def photographed_spread() -> Pixels:
    """Its pages meet in a narrow, leaning, shadowed fold."""
    page = paper(1400, 950)
    lines(page, 90, 690, 120, 850, 1)
    lines(page, 745, 1320, 120, 850, 2)
    fall = 1 - 0.35 * np.exp(-((np.arange(1400) - 712) ** 2) / (2 * 14.0**2))
    shaded = (page * fall[None, :, None]).astype(np.uint8)
    lean = np.array([(1.0, -0.05, 24.0), (0.0, 1.0, 0.0)])
    turned = cv2.warpAffine(shaded, lean, (1400, 950), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8)


def two_columns() -> Pixels:
    page = paper(1000, 1400)
    lines(page, 80, 480, 120, 1300, 1)
    lines(page, 540, 940, 120, 1300, 2)
    return page


def ruled_table() -> Pixels:
    page = paper(1400, 900)
    for y in range(100, 820, 60):
        cv2.line(page, (80, y), (1320, y), (0, 0, 0), 2)
    for left, right in ((100, 560), (840, 1300)):
        lines(page, left, right, 140, 810, left)
    return page


def open_table() -> Pixels:
    page = paper(1400, 900)
    for column in range(6):
        x = 90 + 220 * column
        for y in range(130, 800, 30):
            cv2.putText(page, f"{y * 37 % 900}", (x, y), cv2.FONT_HERSHEY_COMPLEX, 0.6, (0,) * 3, 1)
    return page


def broad_page() -> Pixels:
    page = paper(1400, 900)
    lines(page, 90, 1310, 120, 800)
    return page


@pytest.mark.parametrize(
    ("draw", "top", "bottom"), [(scanned_spread, 705, 705), (photographed_spread, 736, 688)]
)
def test_the_gutter_is_where_the_pages_meet(
    draw: Callable[[], Pixels], top: float, bottom: float
) -> None:
    gutter = find_gutter(draw())
    assert gutter is not None
    assert (gutter.top, gutter.bottom) == pytest.approx((top, bottom), abs=25)


@pytest.mark.parametrize("draw", [two_columns, ruled_table, open_table, broad_page])
def test_one_page_is_not_split(draw: Callable[[], Pixels]) -> None:
    assert find_gutter(draw()) is None


def test_a_blank_picture_is_one_page() -> None:
    assert find_gutter(paper(1400, 900)) is None


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A file of three pictures: a title page, a spread, a spread."""
    path = tmp_path / "in" / "book.tif"
    path.parent.mkdir()
    cv2.imwritemulti(str(path), [two_columns(), scanned_spread(), photographed_spread()])
    return path


def test_pages_count_from_left_to_right_through_all_pictures(book: Path) -> None:
    with open_pages(book, SPLIT) as source:
        pages = [source.read(number) for number in range(1, source.page_count + 1)]
    assert [page.number for page in pages] == [1, 2, 3, 4, 5]
    assert [page.part.picture for page in pages if page.part] == [1, 2, 2, 3, 3]
    assert pages[1].pixels.shape == (950, 1400, 3)
    with open_pages(book, Options()) as source:
        assert source.page_count == 3
        assert source.read(2).part is None


def test_a_half_maps_back_to_the_whole_picture(book: Path) -> None:
    with open_pages(book, SPLIT) as source:
        left, right = source.read(2), source.read(3)
    for page, low, high in ((left, 0, 706), (right, 704, 1400)):
        image = preprocess(page, SPLIT)
        assert 600 < image.width < 760
        corners = [(0, 0), (image.width, 0), (image.width, image.height), (0, image.height)]
        x = image.rectification.to_source(corners)[:, 0]
        assert (x.min(), x.max()) == pytest.approx((low, high), abs=25)
        back = image.rectification.to_page(image.rectification.to_source(corners))
        assert back == pytest.approx(np.array(corners), abs=1e-6)


def test_the_other_page_is_not_seen(book: Path) -> None:
    with open_pages(book, SPLIT) as source:
        left = preprocess(source.read(4), Options(split_spreads=True, deskew=False))
    beyond = left.pixels.numpy()[100:860, -15:]
    assert beyond.min() > 100  # shadow, but no ink


def read_blank(source: SourcePage) -> ScannedPage:
    image: PageImage = preprocess(source, SPLIT)
    height, width = source.pixels.shape[:2]
    picture = source.part.picture if source.part else None
    return ScannedPage(Page(source.number, width, height, None, (), picture), image)


def make_blank_reader(_: Options) -> Callable[[SourcePage], ScannedPage]:
    return read_blank


def test_every_half_gets_its_outputs(book: Path, tmp_path: Path) -> None:
    from scanner.batch.plan import plan_batch
    from scanner.batch.run import BatchRun
    from scanner.inputs import find_inputs

    out = tmp_path / "out"
    batch = plan_batch(find_inputs((str(book.parent),)).files, out, ("json", "png"))
    options = Options(split_spreads=True, workers=0)
    list(BatchRun(batch, options, make_reader=make_blank_reader).results())
    (entry,) = map(json.loads, (out / "manifest.jsonl").read_text().splitlines())
    assert (entry["status"], entry["pages"]) == ("ok", 5)
    assert entry["outputs"]["png"] == [f"book-{number:04}.png" for number in range(1, 6)]
    document = json.loads((out / "book.json").read_text())
    assert [page["picture"] for page in document["pages"]] == [1, 2, 2, 3, 3]
    assert [page["width"] for page in document["pages"]] == [1000, 1400, 1400, 1400, 1400]
