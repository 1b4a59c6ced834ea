"""The measuring sets for tables, their truths read into the measures' form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree, html
from PIL import Image

from benchmarks.datasets import DEFAULT_DATA
from benchmarks.generated_tables import (
    Damage,
    GeneratedPage,
    Rulings,
    generate_page,
    generate_report,
)
from benchmarks.table_metrics.adjacency import BoxedTable
from benchmarks.table_metrics.plain import PlainCell, PlainTable, filled, plain
from table_restore.document import Line
from table_restore.geometry import Box

SETS = (
    "icdar2013",
    "ctdar",
    "pubtabnet",
    "generated",
    "generated_ruled",
    "generated_reports",
    "unlv_letters",
    "old_books",
)
WITHOUT_TABLES = ("unlv_letters", "old_books")
"""Sets of running text, in which every table found is a false one."""
GENERATED = {
    "generated": (200, 90_000),
    "generated_ruled": (80, 91_000),
    "generated_reports": (60, 92_000),
}
"""Pages and the first seed of each generated set: far from those of tests, and not for tuning,
for which `load` takes another first seed."""


@dataclass(frozen=True, slots=True)
class TableSample:
    """A page image and its tables, as a grid or, in ctdar, as boxes with neighbours.

    `group` sorts pages of one set by what is on them, for a finer report; `lines` are the true
    lines of a generated page, in the picture's pixels.
    """

    set: str
    name: str
    image: Path
    tables: tuple[PlainTable, ...] = ()
    boxed: tuple[BoxedTable, ...] = ()
    group: str = ""
    lines: tuple[Line, ...] = ()


def load(
    name: str,
    data: Path = DEFAULT_DATA,
    scratch: Path | None = None,
    seed: int | None = None,
    chosen: slice = slice(None),
) -> list[TableSample]:
    """The `chosen` samples of one of `SETS`, all if none are.

    Generated pages are written to `scratch`; their first seed is `seed`, or the set's own.
    Raises FileNotFoundError where the set is not at hand.
    """
    if name in GENERATED:
        if scratch is None:
            raise ValueError("generated pages need a folder")
        pages, first = GENERATED[name]
        first = first if seed is None else seed
        return [_DRAW[name](scratch, s) for s in range(first, first + pages)[chosen]]
    return _kept(name, data)[chosen]


def _kept(name: str, data: Path) -> list[TableSample]:
    if name == "pubtabnet":
        return list(_pubtabnet(data / "pubtabnet_examples"))
    return [_listed(name, data / name, row) for row in _rows(data / name)]


def _rows(folder: Path) -> list[list[str]]:
    lines = (folder / "list.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


def _listed(name: str, folder: Path, row: list[str]) -> TableSample:
    image, truth = folder / row[0], folder / row[1]
    if name == "icdar2013":
        return TableSample(name, image.stem, image, tables=read_icdar2013(truth))
    if name == "ctdar":
        return TableSample(name, image.stem, image, boxed=read_ctdar(truth))
    return TableSample(name, image.stem, image)


def read_icdar2013(path: Path) -> tuple[PlainTable, ...]:
    """Tables of a page; their truth names cells with text only, spans by first and last slot."""
    page = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        filled(
            [
                PlainCell(
                    cell["row0"],
                    cell["col0"],
                    cell["row1"] - cell["row0"] + 1,
                    cell["col1"] - cell["col0"] + 1,
                    cell["text"],
                    Box(*cell["bbox_px"]),
                )
                for cell in table["cells"]
            ]
        )
        for table in page["tables"]
    )


def read_ctdar(path: Path) -> tuple[BoxedTable, ...]:
    """Tables of a page by their cells' content boxes and neighbours; the region is around them."""
    tables = []
    for table in etree.parse(path).iterfind(".//table"):
        cells = table.findall("cell")
        index = {cell.get("id"): i for i, cell in enumerate(cells)}
        boxes = tuple(_box_of_points(cell) for cell in cells)
        relations = frozenset(
            frozenset((index[cell.get("id")], index[other]))
            for cell in cells
            for other in _neighbour_ids(cell)
            if other in index
        )
        tables.append(BoxedTable(Box.around(boxes), boxes, relations))
    return tuple(tables)


def _neighbour_ids(cell: etree._Element) -> list[str]:
    """From "4:B 17:R": the ids, without the directions."""
    return [entry.partition(":")[0] for entry in (cell.get("neighbors") or "").split()]


def _box_of_points(cell: etree._Element) -> Box:
    coords = cell.find("Coords")
    points = (coords.get("points") or "") if coords is not None else ""
    pairs = [point.split(",") for point in points.split()]
    xs, ys = [float(x) for x, _ in pairs], [float(y) for _, y in pairs]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _pubtabnet(folder: Path) -> Iterator[TableSample]:
    for line in (folder / "PubTabNet_Examples.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        image = folder / entry["filename"]
        table = read_pubtabnet(entry["html"])
        yield TableSample("pubtabnet", image.stem, image, tables=(table,))


def read_pubtabnet(entry: dict[str, object]) -> PlainTable:
    """A table from its HTML's structure tokens and its cells' text tokens and boxes."""
    structure, contents = entry["structure"], entry["cells"]
    assert isinstance(structure, dict)
    assert isinstance(contents, list)
    tree = html.fragment_fromstring(f"<table>{''.join(structure['tokens'])}</table>")
    taken: set[tuple[int, int]] = set()
    cells = []
    source = iter(contents)
    for row, line in enumerate(tree.iter("tr")):
        column = 0
        for node in line.iterchildren("td", "th"):
            while (row, column) in taken:
                column += 1
            content = next(source)
            spans = int(node.get("rowspan", "1")), int(node.get("colspan", "1"))
            text = "".join(token for token in content["tokens"] if not _is_tag(token))
            ink = Box(*map(float, content["bbox"])) if "bbox" in content else None
            cell = PlainCell(row, column, *spans, text, ink)
            cells.append(cell)
            taken.update(cell.slots)
    return filled(cells)


def _is_tag(token: str) -> bool:
    return len(token) > 1 and token.startswith("<") and token.endswith(">")


def _generated_sample(scratch: Path, seed: int) -> TableSample:
    """A page of any kind; the group says how much is ruled and what damage was done."""
    page = generate_page(seed)
    ruled = "ruled" if page.style.rulings.shows_every_edge else page.style.rulings.value
    return _sample("generated", scratch, seed, page, f"{ruled}, {page.style.damage.value}")


def _ruled_sample(scratch: Path, seed: int) -> TableSample:
    """A scan or photograph of fully ruled tables or such with open sides."""
    rulings = (Rulings.FULL, Rulings.OPEN_SIDES)[seed % 2]
    damage = (Damage.SCAN_150, Damage.PHOTO)[seed // 2 % 2]
    page = generate_page(seed, rulings=rulings, damage=damage)
    return _sample("generated_ruled", scratch, seed, page, f"{rulings.value}, {damage.value}")


def _report_sample(scratch: Path, seed: int) -> TableSample:
    """A clean page of a statistical report, its tables with few rules or none."""
    page = generate_report(seed)
    return _sample("generated_reports", scratch, seed, page, page.style.rulings.value)


_DRAW = {
    "generated": _generated_sample,
    "generated_ruled": _ruled_sample,
    "generated_reports": _report_sample,
}


def _sample(name: str, scratch: Path, seed: int, page: GeneratedPage, group: str) -> TableSample:
    scratch.mkdir(parents=True, exist_ok=True)
    image = scratch / f"{seed}.png"
    Image.fromarray(page.pixels).save(image)
    tables = tuple(plain(table) for table in page.tables)
    return TableSample(name, str(seed), image, tables, group=group, lines=page.lines)
