"""GriTS: grid table similarity.

Smock, Pesala, Abraham, "GriTS: Grid table similarity metric for table structure recognition"
(2022). Both tables are matrices of slots; the most similar substructures (some rows x some
columns of each, in order) are found row by row and column by column (the paper's factored
approximation); the score is 2 x the sum of similarities / the number of slots of both.

Topology compares the slots' cells as boxes on the grid relative to the slot (IoU); content
compares their texts, white space aside (longest common subsequence).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache

from rapidfuzz.distance import LCSseq

from benchmarks.table_metrics.plain import PlainTable, normalised

Matrix = list[list[Hashable]]
RelativeBox = tuple[int, int, int, int]


def grits_topology(truth: PlainTable, found: PlainTable) -> float:
    """Agreement of rows, columns and spans, 0 to 1."""
    return factored_similarity(_boxes(truth), _boxes(found), relative_iou)


def grits_content(truth: PlainTable, found: PlainTable) -> float:
    """Agreement of the texts on the grid, 0 to 1."""
    return factored_similarity(_texts(truth), _texts(found), common_subsequence)


def _boxes(table: PlainTable) -> Matrix:
    """Each slot's cell as (left, top, right, bottom) relative to the slot, in slots."""
    matrix: Matrix = []
    for row in range(table.rows):
        matrix.append([])
        for column in range(table.columns):
            cell = table.owners[row, column]
            top, left = cell.row - row, cell.column - column
            matrix[-1].append((left, top, left + cell.column_span, top + cell.row_span))
    return matrix


def _texts(table: PlainTable) -> Matrix:
    return [
        [normalised(table.owners[row, column].text) for column in range(table.columns)]
        for row in range(table.rows)
    ]


@cache
def relative_iou(a: RelativeBox, b: RelativeBox) -> float:
    """Intersection over union of two boxes in slots."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return common / (areas - common)


@cache
def common_subsequence(a: str, b: str) -> float:
    """2 x the longest common subsequence's length / both lengths; 1 for two empty texts."""
    return 2 * LCSseq.similarity(a, b) / (len(a) + len(b)) if a or b else 1.0


def factored_similarity(
    truth: Matrix, found: Matrix, similarity: Callable[[Hashable, Hashable], float]
) -> float:
    """The factored 2D-MSS as an F-score over the slots of both matrices."""
    slots = sum(map(len, truth)) + sum(map(len, found))
    if not slots:
        return 1.0
    rows = _align_outer(truth, found, similarity)
    columns = _align_outer(_transposed(truth), _transposed(found), similarity)
    total = sum(
        similarity(truth[row_a][column_a], found[row_b][column_b])
        for row_a, row_b in rows
        for column_a, column_b in columns
    )
    return 2 * total / slots


def _transposed(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def _align_outer(
    a: Matrix, b: Matrix, similarity: Callable[[Hashable, Hashable], float]
) -> list[tuple[int, int]]:
    """Pairs of rows of the best alignment, where two rows gain what their slots can gain."""

    @cache
    def gain_of(row_a: tuple[Hashable, ...], row_b: tuple[Hashable, ...]) -> float:
        return _align([[similarity(x, y) for y in row_b] for x in row_a])[0]

    return _align([[gain_of(tuple(x), tuple(y)) for y in b] for x in a])[1]


def _align(gains: Sequence[Sequence[float]]) -> tuple[float, list[tuple[int, int]]]:
    """The order-keeping pairing with the largest sum of gains: the sum, and the pairs."""
    rows, columns = len(gains), len(gains[0]) if gains else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        above, row, gain = best[i - 1], best[i], gains[i - 1]
        for j in range(1, columns + 1):
            row[j] = max(above[j], row[j - 1], above[j - 1] + gain[j - 1])
    pairs = []
    i, j = rows, columns
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return best[rows][columns], pairs[::-1]
