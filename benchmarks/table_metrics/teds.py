"""TEDS: tree edit distance based similarity of tables.

Zhong, ShafieiBavani, Jimeno Yepes, "Image-based table recognition: data, model, and
evaluation" (ECCV 2020). A table is the tree of its HTML, table > tr > td; removing or adding
a node costs 1; changing a td costs 1 where the spans differ, else the texts' normalised
edit distance; TEDS = 1 - distance / the larger tree's nodes. TEDS-Struct leaves texts out.
The distance is that of Zhang and Shasha, "Simple fast algorithms for the editing distance
between trees and related problems" (1989).

Which rows stand in thead is not known for all sets and outputs, so rows are the table's own
children here; texts are compared without white space, which some truths have lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from benchmarks.table_metrics.plain import PlainTable, normalised


@dataclass(frozen=True, slots=True)
class Node:
    """A node of an ordered tree."""

    tag: str
    spans: tuple[int, int] = (1, 1)
    text: str = ""
    children: tuple[Node, ...] = ()


def teds(truth: PlainTable, found: PlainTable, structure_only: bool = False) -> float:
    """The similarity of two tables, 0 to 1."""
    a, b = tree(truth, not structure_only), tree(found, not structure_only)
    size = max(_size(a), _size(b))
    return 1.0 - edit_distance(a, b, change_cost) / size


def tree(table: PlainTable, with_text: bool) -> Node:
    """The table's HTML tree; a row in which no cell starts has no children."""
    ordered = sorted(table.cells, key=lambda cell: (cell.row, cell.column))
    by_row = {row: list(cells) for row, cells in groupby(ordered, key=lambda cell: cell.row)}
    return Node(
        "table",
        children=tuple(
            Node(
                "tr",
                children=tuple(
                    Node(
                        "td",
                        (cell.row_span, cell.column_span),
                        normalised(cell.text) if with_text else "",
                    )
                    for cell in by_row.get(row, [])
                ),
            )
            for row in range(table.rows)
        ),
    )


@cache
def change_cost(a: Node, b: Node) -> float:
    """What it costs to turn one node into another, their children aside."""
    if a.tag != b.tag or a.spans != b.spans:
        return 1.0
    return Levenshtein.normalized_distance(a.text, b.text) if a.tag == "td" else 0.0


def edit_distance(a: Node, b: Node, change: Callable[[Node, Node], float]) -> float:
    """The least cost of turning tree `a` into tree `b`; removing or adding a node costs 1."""
    nodes_a, leftmost_a = _postorder(a)
    nodes_b, leftmost_b = _postorder(b)
    bare_a = [Node(n.tag, n.spans, n.text) for n in nodes_a]
    bare_b = [Node(n.tag, n.spans, n.text) for n in nodes_b]
    distance = [[0.0] * len(nodes_b) for _ in nodes_a]
    for i in _keyroots(leftmost_a):
        for j in _keyroots(leftmost_b):
            first_a, first_b = leftmost_a[i], leftmost_b[j]
            # forest[x][y]: nodes first_a .. first_a+x-1 against first_b .. first_b+y-1
            forest = [[float(y) for y in range(j - first_b + 2)]]
            for x in range(1, i - first_a + 2):
                node_a = first_a + x - 1
                above, row = forest[-1], [float(x)]
                forest.append(row)
                whole_a = leftmost_a[node_a] == first_a
                before_a = forest[leftmost_a[node_a] - first_a]
                for y in range(1, j - first_b + 2):
                    node_b = first_b + y - 1
                    best = min(above[y], row[-1]) + 1.0
                    if whole_a and leftmost_b[node_b] == first_b:
                        cost = above[y - 1] + change(bare_a[node_a], bare_b[node_b])
                        best = min(best, cost)
                        distance[node_a][node_b] = best
                    else:
                        cost = before_a[leftmost_b[node_b] - first_b] + distance[node_a][node_b]
                        best = min(best, cost)
                    row.append(best)
    return distance[-1][-1]


def _postorder(root: Node) -> tuple[list[Node], list[int]]:
    """The nodes, children first, and for each the position of its leftmost leaf."""
    nodes: list[Node] = []
    leftmost: list[int] = []

    def visit(node: Node) -> None:
        start = len(nodes)
        for child in node.children:
            visit(child)
        nodes.append(node)
        leftmost.append(start)

    visit(root)
    return nodes, leftmost


def _keyroots(leftmost: list[int]) -> list[int]:
    """Of the nodes that share a leftmost leaf, the highest; in postorder."""
    return sorted({leaf: i for i, leaf in enumerate(leftmost)}.values())


def _size(node: Node) -> int:
    return 1 + sum(_size(child) for child in node.children)
