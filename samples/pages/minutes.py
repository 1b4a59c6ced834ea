"""Minutes of a meeting on two pages, for a PDF that a copier made."""

from samples.drawing import A4, Column, Sheet, Style
from samples.tables import Design, draw_table
from table_restore.document import Alignment, BlockKind

BODY = Style("sans", 11)
HEAD = Style("sans", 12, bold=True)

AGENDA = (
    (
        "1. Approval of the last minutes",
        "The minutes of 6 February were approved with one correction: the lease of the boat house "
        "runs for five years, not for four.",
    ),
    (
        "2. Report of the treasurer",
        "Income from fees was 8,940 euros, a little more than planned. The new jetty cost 5,275 "
        "euros, of which the town paid 2,000. The balance at the end of February was 3,618.42 "
        "euros. The auditors found the books in good order.",
    ),
    (
        "3. Summer regatta",
        "The regatta will take place on 22 and 23 June. Nora Lind keeps the list of entries, and "
        "Per Olsen borrows the tents from the fire brigade. Because of the building site at the "
        "harbour, the start moves to the north pier.",
    ),
    (
        "4. Repairs",
        "The roof of the boat house leaks at two places. Three members offered to mend it during "
        "the Easter holidays; the material should cost no more than 400 euros.",
    ),
    (
        "5. New members",
        "Two families and one student have applied. All three were admitted without a vote "
        "against. With them the club has 128 members, 37 of them under eighteen.",
    ),
)
TASKS = (
    ("Order tiles and sealant for the roof", "Jonas Weid", "15 March"),
    ("Ask the town about parking at the pier", "Nora Lind", "22 March"),
    ("Send invitations to neighbouring clubs", "Ella Brandt", "5 April"),
    ("Check life jackets and fire extinguishers", "Per Olsen", "12 April"),
    ("Book the band for Saturday evening", "Ella Brandt", "30 April"),
)


def draw() -> tuple[Sheet, ...]:
    return (_first(), _second())


def _first() -> Sheet:
    sheet = Sheet(*A4, dpi=150)
    column = Column(sheet, 25, 20, 160)
    column.heading("Minutes of the Committee Meeting", Style("sans", 17, bold=True), after=2)
    column.paragraph(
        ["Lakeside Rowing Club, 5 March 2024, 7 p.m. to 9:15 p.m.",
         "Present: Ella Brandt, Nora Lind, Per Olsen, Jonas Weid"],
        BODY,
        after=7,
    )  # fmt: skip
    for title, text in AGENDA:
        column.heading(title, HEAD, after=1)
        column.paragraph(text, BODY, leading=16, after=6)
    _number(sheet, "1")
    return sheet


def _second() -> Sheet:
    sheet = Sheet(*A4, dpi=150)
    column = Column(sheet, 25, 20, 160)
    column.heading("6. Tasks", HEAD, after=3)
    design = Design(BODY, weight=0.7, row_height=8, head_rows=1)
    rows: list[tuple[str, ...]] = [("Task", "Who", "Until"), *TASKS]
    column.y = draw_table(sheet, 25, column.y, (92, 38, 30), rows, design) + 8
    column.heading("7. Next meeting", HEAD, after=1)
    column.paragraph(
        "The committee meets again on 16 April at 7 p.m. in the boat house. Topics for the agenda "
        "should reach the secretary a week before.",
        BODY,
        leading=16,
        after=10,
    )
    column.paragraph(["For the minutes: Jonas Weid"], BODY)
    _number(sheet, "2")
    return sheet


def _number(sheet: Sheet, number: str) -> None:
    column = Column(sheet, 25, 280, 160)
    column.block(BlockKind.PAGE_NUMBER, number, BODY, align=Alignment.CENTER)
