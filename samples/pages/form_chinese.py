"""A Chinese application form: ruled, with merged cells across and down."""

from samples.drawing import A4, Column, Sheet, Style
from samples.tables import Design, Entry, draw_table
from table_restore.document import Alignment

BODY = Style("chinese", 10)
LABEL = (236, 236, 236)


def _label(text: str, columns: int = 1, rows: int = 1) -> Entry:
    return Entry(text, columns, rows, align=Alignment.CENTER, shade=LABEL)


ROWS = (
    (
        _label("申请人"), Entry("林晓雯"), _label("性别"), Entry("女"),
        _label("出生日期"), Entry("1991年6月18日"),
    ),
    (
        _label("工作单位"), Entry("青禾市图书馆采编部", columns=3),
        _label("职务"), Entry("馆员"),
    ),
    (
        _label("联系方式", rows=2), Entry("电话"), Entry("0000-6235817", columns=2),
        _label("邮政编码"), Entry("000312"),
    ),
    (Entry("地址"), Entry("青禾市东湖区文昌路86号3单元402室", columns=4)),
    (
        _label("借用设备"), _label("型号"), _label("数量"), _label("金额（元）"),
        _label("押金（元）"), _label("归还日期"),
    ),
    ("平板扫描仪", "HS-3200", "2", "3,700.00", "500.00", "2024年5月9日"),
    ("数码相机", "QX-17", "1", "4,299.00", "1,200.00", "2024年5月9日"),
    ("移动硬盘", "2TB", "3", "1,284.00", "150.00", "2024年5月16日"),
    (_label("合计", columns=2), "6", Entry("9,283.00"), "1,850.00", ""),
    (
        _label("申请理由"),
        Entry(
            "为完成地方文献数字化项目，需对馆藏旧报纸和手稿进行扫描与拍摄，"
            "预计工作时间为四周，所有设备由本人负责保管。",
            columns=5,
        ),
    ),
    (_label("部门意见"), Entry("同意借用，请按时归还。", columns=2), _label("负责人"),
     Entry("周明远", columns=2)),
)  # fmt: skip


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(*A4, dpi=200)
    column = Column(sheet, 20, 22, 170)
    column.heading(
        ["设备借用申请表"], Style("chinese", 20, bold=True), align=Alignment.CENTER, after=5
    )
    column.paragraph(["编号：QH-2024-0415"], BODY, align=Alignment.RIGHT, after=2)
    design = Design(
        BODY,
        weight=0.7,
        frame=1.4,
        row_height=10.5,
        leading=15,
        padding=2,
        cjk=True,
        aligns=(Alignment.LEFT,) * 6,
    )
    column.y = draw_table(sheet, 20, column.y, (26, 28, 26, 28, 28, 34), ROWS, design) + 4
    column.paragraph(["注意事项"], BODY.but(bold=True), after=1)
    for note in (
        "一、本表一式两份，申请人和设备管理处各执一份。",
        "二、设备如有损坏或遗失，应在三个工作日内书面说明情况。",
        "三、超过归还日期未还的，每天按押金的百分之二收取费用。",
    ):
        column.paragraph([note], BODY, after=1.2)
    return (sheet,)
