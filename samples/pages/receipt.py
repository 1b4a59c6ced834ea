"""A till receipt on narrow thermal paper."""

from samples.drawing import Column, Sheet, Style
from table_restore.document import Alignment, BlockKind, Line

WIDTH = 80.0
MARGIN = 6.0
BODY = Style("dejavu-mono", 8.2, colour=(52, 50, 62))

ITEMS = (
    ("Rye bread 750 g", "3.40"),
    ("Oat drink 1 l", "1.95"),
    ("Tomatoes 0.642 kg", "2.24"),
    ("Mountain cheese", "5.87"),
    ("Ground coffee 500 g", "7.49"),
    ("Apples Topaz 1.318 kg", "3.93"),
    ("Washing powder", "6.29"),
    ("Deposit bottle 6 x", "1.50"),
)
TOTALS = (
    ("Items 8 Subtotal", "32.67"),
    ("Voucher 4417", "-2.00"),
)
TAXES = (("VAT 7 % incl.", "1.53"), ("VAT 19 % incl.", "1.17"))


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(WIDTH, 152, dpi=200)
    column = Column(sheet, MARGIN, 6, WIDTH - 2 * MARGIN)
    column.heading("GREEN CORNER", BODY.but(size=15, bold=True), align=Alignment.CENTER, after=1)
    column.paragraph(
        ["Food & Household", "8 Mill Lane, Oldbrook", "Tel. 0000 442 718"],
        BODY,
        align=Alignment.CENTER,
        after=4,
    )
    column.paragraph(["Receipt 004817 Till 3", "23.05.2024 17:42 Served by Ida"], BODY, after=3)
    _dashes(column)
    _priced(column, ITEMS, BODY)
    _dashes(column)
    _priced(column, TOTALS, BODY)
    _priced(column, (("TOTAL EUR", "30.67"),), BODY.but(size=12, bold=True))
    column.gap(2)
    _priced(column, (("Paid by card", "30.67"), *TAXES), BODY)
    _dashes(column)
    column.paragraph(
        ["Thank you for shopping with us!", "Open Monday to Saturday 8 - 20"],
        BODY,
        align=Alignment.CENTER,
        after=4,
    )
    _barcode(column)
    column.paragraph("2 004817 230524 3", BODY, align=Alignment.CENTER)
    return (sheet,)


def _priced(column: Column, rows: tuple[tuple[str, str], ...], style: Style) -> None:
    lines = []
    for name, price in rows:
        column.gap(style.size * 0.46)
        left = column.sheet.text(column.x, column.y, name, style)
        right = column.sheet.text(column.x + column.width, column.y, price, style, Alignment.RIGHT)
        words = (*left.words, *right.words)
        box = left.polygon.box.union(right.polygon.box)
        lines.append(Line(words, box.polygon()))
    column.sheet.add(BlockKind.PARAGRAPH, lines)


def _dashes(column: Column) -> None:
    column.gap(3)
    x = column.x
    while x < column.x + column.width:
        column.sheet.rule((x, column.y), (x + 1.4, column.y), 0.6, BODY.colour)
        x += 2.4
    column.gap(1)


def _barcode(column: Column) -> None:
    x = column.x + 12.0
    for bar in "2113122131121321121132112213112321113122113121":
        sheet = column.sheet
        if int(bar) % 2:
            sheet.ground(x, column.y, 0.27 * int(bar), 11, BODY.colour)
        x += 0.5 * int(bar)
    column.gap(12)
