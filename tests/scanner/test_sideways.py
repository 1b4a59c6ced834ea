"""A table on its side is read and restored as whoever turns the sheet sees it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from scanner import Block, Document, Options, Scanner, Table
from scanner.pipeline import load_models, read_text
from scanner.words.ctc import Glyph
from table_restore.upright import quarter_turns

Pixels = npt.NDArray[np.uint8]

ROWS = (
    ("Harbour", "Level", "Storms", "Remark"),
    ("Larchmere", "32.4", "5", "moved"),
    ("Stowe Bay", "23.3", "12", ""),
    ("Port Ellen", "10.6", "7", "gauge lost"),
    ("Kings Quay", "15.8", "26", "moved"),
    ("Oldtown", "25.9", "8", ""),
)
TEXT = (
    "All levels are given in metres above the local",
    "zero, which was fixed by levelling from the next",
    "bench mark. At four harbours the mark was lost.",
)


def write(picture: Pixels, x: int, y: int, text: str) -> None:
    cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_COMPLEX, 0.8, (0, 0, 0), 1, cv2.LINE_AA)


def landscape() -> Pixels:
    picture = np.full((360, 760, 3), 255, dtype=np.uint8)
    xs, ys = (20, 220, 360, 520, 740), [20 + 50 * row for row in range(7)]
    for x in xs:
        cv2.line(picture, (x, ys[0]), (x, ys[-1]), (0, 0, 0), 2)
    for y in ys:
        cv2.line(picture, (xs[0], y), (xs[-1], y), (0, 0, 0), 2)
    for row, entries in enumerate(ROWS):
        for column, entry in enumerate(entries):
            write(picture, xs[column] + 14, ys[row] + 34, entry)
    return picture


def portrait(turns: int) -> Pixels:
    page = np.full((1500, 860, 3), 255, dtype=np.uint8)
    for row in range(9):
        write(page, 40, 60 + 34 * row, TEXT[row % 3])
        write(page, 40, 1200 + 34 * row, TEXT[row % 3])
    page[380:1140, 250:610] = np.rot90(landscape(), -turns)
    return page


@pytest.fixture(scope="module", params=[1, 3], ids=["downwards", "upwards"])
def scanned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Document:
    path: Path = tmp_path_factory.mktemp("sideways") / "page.png"
    cv2.imwrite(str(path), portrait(request.param))
    return Scanner().scan(path)


def test_the_table_has_the_rows_of_its_reader(scanned: Document) -> None:
    (table,) = scanned.pages[0].tables
    found = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        found[cell.row][cell.column] = cell.text
    assert found == [list(row) for row in ROWS]


def test_everything_lies_where_it_is_printed(scanned: Document) -> None:
    (table,) = scanned.pages[0].tables
    for cell in table.cells:
        assert 240 < cell.polygon.box.left < cell.polygon.box.right < 620
        for line in cell.lines:
            assert cell.polygon.box.contains(line.polygon.center)
            assert quarter_turns(line) % 2


def test_the_text_around_it_is_unharmed(scanned: Document) -> None:
    items = scanned.pages[0].items
    assert [isinstance(item, Table) for item in items].count(True) == 1
    place = next(i for i, item in enumerate(items) if isinstance(item, Table))
    for around in (items[:place], items[place + 1 :]):
        lines = [line.text for item in around if isinstance(item, Block) for line in item.lines]
        assert lines == [TEXT[row % 3] for row in range(9)]


def test_the_page_is_read_alike_wherever_its_lines_are_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the option that leaves spelling alone, for the turned part too."""
    settled: list[int] = []

    def settle(lines: Sequence[list[Glyph]]) -> list[list[Glyph]]:
        settled.append(len(lines))
        return list(lines)

    monkeypatch.setattr("scanner.recognise.settle_spelling", settle)
    models = load_models(Options())
    for spelling in (True, False):
        settled.clear()
        lines = read_text(models.plate(portrait(1)), Options(spelling=spelling)).lines
        assert {"Larchmere", "32.4"} <= {word.text for line in lines for word in line.words}
        assert (len(settled) > 1) == spelling
