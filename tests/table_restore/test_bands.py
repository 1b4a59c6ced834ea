"""Bands: rulings that part rows, and those that part groups of rows, in one table."""

from __future__ import annotations

from table_restore.bands import find_bands
from table_restore.geometry import Box
from table_restore.ruling import Ruling
from table_restore.sections import section_boxes
from table_restore.text_rows import text_rows
from table_restore.tokens import Token
from table_restore.tracks import find_tracks

EM = 10.0
BOX = Box(0, 0, 600, 300)


def line(number: int, y: float, *texts: tuple[float, str]) -> list[Token]:
    """Texts side by side, each beginning at its x; they are no parts of one recognised line."""
    return [
        Token(10 * number + i, 0, 0, None, text, Box(x, y - 4, x + 6 * len(text), y + 4))
        for i, (x, text) in enumerate(texts)
    ]


def rules(*places: float) -> list[Ruling]:
    return [Ruling(True, y, 0, 600, 1.0) for y in places]


def test_only_the_bands_with_amounts_below_one_another_are_groups_of_rows() -> None:
    written = [
        *line(1, 20, (0, "Income"), (500, "100")),
        *line(2, 40, (0, "Expense"), (500, "200")),
        *line(3, 70, (0, "Total of"), (500, "300")),
        *line(4, 85, (0, "both groups")),
        *line(5, 120, (0, "Taxes"), (500, "400")),
        *line(6, 140, (0, "Grants"), (500, "500")),
    ]
    tracks = find_tracks(rules(55, 105, 155), horizontal=True, text_height=EM)
    bands = find_bands(text_rows(written, EM), tracks, [], Box(0, 5, 600, 205), EM)
    assert [bands.single(y) for y in (20, 70, 120)] == [None, 1, None]


def test_wrapped_cells_that_seem_centered_stay_in_their_table() -> None:
    written = [
        *line(1, 20, (0, "Drug"), (250, "Cancer"), (480, "2018")),
        *line(2, 60, (200, "Lymphoma, Melanoma")),
        *line(3, 75, (0, "Name"), (250, "Carcinoma"), (530, "CX1")),
        *line(4, 90, (240, "Neoplasm of")),
        *line(5, 105, (210, "the stomach, etc.")),
        *line(6, 150, (0, "Other"), (250, "Breast"), (480, "2017")),
    ]
    assert section_boxes(BOX, written, rules(40, 130), 400.0, EM) == [BOX]


def test_what_is_white_beside_a_shaded_row_is_not_known_to_be_one_row() -> None:
    """Stripes part rows, but nothing shows where the white above the first of them ends."""
    stripes = [Ruling(True, y, 0, 600, 1.0, drawn=False) for y in (40, 62, 84, 106)]
    written = [*line(1, 10, (0, "Name"), (500, "Sum")), *line(2, 30, (0, "Rye"), (500, "100"))]
    box = Box(0, 5, 600, 106)
    tracks = find_tracks(stripes, horizontal=True, text_height=EM)
    bands = find_bands(text_rows(written, EM), tracks, [], box, EM)
    assert [bands.single(y) for y in (10, 50, 72, 95)] == [None, 1, 2, 3]
