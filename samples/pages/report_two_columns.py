"""A page of a report in two justified columns, with running header, headings and page number."""

from samples.drawing import A4, Column, Sheet, Style
from table_restore.document import Alignment, BlockKind

BODY = Style("serif", 10.5)
SECTION = Style("sans", 11, bold=True)

LEFT_TEXT = (
    "Coastal gauges have been read by hand for most of the last century, and the older series are "
    "known only from bound ledgers. Before they can be compared with modern sensors, the entries "
    "must be copied, checked and brought to a common datum. This report describes the ledgers of "
    "nine harbours and the steps that turned them into a single table of daily levels.",
    "The work was done in two winters. In the first, every sheet was scanned and numbered; in the "
    "second, the readings were typed twice by different people and the two copies compared. Where "
    "they differed, a third reader decided. About one entry in seventy was changed in this way, "
    "most often because a seven had been taken for a one.",
)
LEDGERS = (
    "The ledgers fill 212 volumes. A page holds one month: a row for each day, with four readings "
    "of the staff and a remark on wind and weather. The hand changes every few years, the form of "
    "the page hardly ever. Only at two harbours was the day divided into six watches, and there "
    "the readings at noon and midnight were kept.",
    "Water and mice have destroyed about three pages in a thousand. A further nine are lost "
    "because the ink has faded beyond reading, even in ultraviolet light.",
)
METHODS = (
    "All levels are given in centimetres above the local zero, which was fixed by levelling from "
    "the nearest bench mark. At four harbours the mark has been lost; there the zero was found "
    "from the overlap with the following instrument, which lasted between eight and thirty-one "
    "months. The uncertainty that this adds is less than two centimetres in each case.",
)
CHECKS = (
    "The table was then checked in three ways. Each reading was compared with the tide computed "
    "from its neighbours, with the reading of the nearest harbour, and with the air pressure of "
    "the day. An entry that failed two of these checks was looked up in the scan once more. Of "
    "the 1,466 entries found in this way, 1,130 turned out to be written so in the ledger.",
)
RIGHT_TEXT = (
    "Gaps of up to three days were filled by linear interpolation and marked as such. Longer gaps "
    "were left open. In total the table holds 284,916 readings, of which 3,120 are interpolated.",
)
RESULTS = (
    "The mean level rose at all nine harbours, by 11 to 19 centimetres in a hundred years. The "
    "rise is not steady: it slowed between 1938 and 1961 and has been faster since. Neighbouring "
    "harbours agree with each other to within the error of the zero, which gives some confidence "
    "in the method.",
    "Storm levels tell a different story. The number of days on which the level passed the mark "
    "for high water has doubled at the two northern harbours and hardly changed in the south. "
    "Since the northern gauges were moved in 1974, part of this change may be due to the new "
    "sites, which lie nearer to the open sea.",
)
OUTLOOK = (
    "Three further harbours keep ledgers of the same kind. Reading them would close the largest "
    "gap on the map and, at the pace of the present work, would take about fourteen months.",
)


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(*A4, dpi=250)
    running = Style("serif", 8.5, italic=True)
    header = Column(sheet, 22, 13, 166)
    header.block(BlockKind.HEADER, "Tide Ledgers of the Western Harbours", running)
    sheet.rule((22, 18.5), (188, 18.5), 0.5)

    title = Column(sheet, 22, 26, 166)
    title.heading(
        "From Ledger to Table: A Century of Tide Readings",
        Style("serif", 17, bold=True),
        align=Alignment.CENTER,
        after=9,
    )
    left = Column(sheet, 22, title.y, 79)
    _section(left, "1. Introduction", LEFT_TEXT)
    _section(left, "2. The ledgers", LEDGERS)
    _section(left, "3. Methods", METHODS)
    right = Column(sheet, 109, title.y, 79)
    _body(right, RIGHT_TEXT)
    right.gap(3)
    _section(right, "4. Checks", CHECKS)
    _section(right, "5. Results", RESULTS)
    _section(right, "6. Outlook", OUTLOOK)

    footer = Column(sheet, 22, 271, 166)
    footer.block(BlockKind.FOOTER, "Western Harbours Survey, Report 48, Spring 2024", running)
    number = Column(sheet, 22, 279, 166)
    number.block(BlockKind.PAGE_NUMBER, "17", Style("serif", 10), align=Alignment.CENTER)
    return (sheet,)


def _section(column: Column, title: str, texts: tuple[str, ...]) -> None:
    column.heading(title, SECTION, after=1)
    _body(column, texts)
    column.gap(3)


def _body(column: Column, texts: tuple[str, ...]) -> None:
    for text in texts:
        column.paragraph(text, BODY, leading=14, justify=True, after=2)
