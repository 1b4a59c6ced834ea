"""How far a scanned document is from the truth."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from statistics import mean

from benchmarks.metrics import edit_distance
from table_restore.document import Cell, Document, Page, Table, Word

# Scripts set without spaces between words: what a recogniser puts there is no error.
_CJK = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
_SPACE_AT_CJK = re.compile(rf"(?<=[{_CJK}]) | (?=[{_CJK}])")
# Words whose centres are further apart than this, in pixels, are not the same.
_SAME_PLACE = 15.0

Structure = tuple[int, int, frozenset[tuple[int, int, int, int]]]


def normalise(text: str) -> str:
    """The text without what does not matter: full width or half width, breaks, kinds of space.

    Also folds compatibility characters (NFKC), typographic quotes and dashes.
    """
    plain = unicodedata.normalize("NFKC", _SPACE_AT_CJK.sub("", " ".join(text.split())))
    plain = plain.translate(str.maketrans("‘’“”‐‑–—−", "''\"\"-----"))
    return " ".join(plain.split())


def text_of(document: Document) -> str:
    """All text in reading order, normalised, a line break where a line ends."""
    lines = (normalise(line.text) for page in document.pages for line in page.lines)
    return "\n".join(line for line in lines if line)


def character_error_rate(truth: Document, result: Document) -> float:
    """Edits in reading order over the length of the truth; ends of lines count as spaces."""
    expected = normalise(text_of(truth).replace("\n", " "))
    found = normalise(text_of(result).replace("\n", " "))
    return edit_distance(expected, found) / len(expected)


def tables_of(document: Document) -> list[Table]:
    return [table for page in document.pages for table in page.tables]


def structure_of(table: Table) -> Structure:
    """Rows, columns, and where each cell lies and how far it reaches."""
    cells = ((cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells)
    return table.rows, table.columns, frozenset(cells)


def cell_error_rate(truth: Table, result: Table) -> float:
    """Edits within the cells over the characters of the truth, for tables of one structure.

    Spaces do not count here: in a cell "5kg" is as good as "5 kg".
    Raises `ValueError` where the structures differ.
    """
    if structure_of(truth) != structure_of(result):
        raise ValueError("tables of different structure have no cells to compare")
    by_place = {(cell.row, cell.column): cell for cell in result.cells}
    pairs = [(_text(cell), _text(by_place[cell.row, cell.column])) for cell in truth.cells]
    return sum(edit_distance(*pair) for pair in pairs) / sum(len(text) for text, _ in pairs)


def word_pairs(truth: Page, result: Page) -> list[tuple[Word, Word]]:
    """Each word of the truth with the nearest one that reads the same, where there is one."""
    found = list(_words(result))
    pairs = []
    for word in _words(truth):
        text = normalise(word.text)
        near = [
            (distance, index)
            for index, other in enumerate(found)
            if normalise(other.text) == text and (distance := _distance(word, other)) < _SAME_PLACE
        ]
        if near:
            pairs.append((word, found[min(near)[1]]))
    return pairs


def edge_error(truth: Word, result: Word) -> float:
    """How many pixels the four edges of the words' upright boxes are apart, on average."""
    a, b = truth.polygon.box, result.polygon.box
    return mean(
        (
            abs(a.left - b.left),
            abs(a.top - b.top),
            abs(a.right - b.right),
            abs(a.bottom - b.bottom),
        )
    )


def _words(page: Page) -> Iterator[Word]:
    for line in page.lines:
        yield from line.words


def _distance(a: Word, b: Word) -> float:
    (ax, ay), (bx, by) = a.polygon.center, b.polygon.center
    return max(abs(ax - bx), abs(ay - by))


def _text(cell: Cell) -> str:
    return normalise(cell.text).replace(" ", "")
