"""Pictures that show where restored tables differ from the truth, worst pages first.

The pages are other people's: keep the folder to yourself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.table_datasets import TableSample
from benchmarks.table_metrics.pages import paired
from benchmarks.table_metrics.plain import PlainCell, PlainTable
from benchmarks.table_scores import PageScore
from table_restore.document import Table
from table_restore.geometry import Box

Colour = tuple[int, int, int]
_WIDTH = 1100
_TRUTH: Colour = (0, 130, 0)
_FOUND: Colour = (0, 60, 220)
_WRONG: Colour = (220, 0, 0)
_SHEET = (3, 2)
_TILE = (1000, 700)


def draw_comparison(
    sample: TableSample, found: Sequence[tuple[Table | None, PlainTable]], score: PageScore
) -> Image.Image:
    """The truth on the left, what was found on the right; what disagrees in red.

    Cells carry their rows and columns. `found` holds each table with its form for the
    measures; without the former only the cells' texts can be outlined.
    """
    with Image.open(sample.image) as picture:
        page = picture.convert("RGB")
    scale = _WIDTH / page.width
    page = Image.blend(page.resize((_WIDTH, round(page.height * scale))), _white(page, scale), 0.4)
    left, right = page.copy(), page.copy()
    truth_draw, found_draw = ImageDraw.Draw(left), ImageDraw.Draw(right)

    for boxes in sample.boxed:
        truth_draw.rectangle(_scaled(boxes.box.grow(4), scale), outline=_TRUTH, width=2)
        for a, b in map(sorted, boxes.relations):
            ends = [boxes.boxes[i].center for i in (a, b)]
            truth_draw.line([(x * scale, y * scale) for x, y in ends], fill=_TRUTH)
        for box in boxes.boxes:
            truth_draw.rectangle(_scaled(box, scale), outline=_TRUTH)

    partners = {id(f): t for t, f in paired(sample.tables, [p for _, p in found]) if f is not None}
    for truth in sample.tables:
        other = next((f for _, f in found if partners.get(id(f)) is truth), None)
        wrong = None if other is None else _misplaced(truth, other)
        _draw_cells(truth_draw, truth, wrong, _TRUTH, scale)
    for table, form in found:
        partner = partners.get(id(form))
        wrong = None if partner is None else _misplaced(form, partner)
        wrong = set() if sample.boxed else wrong
        if table is not None:
            for cell in table.cells:
                points = [(x * scale, y * scale) for x, y in cell.polygon.points]
                found_draw.polygon(points, outline=(120, 160, 255))
        _draw_cells(found_draw, form, wrong, _FOUND, scale)

    both = Image.new("RGB", (2 * _WIDTH + 10, page.height + 30), (40, 40, 40))
    both.paste(left, (0, 30))
    both.paste(right, (_WIDTH + 10, 30))
    title = f"{sample.set} {sample.name}   {score.value:.3f}   left: truth, right: found"
    ImageDraw.Draw(both).text((8, 4), title, fill=(255, 255, 255), font=_font(18))
    return both


def _misplaced(table: PlainTable, other: PlainTable) -> set[int]:
    """Cells (by id) with text that do not stand in the same rows and columns in `other`."""
    places = {cell.place for cell in other.cells if cell.text.strip()}
    return {id(c) for c in table.cells if c.text.strip() and c.place not in places}


def _draw_cells(
    draw: ImageDraw.ImageDraw,
    table: PlainTable,
    wrong: set[int] | None,
    colour: Colour,
    scale: float,
) -> None:
    """Outline each cell's ink, with its rows and columns; all are wrong where `wrong` is None."""
    outline = _WRONG if wrong is None else colour
    draw.rectangle(_scaled(table.ink_box.grow(6 / scale), scale), outline=outline, width=2)
    size = f"{table.rows} x {table.columns}"
    corner = table.ink_box.left * scale, table.ink_box.top * scale - 24
    draw.text(corner, size, fill=outline, font=_font(15))
    for cell in table.cells:
        if cell.ink is None:
            continue
        bad = wrong is None or id(cell) in wrong
        box = _scaled(cell.ink, scale)
        draw.rectangle(box, outline=_WRONG if bad else colour)
        if bad or cell.row_span + cell.column_span > 2:
            label = _place(cell)
            draw.text((box[0], box[1] - 5), label, fill=_WRONG if bad else colour, font=_font(10))


def _place(cell: PlainCell) -> str:
    """ "3,0-2": row 3, columns 0 to 2."""
    rows = f"{cell.row}" if cell.row_span == 1 else f"{cell.row}-{cell.row + cell.row_span - 1}"
    last = cell.column + cell.column_span - 1
    columns = f"{cell.column}" if cell.column_span == 1 else f"{cell.column}-{last}"
    return f"{rows},{columns}"


def save_worst_first(drawn: Iterable[tuple[float, str, Image.Image]], folder: Path) -> None:
    """Write the pictures named by value and page, so that the worst sort first."""
    folder.mkdir(parents=True, exist_ok=True)
    for value, name, picture in drawn:
        picture.save(folder / f"{value:.3f}_{name}.png")


def save_contact_sheets(folder: Path) -> None:
    """Tile the folder's pictures, in order of their names, on `sheet_NN.jpg`."""
    columns, rows = _SHEET
    pictures = sorted(folder.glob("[01].*.png"))
    for number, start in enumerate(range(0, len(pictures), columns * rows)):
        sheet = Image.new("RGB", (columns * _TILE[0], rows * _TILE[1]), (90, 90, 90))
        for i, path in enumerate(pictures[start : start + columns * rows]):
            with Image.open(path) as picture:
                picture.thumbnail((_TILE[0] - 6, _TILE[1] - 6))
                sheet.paste(picture, (i % columns * _TILE[0], i // columns * _TILE[1]))
        sheet.save(folder / f"sheet_{number:02}.jpg", quality=85)


def _scaled(box: Box, scale: float) -> tuple[float, float, float, float]:
    return box.left * scale, box.top * scale, box.right * scale, box.bottom * scale


def _white(page: Image.Image, scale: float) -> Image.Image:
    return Image.new("RGB", (_WIDTH, round(page.height * scale)), (255, 255, 255))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
