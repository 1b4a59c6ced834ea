"""An English invoice: a ruled table with a two-row head, merged cells and a block of totals."""

from samples.drawing import A4, Column, Sheet, Style
from samples.tables import Design, Entry, draw_table
from table_restore.document import Alignment, BlockKind

LEFT, CENTER, RIGHT = Alignment.LEFT, Alignment.CENTER, Alignment.RIGHT
BLUE = (28, 62, 112)
BODY = Style("sans", 9.5)

ROWS = (
    ("OAK-2210", "Oak shelf board, oiled, 220 x 30 cm", "6", "pcs", "48.50", "10 %", "261.90"),
    ("BRK-0140", "Wall bracket, powder-coated steel", "24", "pcs", "7.95", "", "190.80"),
    ("SCR-0450", "Wood screws 4.5 x 50 mm, box of 200", "3", "box", "11.20", "", "33.60"),
    (
        "OIL-1000",
        "Hard-wax oil, clear matt, 1 litre tin with brush",
        "2",
        "tin",
        "36.75",
        "5 %",
        "69.83",
    ),
    ("TBL-1807", "Table top, solid beech, cut to 180 x 75 cm", "1", "pcs", "412.00", "", "412.00"),
    ("LEG-0720", "Table leg, conical, height 72 cm", "4", "pcs", "29.90", "", "119.60"),
)


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(*A4, dpi=200)
    _letterhead(sheet)
    head = Style("sans", 8.5)
    column = Column(sheet, 20, 47, 80)
    column.paragraph(
        ["Maple & Finch Interiors Ltd", "Attn. Purchasing Department", "17 Cooper's Yard",
         "Bristol BS1 9QX"],
        BODY,
    )  # fmt: skip
    column.gap(9)
    column.heading("Invoice INV-2024-0187", Style("sans", 15, bold=True, colour=BLUE), after=3)
    column.width = 170
    column.paragraph(
        ["Date of issue: 14 March 2024", "Customer number: C-40926", "Your order: PO 7731/B"],
        BODY,
        after=3,
    )
    column.paragraph(
        "Thank you for your order. We delivered the following goods on 12 March 2024 to your "
        "workshop in Bristol and invoice them as agreed in our quotation Q-1139.",
        BODY,
        after=5,
    )
    bottom = _table(sheet, column.y, head.but(size=9))
    column.y = bottom + 4
    column.paragraph(
        "Please pay the amount due within 30 days to the account below and quote the invoice "
        "number. Goods remain our property until they are paid in full.",
        BODY,
    )
    _footer(sheet)
    return (sheet,)


def _letterhead(sheet: Sheet) -> None:
    sheet.disc(27, 24, 7, BLUE)
    sheet.disc(27, 24, 4.4, (255, 255, 255))
    sheet.disc(29.5, 22.5, 3.2, BLUE)
    column = Column(sheet, 38, 15, 150)
    name = Style("serif", 18, bold=True, colour=BLUE)
    column.heading("Thornbury Joinery Supplies", name, after=0.5)
    column.block(
        BlockKind.HEADER,
        "Unit 4, Larkfield Trading Estate, Thornbury BS35 7ZZ",
        Style("sans", 8.5),
    )
    sheet.rule((20, 36), (190, 36), 1.2, BLUE)


def _table(sheet: Sheet, y: float, style: Style) -> float:
    head: list[list[Entry | str]] = [
        [
            Entry("Article", rows=2),
            Entry("Description", rows=2),
            Entry("Quantity", columns=2),
            Entry("Price in GBP", columns=3),
        ],
        ["Number", "Unit", "Each", "Discount", "Amount"],
    ]
    totals: list[list[Entry | str]] = [
        [Entry("Net amount", columns=6, align=RIGHT), "1,087.73"],
        [Entry("Value added tax 20 %", columns=6, align=RIGHT), "217.55"],
        [Entry("Carriage", columns=6, align=RIGHT), "18.00"],
        [
            Entry("Amount due", columns=6, align=RIGHT, bold=True),
            Entry("1,323.28", bold=True, shade=(226, 232, 240)),
        ],
    ]
    design = Design(
        style,
        weight=0.6,
        frame=1.1,
        row_height=7,
        head_rows=2,
        head_shade=(214, 223, 235),
        head_align=CENTER,
        aligns=(LEFT, LEFT, RIGHT, CENTER, RIGHT, RIGHT, RIGHT),
    )
    return draw_table(sheet, 20, y, (23, 60, 17, 13, 18, 19, 20), [*head, *ROWS, *totals], design)


def _footer(sheet: Sheet) -> None:
    sheet.rule((20, 272), (190, 272), 0.6, BLUE)
    column = Column(sheet, 20, 273, 170)
    column.block(
        BlockKind.FOOTER,
        [
            "Thornbury Joinery Supplies - Registered in England 00471193 - VAT GB 000 4711 93",
            "Severn Mutual Bank, sort code 00-47-11, account 71930055",
        ],
        Style("sans", 8),
        align=CENTER,
    )
