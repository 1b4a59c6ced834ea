"""Every measure on cases worked out by hand."""

import numpy as np
import pytest

from benchmarks.table_metrics.adjacency import (
    BoxedTable,
    boxed,
    ctdar_counts,
    icdar2013_counts,
    neighbours,
    weighted_f1,
)
from benchmarks.table_metrics.boxes import matched
from benchmarks.table_metrics.counts import Counts
from benchmarks.table_metrics.grits import grits_content, grits_topology
from benchmarks.table_metrics.ink import Ink
from benchmarks.table_metrics.pages import (
    detection_counts,
    joined_cells,
    paired,
    same_structure,
    table_has_structure,
)
from benchmarks.table_metrics.plain import PlainCell, PlainTable, filled, normalised, plain
from benchmarks.table_metrics.teds import Node, edit_distance, teds
from table_restore.document import Cell, Line, Table, Word
from table_restore.geometry import Box


def grid(*rows: str, offset: float = 0.0, size: float = 10.0) -> PlainTable:
    """A table from rows of words; `<` continues the cell to the left, `^` the one above.

    `.` is a blank cell. Each slot is `size` square, its text fills it.
    """
    words = [row.split() for row in rows]
    cells = []
    for r, row in enumerate(words):
        for c, word in enumerate(row):
            if word in "<^":
                continue
            column_span = 1 + sum(1 for _ in run_of("<", row[c + 1 :]))
            row_span = 1 + sum(1 for _ in run_of("^", [line[c] for line in words[r + 1 :]]))
            ink = Box(
                offset + c * size,
                r * size,
                offset + (c + column_span) * size,
                (r + row_span) * size,
            )
            text = "" if word == "." else word
            cells.append(PlainCell(r, c, row_span, column_span, text, ink if text else None))
    box = Box(offset, 0, offset + len(words[0]) * size, len(words) * size)
    return PlainTable(len(words), len(words[0]), tuple(cells), box)


def run_of(mark, words):
    for word in words:
        if word != mark:
            return
        yield word


def relations(table):
    return {(a.text, b.text, way) for a, b, way in neighbours(table)}


def test_counts():
    counts = Counts(3, 4, 6)
    assert (counts.precision, counts.recall, counts.f1) == (0.5, 0.75, 0.6)
    assert Counts(1, 2, 3) + Counts(1, 1, 1) == Counts(2, 3, 4)
    assert Counts().f1 == Counts().precision == Counts().recall == 1.0
    assert Counts(0, 0, 2).recall == Counts(0, 2, 0).precision == 0.0


class TestNeighbours:
    def test_square(self):
        assert relations(grid("a b", "c d")) == {
            ("a", "b", "right"),
            ("c", "d", "right"),
            ("a", "c", "below"),
            ("b", "d", "below"),
        }

    def test_a_spanning_cell_is_next_to_each_below_it_once(self):
        assert relations(grid("h < x", "a b ^")) == {
            ("h", "x", "right"),
            ("h", "a", "below"),
            ("h", "b", "below"),
            ("a", "b", "right"),
            ("b", "x", "right"),
        }

    def test_blank_cells_are_passed_over(self):
        assert relations(grid("a . b", ". . .", "c . .")) == {
            ("a", "b", "right"),
            ("a", "c", "below"),
        }


class TestIcdar2013:
    def test_swapped_texts_lose_their_relations(self):
        # a-b, a-c are found; c-d, b-d became d-b... of the four found, two are true.
        truth, found = grid("a b", "c d"), grid("a b", "c e")
        assert icdar2013_counts([(truth, found)]) == Counts(2, 4, 4)

    def test_lone_tables_are_missed_or_false(self):
        table = grid("a b c")
        assert icdar2013_counts([(table, None), (None, grid("x y"))]) == Counts(0, 2, 1)

    def test_equal_relations_count_as_often_as_they_occur(self):
        # 0-0 right three times in the truth, twice found.
        truth, found = grid("0 0 0 0"), grid("0 0 0")
        assert icdar2013_counts([(truth, found)]) == Counts(2, 3, 2)

    def test_case_space_and_dashes_do_not_matter(self):
        assert normalised("Air  Fares\n–2") == normalised("airfares-2")
        assert normalised("1.5") != normalised("15")

    def test_tolerance_reads_through_recognition_errors(self):
        truth, found = (
            grid("population 1234", "households 88"),
            grid("populatiom 1234", "households 89"),
        )
        # "populatiom" is one letter in ten off; "89" is half wrong and stays so.
        assert icdar2013_counts([(truth, found)]).correct == 0
        assert icdar2013_counts([(truth, found)], tolerance=0.2) == Counts(2, 4, 4)

    def test_tolerance_never_changes_a_text_the_truth_has(self):
        truth = grid("12345 12346")
        assert icdar2013_counts([(truth, truth)], tolerance=0.2) == Counts(1, 1, 1)
        other = grid("12345 12345")
        assert icdar2013_counts([(truth, other)], tolerance=0.2) == Counts(0, 1, 1)


class TestCtdar:
    TRUTH = BoxedTable(
        Box(0, 0, 100, 20),
        (Box(0, 0, 20, 20), Box(40, 0, 60, 20), Box(80, 0, 100, 20)),
        frozenset({frozenset({0, 1}), frozenset({1, 2})}),
    )

    def test_thresholds(self):
        # The third box is short by a quarter: IoU .75. Order does not matter.
        found = BoxedTable(
            Box(0, 0, 100, 20),
            (Box(80, 0, 100, 15), Box(40, 0, 60, 20), Box(0, 0, 20, 20)),
            frozenset({frozenset({0, 1}), frozenset({1, 2})}),
        )
        counts = ctdar_counts([self.TRUTH], [found])
        assert counts[0.6] == counts[0.7] == Counts(2, 2, 2)
        assert counts[0.8] == counts[0.9] == Counts(1, 2, 2)
        assert weighted_f1(counts) == pytest.approx((0.6 + 0.7 + 0.8 / 2 + 0.9 / 2) / 3.0)

    def test_a_relation_that_skips_a_cell_is_wrong(self):
        found = BoxedTable(
            self.TRUTH.box, self.TRUTH.boxes, frozenset({frozenset({0, 1}), frozenset({0, 2})})
        )
        assert ctdar_counts([self.TRUTH], [found])[0.9] == Counts(1, 2, 2)

    def test_tables_must_correspond(self):
        half = BoxedTable(Box(0, 0, 60, 20), self.TRUTH.boxes[:2], frozenset({frozenset({0, 1})}))
        assert ctdar_counts([self.TRUTH], [half])[0.6] == Counts(1, 2, 1)
        assert ctdar_counts([self.TRUTH], [half], table_iou=0.8)[0.6] == Counts(0, 2, 1)
        elsewhere = BoxedTable(Box(0, 50, 60, 70), half.boxes, half.relations)
        assert ctdar_counts([self.TRUTH], [elsewhere])[0.6] == Counts(0, 2, 1)

    def test_boxes_shrink_to_the_ink_but_not_to_rulings(self):
        page = np.full((100, 300, 3), 255, np.uint8)
        page[10:12, 20:280] = 0
        page[30:40, 50:60] = page[30:40, 70:75] = 0
        page[60:90, 150:290] = (40, 60, 100)
        page[70:80, 200:210] = 255
        ink = Ink(page)
        assert ink.shrink(Box(0, 0, 140, 55)) == Box(50, 30, 75, 40)
        assert ink.shrink(Box(0, 0, 53, 33)) is None
        assert ink.shrink(Box(0, 0, 58, 38)) == Box(50, 30, 60, 40)
        assert ink.shrink(Box(0, 5, 300, 20)) is None
        assert ink.shrink(Box(195, 65, 215, 85)) == Box(200, 70, 210, 80)
        table = BoxedTable(Box(0, 0, 140, 55), (Box(40, 25, 80, 45), Box(0, 0, 9, 9)), frozenset())
        assert table.shrunk(ink).boxes == (Box(50, 30, 75, 40), Box(0, 0, 9, 9))

    def test_boxed_takes_the_ink_of_cells_with_text(self):
        table = boxed(grid("a . b", "c . ."))
        assert table.boxes == (Box(0, 0, 10, 10), Box(20, 0, 30, 10), Box(0, 10, 10, 20))
        assert table.relations == {frozenset({0, 1}), frozenset({0, 2})}
        assert table.box == Box(0, 0, 30, 20)


class TestTeds:
    def test_tree_distance_of_zhang_and_shasha(self):
        def node(label, *children):
            return Node(label, children=children)

        one = node("f", node("d", node("a"), node("c", node("b"))), node("e"))
        two = node("f", node("c", node("d", node("a"), node("b"))), node("e"))
        assert edit_distance(one, two, lambda a, b: float(a.tag != b.tag)) == 2

    def test_same_table(self):
        table = grid("h <", "a b")
        assert teds(table, table) == teds(table, table, structure_only=True) == 1.0

    def test_missing_cell(self):
        # Trees of 7 and 6 nodes; one td is removed.
        truth = grid("a b", "c d")
        found = PlainTable(2, 2, truth.cells[:3], truth.box)
        assert teds(truth, found) == pytest.approx(1 - 1 / 7)

    def test_missing_row(self):
        # A tr and its two td are removed, of 10 nodes.
        assert teds(grid("a b", "c d", "e f"), grid("a b", "e f")) == pytest.approx(1 - 3 / 10)

    def test_text(self):
        # One character of four is wrong in one of 7 nodes.
        truth, found = grid("abcd b", "c d"), grid("abce b", "c d")
        assert teds(truth, found) == pytest.approx(1 - 0.25 / 7)
        assert teds(truth, found, structure_only=True) == 1.0

    def test_span(self):
        # The td with another span is changed (1), its neighbour added (1).
        truth, found = grid("h x", "a b"), grid("h <", "a b")
        assert teds(truth, found) == pytest.approx(1 - 2 / 7)


class TestGrits:
    def test_same_table(self):
        table = grid("h < x", "a b ^")
        assert grits_topology(table, table) == grits_content(table, table) == 1.0

    def test_missing_column(self):
        # Two slots of six correspond, on either side: 2 x 2 / (4 + 2).
        truth, found = grid("a b", "c d"), grid("a", "c")
        assert grits_topology(truth, found) == pytest.approx(4 / 6)
        assert grits_content(truth, found) == pytest.approx(4 / 6)

    def test_missing_middle_row(self):
        truth, found = grid("a b", "c d", "e f"), grid("a b", "e f")
        assert grits_content(truth, found) == pytest.approx(2 * 4 / (6 + 4))

    def test_wrong_span(self):
        # Each of the two slots has a box of 1 against one of 2: IoU 1/2.
        assert grits_topology(grid("a b"), grid("a <")) == pytest.approx(0.5)

    def test_wrong_text(self):
        # Three of four characters in common in one slot, none in the other.
        assert grits_content(grid("abcd x"), grid("abce y")) == pytest.approx(2 * 0.75 / 4)

    def test_blank_slots_agree(self):
        assert grits_content(grid("a ."), grid("a .")) == 1.0


class TestPages:
    def test_matching_takes_the_best_first(self):
        truths = [Box(0, 0, 10, 10), Box(5, 0, 15, 10)]
        founds = [Box(5, 0, 15, 10), Box(1, 0, 11, 10)]
        assert matched(founds, truths, 0.0) == {0: 1, 1: 0}
        assert matched(founds, truths, 0.9) == {0: 1}

    def test_pairs(self):
        near, far = grid("a b"), grid("c d", offset=100)
        found = grid("a b", offset=2)
        assert paired([near, far], [found]) == [(near, found), (far, None)]
        assert paired([], [found]) == [(None, found)]

    def test_detection(self):
        truths = [Box(0, 0, 10, 10), Box(20, 0, 30, 10)]
        founds = [Box(0, 0, 10, 7), Box(0, 7, 10, 10), Box(20, 0, 30, 10)]
        assert detection_counts(truths, founds, 0.6) == Counts(2, 2, 3)
        assert detection_counts(truths, founds, 0.8) == Counts(1, 2, 3)
        assert detection_counts([], [], 0.6).f1 == 1.0

    def test_structure(self):
        truth = grid("h < x", "a b .")
        assert table_has_structure(truth, grid("g < y", "1 2 3"))
        assert not table_has_structure(truth, grid("h . x", "a b ."))
        assert not table_has_structure(truth, grid("h < x", "a b .", ". . ."))
        assert not table_has_structure(truth, grid("h < x", "a b ^"))

    def test_blank_cells_may_be_merged(self):
        assert table_has_structure(grid("a . .", "b c d"), grid("a . <", "b c d"))

    def test_structure_of_a_page(self):
        one, two = grid("a b"), grid("c d", offset=100)
        assert same_structure([one, two], [two, one])
        assert not same_structure([one, two], [one])
        assert not same_structure([one], [one, two])
        assert same_structure([], [])

    def test_joined_cells(self):
        truth = grid("11 22 33", "44 55 66")
        assert joined_cells([truth], [truth]) == 0
        joined = PlainTable(
            2,
            2,
            (
                PlainCell(0, 0, text="11 22", ink=Box(0, 0, 20, 10)),
                PlainCell(0, 1, text="33", ink=Box(20, 0, 30, 10)),
                PlainCell(1, 0, text="44", ink=Box(0, 10, 10, 20)),
                PlainCell(1, 1, text="5566", ink=Box(10, 10, 30, 20)),
            ),
            Box(0, 0, 30, 20),
        )
        assert joined_cells([truth], [joined]) == 2

    def test_a_text_within_another_elsewhere_is_not_joined(self):
        found = PlainTable(
            1, 1, (PlainCell(0, 0, text="11 22", ink=Box(0, 0, 10, 10)),), Box(0, 0, 10, 10)
        )
        assert joined_cells([grid("11 22")], [found]) == 0


def test_filled_adds_the_blank_cells_a_truth_leaves_out():
    cells = [
        PlainCell(0, 1, 1, 2, "h", Box(10, 0, 30, 10)),
        PlainCell(1, 0, text="a", ink=Box(0, 10, 10, 20)),
    ]
    table = filled(cells)
    assert (table.rows, table.columns, table.box) == (2, 3, Box(0, 0, 30, 20))
    assert [(c.row, c.column, c.text) for c in table.cells] == [
        (0, 0, ""),
        (0, 1, "h"),
        (1, 0, "a"),
        (1, 1, ""),
        (1, 2, ""),
    ]


def test_plain_takes_the_ink_of_all_lines():
    def line(text, box):
        return Line((Word(text, box.polygon(), 1.0),), box.polygon())

    lines = (line("one", Box(2, 2, 20, 8)), line("two", Box(2, 10, 25, 16)))
    whole = Box(0, 0, 40, 20)
    table = Table(
        1, 2, (Cell(0, 0, Box(0, 0, 30, 20).polygon(), lines), Cell(0, 1, whole.polygon())),
        whole.polygon(),
    )  # fmt: skip
    result = plain(table)
    assert result.box == whole
    assert result.cells[0].text == "one\ntwo"
    assert result.cells[0].ink == Box(2, 2, 25, 16)
    assert result.cells[1].ink is None
    assert result.ink_box == Box(2, 2, 25, 16)
