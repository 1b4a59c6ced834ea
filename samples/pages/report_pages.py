"""A report of three pages for a black-and-white, multi-page TIFF; the second has a table."""

from samples.drawing import A4, Column, Sheet, Style
from samples.tables import Design, Entry, draw_table
from table_restore.document import Alignment, BlockKind

LEFT, CENTER, RIGHT = Alignment.LEFT, Alignment.CENTER, Alignment.RIGHT
BODY = Style("serif", 12)
HEAD = Style("sans", 13, bold=True)
TITLE = "Workshop Inventory 2023"

FIRST = (
    (
        "1 Purpose",
        "Once a year the technical workshop counts its tools, machines and stocks. The count "
        "shows what is missing, what needs repair and what can be given away. It is also the "
        "basis for the insurance of the building and for the budget of the coming year.",
        "This report covers the count of December 2023. It was carried out by two teams on three "
        "days, each team counting the rooms that the other had counted the year before.",
    ),
    (
        "2 Procedure",
        "Every object worth more than fifty euros carries a label with a number of six digits. "
        "The labels were read with a hand scanner and compared with the register. Objects without "
        "a label were described, photographed and given a new one.",
        "Small parts such as screws, nails and fittings were weighed. For wood and sheet metal the "
        "area was measured. Opened containers of paint and oil were counted as half full.",
        "Values are replacement values at the end of the year. Machines older than fifteen years "
        "are valued at the price that a dealer would pay for them.",
        "The lists of both teams were signed on the same day and copied twice; one copy is kept in "
        "the office and one in the safe of the administration.",
    ),
)
TABLE = (
    ("Machines", "Workshop A", "31", "29", "2", "84,600"),
    ("Workshop B", "18", "18", "0", "52,150"),
    ("Store", "6", "5", "1", "3,900"),
    ("Hand tools", "Workshop A", "412", "397", "15", "18,240"),
    ("Workshop B", "288", "283", "5", "11,075"),
    ("Measuring tools", "Workshop A", "64", "64", "0", "9,310"),
    ("Laboratory", "127", "121", "6", "26,480"),
)
GROUPS = {"Machines": 3, "Hand tools": 2, "Measuring tools": 2}
THIRD = (
    (
        "4 Findings",
        "Of 946 labelled objects, 917 were found in their place. Twelve more turned up in other "
        "rooms during the following week. The remaining seventeen are small hand tools, most of "
        "them pliers and chisels, which seem to have been lent and not returned.",
        "Both lathes in Workshop A need new belts. The large band saw was taken out of service "
        "because its guard no longer closes; a repair would cost more than a used machine.",
    ),
    (
        "5 Recommendations",
        "Tools that leave the workshop should be signed out on the list beside the door. The list "
        "of the past year has only nine entries, though far more tools were lent.",
        "The band saw should be replaced in spring. Two offers have been obtained, of 2,750 and "
        "3,120 euros; both include delivery and instruction.",
    ),
)


def draw() -> tuple[Sheet, ...]:
    return (_first(), _second(), _third())


def _page(number: int) -> tuple[Sheet, Column]:
    sheet = Sheet(*A4, dpi=300)
    header = Column(sheet, 25, 14, 160)
    header.block(BlockKind.HEADER, TITLE, Style("sans", 8.5))
    sheet.rule((25, 19.5), (185, 19.5), 0.6)
    return sheet, Column(sheet, 25, 28, 160)


def _number(sheet: Sheet, number: int) -> None:
    column = Column(sheet, 25, 277, 160)
    column.block(BlockKind.PAGE_NUMBER, f"Page {number} of 3", Style("sans", 8.5), align=CENTER)


def _sections(column: Column, sections: tuple[tuple[str, ...], ...]) -> None:
    for title, *texts in sections:
        column.heading(title, HEAD, after=1.5)
        for text in texts:
            column.paragraph(text, BODY, leading=17, after=3)
        column.gap(4)


def _first() -> Sheet:
    sheet, column = _page(1)
    column.heading(TITLE, Style("sans", 20, bold=True), after=2)
    column.paragraph("Report of the technical workshop, January 2024", BODY, after=8)
    _sections(column, FIRST)
    _number(sheet, 1)
    return sheet


def _second() -> Sheet:
    sheet, column = _page(2)
    _sections(
        column,
        (
            (
                "3 Results",
                "The table below lists what the register names, what was found and what is "
                "missing, with the value of the objects found in euros.",
            ),
        ),
    )
    head = (
        (Entry("Group", rows=2), Entry("Room", rows=2), Entry("Objects", columns=3),
         Entry("Value", rows=2)),
        ("Register", "Found", "Missing"),
    )  # fmt: skip
    rows: list[list[Entry | str]] = [
        [Entry(cell, rows=GROUPS[cell]) if cell in GROUPS else cell for cell in row]
        for row in TABLE
    ]
    total: list[Entry | str] = [
        Entry("Total", columns=2, bold=True),
        "946",
        "917",
        "29",
        Entry("205,755", bold=True),
    ]
    design = Design(
        Style("sans", 10),
        weight=0.8,
        frame=1.4,
        row_height=8.5,
        head_rows=2,
        head_align=CENTER,
        aligns=(LEFT, LEFT, RIGHT, RIGHT, RIGHT, RIGHT),
    )
    widths = (36, 34, 22, 22, 22, 24)
    column.y = draw_table(sheet, 25, column.y, widths, [*head, *rows, total], design)
    column.gap(5)
    column.paragraph(
        "Consumables are not part of the table. Their value was 14,870 euros, a tenth less than a "
        "year before, mainly because the stock of hardwood has been used up.",
        BODY,
        leading=17,
        after=3,
    )
    column.paragraph(
        "Compared with the count of 2022, the number of machines has grown by three and that of "
        "hand tools by 41. The measuring tools of the laboratory were counted for the first time.",
        BODY,
        leading=17,
    )
    _number(sheet, 2)
    return sheet


def _third() -> Sheet:
    sheet, column = _page(3)
    _sections(column, THIRD)
    _number(sheet, 3)
    return sheet
