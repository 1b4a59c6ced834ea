"""A price list as small as a screen shows it: 72 pixels an inch."""

from samples.drawing import Column, Sheet, Style
from samples.tables import Design, Entry, draw_table
from table_restore.document import Alignment

LEFT, RIGHT = Alignment.LEFT, Alignment.RIGHT
BODY = Style("dejavu", 11)

ROWS = (
    ("Day ticket", "9.50", "6.00", "24.00"),
    ("Evening ticket", "6.50", "4.00", "16.00"),
    ("Ten visits", "80.00", "48.00", "-"),
    ("Season ticket", "145.00", "90.00", "320.00"),
    ("Locker", Entry("1.00 each day", columns=3, align=Alignment.CENTER)),
)


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(200, 130, dpi=72)
    column = Column(sheet, 16, 10, 168)
    column.heading("Open-Air Pool Larchmere", Style("dejavu", 17, bold=True), after=3)
    column.paragraph(
        "Prices in euros from 1 May to 15 September. Children under four swim free of charge.",
        BODY,
        leading=15,
        after=6,
    )
    design = Design(
        BODY,
        weight=0.8,
        row_height=9,
        head_rows=1,
        aligns=(LEFT, RIGHT, RIGHT, RIGHT),
    )
    head = ("Ticket", "Adults", "Children", "Families")
    column.y = draw_table(sheet, 16, column.y, (58, 34, 38, 38), [head, *ROWS], design) + 3
    column.paragraph("Last entry is one hour before closing time.", BODY)
    return (sheet,)
