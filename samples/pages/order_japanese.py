"""A Japanese order sheet: a letter, a ruled table, and a vertical line at the edge."""

from samples.drawing import A4, Column, Sheet, Style
from samples.tables import Design, Entry, draw_table
from table_restore.document import Alignment, BlockKind

LEFT, CENTER, RIGHT = Alignment.LEFT, Alignment.CENTER, Alignment.RIGHT
BODY = Style("japanese-serif", 10.5)

ROWS = (
    ("1", "和紙（雲肌麻紙）全紙", "12", "枚", "1,320", "15,840"),
    ("2", "岩絵具 群青 九番", "3", "瓶", "2,750", "8,250"),
    ("3", "面相筆（中）", "5", "本", "880", "4,400"),
    ("4", "木製パネル F10号", "4", "台", "3,960", "15,840"),
    ("5", "三千本膠", "2", "袋", "1,540", "3,080"),
)


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(*A4, dpi=200)
    column = Column(sheet, 25, 20, 150)
    column.heading(["注文書"], Style("japanese-serif", 20, bold=True), align=CENTER, after=5)
    column.paragraph(["2024年4月22日"], BODY, align=RIGHT, after=4)
    column.paragraph(["有限会社 白樺画材店 御中"], BODY.but(size=13), after=5)
    column.paragraph(
        ["桜川市立みどり美術学校", "事務室 北村 千尋", "電話 000-3718-2465"],
        BODY,
        align=RIGHT,
        after=6,
    )
    text = (
        "拝啓 新緑の候、ますますご清栄のこととお喜び申し上げます。"
        "下記のとおり注文いたしますので、五月十日までにお届けくださいますようお願い申し上げます。"
    )
    column.paragraph(sheet.wrap_characters(text, BODY, 150), BODY, leading=18, after=6)
    design = Design(
        BODY,
        weight=0.6,
        frame=1.2,
        row_height=9,
        padding=2,
        head_rows=1,
        head_align=CENTER,
        cjk=True,
        aligns=(CENTER, LEFT, RIGHT, CENTER, RIGHT, RIGHT),
    )
    totals = (
        (Entry("小計", columns=5, align=RIGHT), "47,410"),
        (Entry("消費税（10％）", columns=5, align=RIGHT), "4,741"),
        (Entry("合計金額", columns=5, align=RIGHT, bold=True), Entry("52,151", bold=True)),
    )
    head = ("番号", "品名", "数量", "単位", "単価", "金額")
    widths = (15, 59, 17, 15, 21, 23)
    column.y = draw_table(sheet, 25, column.y, widths, [head, *ROWS, *totals], design) + 5
    column.paragraph(["備考 納品書と請求書を同封してください。"], BODY)
    line = sheet.vertical(187, 205, "学校備品購入係控", Style("japanese", 12, bold=True))
    sheet.add(BlockKind.PARAGRAPH, [line])
    return (sheet,)
