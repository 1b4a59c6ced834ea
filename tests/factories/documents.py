"""Documents as the scanner makes them, built from plain text for tests of what uses them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from table_restore.document import (
    Alignment,
    Block,
    BlockKind,
    Borders,
    Cell,
    Document,
    Item,
    Line,
    Page,
    Table,
    Word,
)
from table_restore.export.characters import display_width
from table_restore.geometry import Box

PAGE_WIDTH, PAGE_HEIGHT, DPI = 1654, 2339, 200.0  # A4
LINE_HEIGHT = 24.0
CHARACTER = 13.0
ALL_SIDES = Borders(top=True, right=True, bottom=True, left=True)


def line(
    text: str,
    left: float = 150,
    top: float = 150,
    *,
    height: float = LINE_HEIGHT,
    conf: float = 0.99,
) -> Line:
    """A line of the words of `text`, set in a font whose ink is `height` pixels high."""
    words, x = [], left
    for part in text.split(" "):
        width = max(display_width(part), 1) * CHARACTER * height / LINE_HEIGHT
        words.append(Word(part, Box(x, top, x + width, top + height).polygon(), conf))
        x += width + CHARACTER * height / LINE_HEIGHT
    box = Box.around(word.polygon.box for word in words)
    return Line(tuple(words), box.polygon())


def block(
    kind: BlockKind, texts: Sequence[str], left: float = 150, top: float = 150, **style: float
) -> Block:
    """A block of lines one below the other; `style` is that of `line`."""
    pitch = style.get("height", LINE_HEIGHT) * 1.4
    lines = tuple(line(text, left, top + n * pitch, **style) for n, text in enumerate(texts))
    return Block(kind, lines, Box.around(one.polygon.box for one in lines).polygon())


def cell(
    row: int,
    column: int,
    text: str,
    box: Box,
    *,
    row_span: int = 1,
    column_span: int = 1,
    header: bool = False,
    borders: Borders = ALL_SIDES,
    alignment: Alignment = Alignment.LEFT,
    shade: tuple[int, int, int] | None = None,
    conf: float = 0.99,
) -> Cell:
    """A cell whose text stands in its box as the alignment says; "\\n" begins a new line."""
    lines = []
    texts = text.split("\n") if text else []
    top = (box.top + box.bottom - len(texts) * LINE_HEIGHT * 1.25) / 2
    for number, one in enumerate(texts):
        placed = line(one, 0, top + number * LINE_HEIGHT * 1.25, conf=conf)
        room = box.width - placed.polygon.box.width - 16
        shift = box.left + 8 + room * {"left": 0.0, "center": 0.5, "right": 1.0}[alignment.value]
        lines.append(_moved(placed, shift))
    return Cell(
        row, column, box.polygon(), tuple(lines), row_span, column_span, header, borders,
        alignment, shade,
    )  # fmt: skip


def grid(
    texts: Sequence[Sequence[str]],
    *,
    left: float = 150,
    top: float = 400,
    widths: Sequence[float] | None = None,
    row_height: float = 44,
    header_rows: int = 1,
    alignments: Sequence[Alignment] | None = None,
    spans: dict[tuple[int, int], tuple[int, int]] | None = None,
    shade: tuple[int, int, int] | None = None,
    borders: Borders = ALL_SIDES,
) -> Table:
    """A table of texts, row by row.

    `spans` gives (rows, columns) for cells that cover more than their slot; texts of covered
    slots are ignored. `shade` is the ground of header cells.
    """
    rows, columns = len(texts), len(texts[0])
    widths = widths or [200.0] * columns
    alignments = alignments or [Alignment.LEFT] * columns
    spans = spans or {}
    xs = [left + sum(widths[:n]) for n in range(columns + 1)]
    ys = [top + row_height * n for n in range(rows + 1)]
    covered = {
        (r + dr, c + dc)
        for (r, c), (down, across) in spans.items()
        for dr in range(down)
        for dc in range(across)
        if dr or dc
    }
    cells = []
    for r, row in enumerate(texts):
        for c, text in enumerate(row):
            if (r, c) in covered:
                continue
            down, across = spans.get((r, c), (1, 1))
            header = r < header_rows
            cells.append(
                cell(
                    r,
                    c,
                    text,
                    Box(xs[c], ys[r], xs[c + across], ys[r + down]),
                    row_span=down,
                    column_span=across,
                    header=header,
                    borders=borders,
                    alignment=Alignment.CENTER if header else alignments[c],
                    shade=shade if header else None,
                )
            )
    return Table(rows, columns, tuple(cells), Box(xs[0], ys[0], xs[-1], ys[-1]).polygon())


def column(texts: Sequence[str], header: str = "") -> Table:
    """A table of one column, with a header row where `header` is given."""
    rows = [[header]] if header else []
    return grid(rows + [[text] for text in texts], header_rows=len(rows), widths=[400])


def page(items: Iterable[Item], number: int = 1, dpi: float | None = DPI) -> Page:
    return Page(number, PAGE_WIDTH, PAGE_HEIGHT, dpi, tuple(items))


def document(*pages: Page, source: str = "folder/scan.pdf") -> Document:
    return Document(source, pages)


def invoice() -> Page:
    """An English invoice: letterhead, a ruled table with merged cells, totals."""
    right, left, center = Alignment.RIGHT, Alignment.LEFT, Alignment.CENTER
    items = grid(
        [
            ["Item", "", "Qty", "Amount", ""],
            ["Number", "Description", "", "Unit price", "Total"],
            ["00417", "Paper, A4, 80 g\n(box of five reams)", "12", "$4.50", "$54.00"],
            ["00533", "Toner cartridge, black", "3", "$61.20", "$183.60"],
            ["01020", "Stapler", "1", "$1,012.99", "$1,012.99"],
            ["", "Discount", "", "-5%", "($62.53)"],
            ["Total", "", "", "", "$1,188.06"],
        ],
        top=640,
        widths=[150, 480, 120, 200, 220],
        row_height=62,
        header_rows=2,
        alignments=[left, left, center, right, right],
        spans={(0, 0): (1, 2), (0, 2): (2, 1), (0, 3): (1, 2), (6, 0): (1, 4)},
        shade=(221, 230, 241),
    )
    return page(
        [
            block(BlockKind.HEADER, ["Northwind Stationery Ltd"], 1180, 60, height=18),
            block(BlockKind.HEADING, ["Invoice 2021-0417"], 150, 200, height=44),
            block(
                BlockKind.PARAGRAPH,
                ["Ms Ada Quill", "12 Harbour Street", "Port Ellen"],
                150,
                320,
            ),
            block(
                BlockKind.PARAGRAPH,
                [
                    "Thank you for your order of 14 March. The goods were sent the same day by",
                    "the carrier you named; the tracking infor-",
                    "mation follows. Please pay within thirty days.",
                ],
                150,
                480,
            ),
            items,
            block(BlockKind.FOOTER, ["Registered in Scotland, no. 0123456"], 150, 2240, height=18),
            block(BlockKind.PAGE_NUMBER, ["1"], 820, 2280, height=18),
        ]
    )


def chinese_form() -> Page:
    """A Chinese form with a title, merged label cells and dates."""
    form = grid(
        [
            ["姓名", "王小明", "性别", "男", "照片"],
            ["出生日期", "1990年4月12日", "民族", "汉", ""],
            ["联系电话", "13800138000", "邮编", "100080", ""],
            ["工作经历", "2012年至2015年在北京某某科技有限公司\n任软件工程师", "", "", ""],
            ["月薪", "￥12,500.00", "期望", "￥15,000.00", ""],
        ],
        top=420,
        widths=[200, 420, 150, 300, 220],
        row_height=80,
        header_rows=0,
        spans={(0, 4): (3, 1), (3, 1): (1, 4), (4, 3): (1, 2)},
    )
    return page(
        [
            block(BlockKind.HEADING, ["员工登记表"], 660, 220, height=50),
            block(
                BlockKind.PARAGRAPH,
                ["请用正楷填写本表，所有内容须真实有效，如有虚假，公司有权解除劳动合", "同。"],
                150,
                320,
            ),
            form,
        ],
        number=2,
    )


def german_statement() -> Page:
    """A German bank statement: dates, decimal commas, trailing minuses, no vertical rulings."""
    right, left = Alignment.RIGHT, Alignment.LEFT
    horizontal = Borders(top=True, bottom=True)
    return page(
        [
            block(BlockKind.HEADING, ["Kontoauszug"], 150, 200, height=36),
            grid(
                [
                    ["Datum", "Buchungstext", "Betrag"],
                    ["03.01.2022", "Miete Januar", "1.250,00-"],
                    ["04.01.2022", "Lohn", "3.480,17"],
                    ["11.01.2022", "Stadtwerke, Strom", "96,40-"],
                    ["28.01.2022", "Zinsen", "0,12"],
                ],
                widths=[260, 640, 260],
                alignments=[left, left, right],
                borders=horizontal,
            ),
        ],
        number=3,
    )


def mixed_document() -> Document:
    """Three pages: an English invoice, a Chinese form, a German bank statement."""
    return document(invoice(), chinese_form(), german_statement())


@st.composite
def tables(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> Table:
    """Tables of random grids with spans, borders, alignments, shades and headers."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    free = {(r, c) for r in range(rows) for c in range(columns)}
    cells = []
    while free:
        row, col = min(free)
        across = 1
        while (row, col + across) in free and draw(st.booleans()):
            across += 1
        down = 1
        while draw(st.booleans()) and {(row + down, col + k) for k in range(across)} <= free:
            down += 1
        free -= {(row + r, col + c) for r in range(down) for c in range(across)}
        cells.append(
            cell(
                row,
                col,
                draw(texts),
                Box(
                    150 + 120 * col,
                    300 + 50 * row,
                    150 + 120 * (col + across),
                    300 + 50 * (row + down),
                ),
                row_span=down,
                column_span=across,
                header=draw(st.booleans()),
                borders=draw(st.builds(Borders, *[st.booleans()] * 4)),
                alignment=draw(st.sampled_from(Alignment)),
                shade=draw(st.none() | st.tuples(*[st.integers(0, 255)] * 3)),
                conf=draw(st.sampled_from([0.3, 0.95])),
            )
        )
    box = Box(150, 300, 150 + 120 * columns, 300 + 50 * rows)
    return Table(rows, columns, tuple(cells), box.polygon())


def _moved(placed: Line, by: float) -> Line:
    words = tuple(
        replace(word, polygon=word.polygon.map(lambda p: (p[0] + by, p[1])))
        for word in placed.words
    )
    return Line(words, placed.polygon.map(lambda p: (p[0] + by, p[1])))


# Text as no scan should give it, but as it must be survived.
NASTY_TEXTS = (
    "=1+1",
    "+CMD|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3",
    "{=A1}",
    "http://example.org/",
    "mailto:a@example.org",
    "_x0041_",
    "a\x00b\x07c\x1fd",
    "\ud800 lone",
    "\ufffe\uffff",
    "tab\there",
    "carriage\rreturn",
    "form\ffeed\x0bvt",
    "line\u2028separator",
    "<b>&amp;]]></b>",
    "\"quoted\" 'single'",
    "  spaces  around  ",
    "e\u0301 combining",
    "👩‍👩‍👧 emoji",
    "漢字かな交じり文",
    "שלום عليكم",
    "\u200b\u200e\ufeff",
    "1,234.50",
    "00123",
    "31.12.2021",
    "TRUE",
    "#REF!",
)


def texts() -> st.SearchStrategy[str]:
    """Texts of cells: empty, nasty, numbers, or anything at all, of one or several lines."""
    anything = st.text(max_size=20)
    one = st.one_of(st.just(""), st.sampled_from(NASTY_TEXTS), anything)
    return st.one_of(one, st.lists(one, min_size=2, max_size=3).map("\n".join))
