"""A delivery note, to be photographed on a table."""

from samples.drawing import Column, Sheet, Style
from samples.tables import Design, Entry, draw_table
from table_restore.document import Alignment

LEFT, CENTER, RIGHT = Alignment.LEFT, Alignment.CENTER, Alignment.RIGHT
BODY = Style("sans", 9.5)

ROWS = (
    ("Flour type 550", "25 kg", "4", "4", ""),
    ("Sunflower oil", "10 L", "2", "2", ""),
    ("Cane sugar", "10 kg", "3", "2", "1 follows"),
    ("Dried yeast", "500 g", "12", "12", ""),
    ("Baking paper", "roll", "5", "5", ""),
    ("Sea salt, fine", "5 kg", "2", "2", "damp bag"),
)


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(148, 210, dpi=250)
    column = Column(sheet, 14, 12, 120)
    column.heading("Delivery note 58204", Style("sans", 16, bold=True), after=2)
    column.paragraph(
        ["Brightwell Catering Wholesale", "Depot 2, Canal Road, Eastmoor"], BODY, after=5
    )
    column.paragraph(
        ["Delivered to: Bakery Hollis & Daughter", "Date: 11 June 2024, 6:20 a.m.",
         "Vehicle: EM-417, driver Tom Varga"],
        BODY,
        leading=14,
        after=5,
    )  # fmt: skip
    head = (
        (Entry("Goods", rows=2), Entry("Pack", rows=2), Entry("Packs", columns=2),
         Entry("Remark", rows=2)),
        ("ordered", "delivered"),
    )  # fmt: skip
    total = (Entry("Total", columns=2, bold=True), "28", "27", "")
    design = Design(
        BODY,
        weight=0.7,
        frame=1.1,
        row_height=8,
        head_rows=2,
        head_align=CENTER,
        head_shade=(228, 228, 228),
        aligns=(LEFT, LEFT, RIGHT, RIGHT, LEFT),
    )
    widths = (40, 18, 18, 20, 24)
    column.y = draw_table(sheet, 14, column.y, widths, [*head, *ROWS, total], design) + 6
    column.paragraph(
        "Please check the goods on arrival and note damage on this sheet. Later claims cannot be "
        "accepted for fresh goods.",
        BODY,
        leading=13,
        after=12,
    )
    sheet.rule((14, column.y + 4), (74, column.y + 4), 0.6)
    column.y += 4
    column.paragraph(["Received by"], BODY.but(size=8.5))
    return (sheet,)
