"""A bank statement: hundreds of numbers between faint rules."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from samples.drawing import A4, Column, Sheet, Style
from samples.tables import Design, Entry, draw_table
from table_restore.document import Alignment, BlockKind

LEFT, CENTER, RIGHT = Alignment.LEFT, Alignment.CENTER, Alignment.RIGHT
OPENING = Decimal("4218.36")
YEAR_START = date(2024, 1, 1)
MONTHS = ("Jan", "Feb", "Mar")
PAYERS = (
    ("Card purchase, Greenway Market", -1, 90),
    ("Direct debit, Northlight Energy", -1, 140),
    ("Transfer from A. Sample", 1, 900),
    ("Card purchase, Corner Bakery", -1, 18),
    ("Standing order, rent flat 12", -1, 980),
    ("Cash withdrawal", -1, 200),
    ("Salary, Meridian Instruments", 1, 2900),
    ("Direct debit, Bluewave Telecom", -1, 46),
    ("Card purchase, Station Books", -1, 60),
    ("Refund, Halden Outdoor", 1, 130),
    ("Interest paid", 1, 9),
    ("Card purchase, City Transport", -1, 35),
)


def draw() -> tuple[Sheet, ...]:
    sheet = Sheet(*A4, dpi=200)
    small = Style("sans", 8.5)
    column = Column(sheet, 18, 14, 174)
    column.heading("Harbour & Vale Savings Bank", Style("sans", 15, bold=True), after=1)
    column.paragraph(
        ["Statement of account 11-90-4472-0038", "Period 1 January to 31 March 2024, sheet 3"],
        small,
        after=4,
    )
    rows = _rows()
    design = Design(
        Style("narrow", 8.8),
        weight=0.4,
        colour=(168, 172, 178),
        padding=1.2,
        head_rows=1,
        aligns=(LEFT, LEFT, RIGHT, CENTER, RIGHT, RIGHT, RIGHT),
        head_shade=(238, 240, 242),
    )
    head = ["Date", "Details", "Reference", "Valued", "Paid out", "Paid in", "Balance"]
    bottom = draw_table(sheet, 18, column.y, (16, 54, 22, 18, 20, 20, 24), [head, *rows], design)
    column.y = bottom + 2
    column.paragraph(
        "Balances are in pounds sterling. Please report errors within sixty days.", small
    )
    footer = Column(sheet, 18, 282, 174)
    footer.block(BlockKind.FOOTER, "Harbour & Vale Savings Bank, 2 Quay Street, Westhaven", small)
    return (sheet,)


def _rows() -> list[list[Entry | str]]:
    rng = np.random.default_rng(20240331)
    balance = OPENING
    rows: list[list[Entry | str]] = [
        ["01 Jan", Entry("Balance brought forward", columns=5, bold=True), _money(balance)]
    ]
    paid_out = paid_in = Decimal(0)
    days = sorted(int(day) for day in rng.integers(1, 90, size=40))
    for day in days:
        name, sign, size = PAYERS[int(rng.integers(len(PAYERS)))]
        amount = Decimal(int(rng.integers(size * 20, size * 100))) / 100
        balance += sign * amount
        paid_out += amount if sign < 0 else 0
        paid_in += amount if sign > 0 else 0
        day_of_entry = YEAR_START + timedelta(days=day)
        money = _money(amount)
        rows.append(
            [
                f"{day_of_entry:%d} {MONTHS[day_of_entry.month - 1]}",
                name,
                f"{int(rng.integers(10**7, 10**8))}",
                f"{day_of_entry + timedelta(days=int(rng.integers(3))):%d.%m.%y}",
                money if sign < 0 else "",
                money if sign > 0 else "",
                _money(balance),
            ]
        )
    rows.append(
        [
            Entry("Totals and closing balance", columns=4, bold=True),
            Entry(_money(paid_out), bold=True),
            Entry(_money(paid_in), bold=True),
            Entry(_money(balance), bold=True),
        ]
    )
    return rows


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"
