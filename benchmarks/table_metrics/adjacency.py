"""Adjacency relations: which cells with text are neighbours along a row or column.

ICDAR 2013: Göbel, Hassan, Oro, Orsi, "ICDAR 2013 Table Competition" and, for the measure,
"A methodology for evaluating algorithms for table understanding in PDF documents" (DocEng
2012). Each cell with text has a relation to the next cell with text to its right and below,
blank cells passed over; a found relation counts where both texts and the direction agree.

cTDaR 2019: Gao et al., "ICDAR 2019 Competition on Table Detection and Recognition". As above,
but a found cell is a true one where the boxes of their contents agree to an IoU. Truths are
drawn a little loosely, results tightly, so both are to be shrunk to the ink (`BoxedTable.shrunk`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from benchmarks.table_metrics.boxes import matched
from benchmarks.table_metrics.counts import Counts
from benchmarks.table_metrics.ink import Ink
from benchmarks.table_metrics.plain import PlainCell, PlainTable, normalised
from table_restore.geometry import Box

IOUS = (0.6, 0.7, 0.8, 0.9)
Relation = tuple[str, str, str]


def neighbours(table: PlainTable) -> set[tuple[PlainCell, PlainCell, str]]:
    """The relations of a table: (cell, next cell with text, "right" or "below")."""
    owners = table.owners
    rows = [[owners.get((r, c)) for c in range(table.columns)] for r in range(table.rows)]
    columns = [[owners.get((r, c)) for r in range(table.rows)] for c in range(table.columns)]
    found: set[tuple[PlainCell, PlainCell, str]] = set()
    for direction, series in (("right", rows), ("below", columns)):
        for slots in series:
            speaking = [cell for cell in slots if cell is not None and cell.text.strip()]
            for cell, after in pairwise(speaking):
                if cell is not after:
                    found.add((cell, after, direction))
    return found


def icdar2013_counts(
    pairs: Iterable[tuple[PlainTable | None, PlainTable | None]], tolerance: float = 0.0
) -> Counts:
    """Relations of matched (truth, found) tables; those of a table alone are missed or false.

    With a `tolerance` over 0, a found text that is no cell's text in the truth but within that
    normalised edit distance of one is read as that one: recognition errors then cost nothing.
    """
    counts = Counts()
    for truth, found in pairs:
        true_relations = _text_relations(truth)
        found_relations = _text_relations(found)
        if truth is not None and found is not None and tolerance > 0:
            known = {normalised(cell.text) for cell in truth.cells} - {""}
            spoken = {text for a, b, _ in found_relations for text in (a, b)}
            read_as = {text: _closest(text, known, tolerance) for text in spoken}
            found_relations = Counter(
                (read_as[a], read_as[b], way) for a, b, way in found_relations.elements()
            )
        counts += Counts(
            (true_relations & found_relations).total(),
            true_relations.total(),
            found_relations.total(),
        )
    return counts


def _text_relations(table: PlainTable | None) -> Counter[Relation]:
    if table is None:
        return Counter()
    return Counter((normalised(a.text), normalised(b.text), way) for a, b, way in neighbours(table))


def _closest(text: str, known: set[str], tolerance: float) -> str:
    if text in known or not known:
        return text
    best = process.extractOne(
        text,
        sorted(known),
        scorer=Levenshtein.normalized_distance,
        score_cutoff=tolerance,
    )
    return best[0] if best else text


@dataclass(frozen=True, slots=True)
class BoxedTable:
    """A table known by its cells' content boxes and which of them are neighbours.

    `relations` are unordered pairs of indices into `boxes`: of two cells side by side nothing
    is gained by the direction, and the truth at hand has it wrong in places.
    """

    box: Box
    boxes: tuple[Box, ...]
    relations: frozenset[frozenset[int]]

    def shrunk(self, ink: Ink) -> BoxedTable:
        """The table with each box shrunk to its ink."""
        boxes = tuple(ink.shrink(box) or box for box in self.boxes)
        return BoxedTable(Box.around(boxes) if boxes else self.box, boxes, self.relations)


def boxed(table: PlainTable) -> BoxedTable:
    """The table by its ink; cells without are left out."""
    cells = [cell for cell in table.cells if cell.ink is not None and cell.text.strip()]
    index = {id(cell): i for i, cell in enumerate(cells)}
    relations = frozenset(
        frozenset((index[id(a)], index[id(b)]))
        for a, b, _ in neighbours(table)
        if id(a) in index and id(b) in index
    )
    return BoxedTable(table.ink_box, tuple(c.ink for c in cells if c.ink is not None), relations)


def ctdar_counts(
    truths: Sequence[BoxedTable], founds: Sequence[BoxedTable], table_iou: float = 0.0
) -> dict[float, Counts]:
    """Relations found at each cell IoU of `IOUS`.

    A found table corresponds to the true one it overlaps most, from `table_iou` on; the
    competition's program asks for 0.8, so that a table with a row too many counts for nothing.
    """
    matches = matched([f.box for f in founds], [t.box for t in truths], table_iou)
    true_total = sum(len(t.relations) for t in truths)
    found_total = sum(len(f.relations) for f in founds)
    result = {}
    for iou in IOUS:
        correct = 0
        for j, i in matches.items():
            cell_of = matched(founds[j].boxes, truths[i].boxes, iou)
            moved = {
                frozenset(cell_of[k] for k in pair)
                for pair in founds[j].relations
                if all(k in cell_of for k in pair)
            }
            correct += len(moved & truths[i].relations)
        result[iou] = Counts(correct, true_total, found_total)
    return result


def weighted_f1(by_iou: Mapping[float, Counts]) -> float:
    """The F1 values' mean, each weighted by its IoU: the competition's ranking measure."""
    return sum(iou * counts.f1 for iou, counts in by_iou.items()) / sum(by_iou)
