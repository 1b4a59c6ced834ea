"""Tables drawn on a sheet: rows of entries flow into the grid as in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from samples.drawing import BLACK, MM_PER_POINT, Colour, Sheet, Style
from table_restore.document import Alignment, Borders, Cell, Line, Table
from table_restore.geometry import Box


class Rules(Enum):
    """Which rules a table has."""

    GRID = "around every cell"
    THREE_LINES = "top, below the head, bottom"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of a cell and how far it reaches; a line break in the text is kept."""

    text: str = ""
    columns: int = 1
    rows: int = 1
    align: Alignment | None = None
    bold: bool = False
    shade: Colour | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """How a table looks. Lengths in millimetres, weights of rules and leading in points."""

    style: Style
    rules: Rules = Rules.GRID
    weight: float = 0.5
    frame: float | None = None
    colour: Colour = BLACK
    padding: float = 1.6
    row_height: float = 0.0
    leading: float | None = None
    head_rows: int = 0
    head_columns: int = 0
    head_shade: Colour | None = None
    head_bold: bool = True
    head_align: Alignment | None = None
    aligns: Sequence[Alignment] = field(default_factory=tuple)
    cjk: bool = False

    @property
    def step(self) -> float:
        """Distance of base lines in millimetres."""
        return (self.leading or self.style.size * 1.25) * MM_PER_POINT


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry in its place in the grid."""

    entry: Entry
    row: int
    column: int


def flow(rows: Sequence[Sequence[Entry | str]], columns: int) -> list[Placed]:
    """Give each entry the next free slot of its row, as HTML does with its cells."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for r, row in enumerate(rows):
        c = 0
        for item in row:
            entry = Entry(item) if isinstance(item, str) else item
            while (r, c) in taken:
                c += 1
            placed.append(Placed(entry, r, c))
            taken |= {(r + i, c + j) for i in range(entry.rows) for j in range(entry.columns)}
            c += entry.columns
    if len(taken) != len(rows) * columns:
        raise ValueError("the entries do not fill the grid")
    return placed


def draw_table(
    sheet: Sheet,
    x: float,
    y: float,
    widths: Sequence[float],
    rows: Sequence[Sequence[Entry | str]],
    design: Design,
) -> float:
    """Draw a table with its top left corner at (x, y), note its truth, return its lower edge."""
    placed = flow(rows, len(widths))
    xs = _edges(x, widths)
    texts = {id(p): _break(sheet, p, xs, design) for p in placed}
    ys = _edges(y, _row_heights(placed, texts, len(rows), design))

    for p in placed:
        shade = _shade(p, design)
        if shade:
            left, top = xs[p.column], ys[p.row]
            right, bottom = xs[p.column + p.entry.columns], ys[p.row + p.entry.rows]
            sheet.ground(left, top, right - left, bottom - top, shade)
    _draw_rules(sheet, placed, xs, ys, design)
    cells = tuple(_set_cell(sheet, p, texts[id(p)], xs, ys, design) for p in placed)
    outline = Box(sheet.px(xs[0]), sheet.px(ys[0]), sheet.px(xs[-1]), sheet.px(ys[-1]))
    sheet.items.append(Table(len(rows), len(widths), cells, outline.polygon()))
    return ys[-1]


def _edges(start: float, lengths: Sequence[float]) -> list[float]:
    edges = [start]
    for length in lengths:
        edges.append(edges[-1] + length)
    return edges


def _is_header(p: Placed, design: Design) -> bool:
    return p.row < design.head_rows or p.column < design.head_columns


def _shade(p: Placed, design: Design) -> Colour | None:
    return p.entry.shade or (design.head_shade if _is_header(p, design) else None)


def _style(p: Placed, design: Design) -> Style:
    bold = p.entry.bold or (design.head_bold and _is_header(p, design))
    return design.style.but(bold=bold or design.style.bold)


def _alignment(p: Placed, design: Design) -> Alignment:
    if p.entry.align:
        return p.entry.align
    if design.head_align and _is_header(p, design):
        return design.head_align
    return design.aligns[p.column] if design.aligns else Alignment.LEFT


def _break(sheet: Sheet, p: Placed, xs: Sequence[float], design: Design) -> list[str]:
    width = xs[p.column + p.entry.columns] - xs[p.column] - 2 * design.padding
    wrap = sheet.wrap_characters if design.cjk else sheet.wrap
    style = _style(p, design)
    return [line for part in p.entry.text.split("\n") if part for line in wrap(part, style, width)]


def _row_heights(
    placed: Sequence[Placed], texts: dict[int, list[str]], rows: int, design: Design
) -> list[float]:
    heights = [design.row_height] * rows
    for p in sorted(placed, key=lambda p: p.entry.rows):
        need = len(texts[id(p)]) * design.step + 2 * design.padding * 0.6
        covered = range(p.row, p.row + p.entry.rows)
        short = need - sum(heights[r] for r in covered)
        heights[covered[-1]] += max(short, 0.0)
    return heights


def _set_cell(
    sheet: Sheet,
    p: Placed,
    texts: Sequence[str],
    xs: Sequence[float],
    ys: Sequence[float],
    design: Design,
) -> Cell:
    left, right = xs[p.column], xs[p.column + p.entry.columns]
    top, bottom = ys[p.row], ys[p.row + p.entry.rows]
    align = _alignment(p, design)
    anchor = {
        Alignment.LEFT: left + design.padding,
        Alignment.CENTER: (left + right) / 2,
        Alignment.RIGHT: right - design.padding,
    }[align]
    # The text's block stands in the middle of the cell; 0.74 of the step is above a base line.
    base = (top + bottom) / 2 - len(texts) * design.step / 2 + 0.74 * design.step
    lines: list[Line] = [
        sheet.text(anchor, base + i * design.step, text, _style(p, design), align)
        for i, text in enumerate(texts)
    ]
    return Cell(
        row=p.row,
        column=p.column,
        polygon=Box(*(sheet.px(edge) for edge in (left, top, right, bottom))).polygon(),
        lines=tuple(lines),
        row_span=p.entry.rows,
        column_span=p.entry.columns,
        header=_is_header(p, design),
        borders=_borders(p, len(ys) - 1, design),
        alignment=align,
        shade=_shade(p, design),
    )


def _borders(p: Placed, rows: int, design: Design) -> Borders:
    if design.rules is Rules.GRID:
        return Borders(True, True, True, True)
    if design.rules is Rules.NONE:
        return Borders()
    last = p.row + p.entry.rows
    return Borders(top=p.row in (0, design.head_rows), bottom=last in (design.head_rows, rows))


def _draw_rules(
    sheet: Sheet,
    placed: Sequence[Placed],
    xs: Sequence[float],
    ys: Sequence[float],
    design: Design,
) -> None:
    frame = design.frame or design.weight
    if design.rules is Rules.THREE_LINES:
        for row, weight in ((0, frame), (design.head_rows, design.weight), (len(ys) - 1, frame)):
            sheet.rule((xs[0], ys[row]), (xs[-1], ys[row]), weight, design.colour)
    if design.rules is not Rules.GRID:
        return
    for p in placed:
        left, right = xs[p.column], xs[p.column + p.entry.columns]
        top, bottom = ys[p.row], ys[p.row + p.entry.rows]
        for start, end in (
            ((left, top), (right, top)),
            ((left, bottom), (right, bottom)),
            ((left, top), (left, bottom)),
            ((right, top), (right, bottom)),
        ):
            sheet.rule(start, end, design.weight, design.colour)
    for start, end in (
        ((xs[0], ys[0]), (xs[-1], ys[0])),
        ((xs[0], ys[-1]), (xs[-1], ys[-1])),
        ((xs[0], ys[0]), (xs[0], ys[-1])),
        ((xs[-1], ys[0]), (xs[-1], ys[-1])),
    ):
        sheet.rule(start, end, frame, design.colour)
