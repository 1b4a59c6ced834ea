"""Half a page of an article with a three-line table, as LaTeX's booktabs sets it."""

from samples.drawing import Column, Sheet, Style
from samples.tables import Design, Rules, draw_table
from table_restore.document import Alignment

LEFT, RIGHT = Alignment.LEFT, Alignment.RIGHT
BODY = Style("serif", 10.5)

ROWS = (
    ("Spruce, dry", "0.43", "11.2", "78.1", "0.94"),
    ("Spruce, moist", "0.47", "9.6", "64.9", "0.88"),
    ("Larch, dry", "0.59", "13.8", "99.4", "0.91"),
    ("Larch, moist", "0.64", "12.1", "83.0", "0.86"),
    ("Beech, dry", "0.69", "14.3", "120.7", "0.97"),
    ("Beech, moist", "0.74", "12.9", "97.5", "0.93"),
    ("Ash, dry", "0.68", "13.4", "116.2", "0.95"),
)


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(176, 138, dpi=200)
    column = Column(sheet, 22, 16, 132)
    column.heading("3.2 Bending tests", Style("serif", 13, bold=True), after=1.5)
    column.paragraph(
        "Each beam was loaded at the third points until it broke. Table 4 lists the means of "
        "twelve beams for each kind of wood, together with the share of the variance that the "
        "linear model explains. Moist beams were kept at 85 percent humidity for six weeks.",
        BODY,
        leading=14,
        justify=True,
        after=6,
    )
    column.paragraph(
        ["Table 4: Density, stiffness and strength of the beams."],
        BODY.but(size=9.5),
        align=Alignment.CENTER,
        after=2,
    )
    design = Design(
        BODY.but(size=10),
        Rules.THREE_LINES,
        weight=0.6,
        frame=1.1,
        row_height=6.2,
        head_rows=1,
        head_bold=False,
        aligns=(LEFT, RIGHT, RIGHT, RIGHT, RIGHT),
    )
    head = ("Wood", "Density", "Stiffness", "Strength", "Fit")
    column.y = draw_table(sheet, 32, column.y, (34, 20, 22, 22, 14), [head, *ROWS], design)
    column.gap(5)
    column.paragraph(
        "Moisture lowers both stiffness and strength, by about an eighth and a sixth. The effect "
        "is strongest for spruce, whose cell walls are thin. No beam failed in shear, and the "
        "order of the tests had no influence on the result.",
        BODY,
        leading=14,
        justify=True,
    )
    return (sheet,)
