"""Receipts: an address, items, totals and taxes below one another, each with columns of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import pytest
from paper import ADVANCE, EM, Paper, texts

from table_restore.geometry import Box
from table_restore.sections import _common
from table_restore.text_rows import TextRow
from table_restore.tokens import Token

LEFT, RIGHT = 40, 640
DEEP = 1.3 * EM

NAMES = (
    "GREEN TEA",
    "SHIRO RAMEN",
    "BRUSH 47-2311",
    "BLACK SUGAR ICE",
    "PAPER CUP 12 OZ",
    "NASI LEMAK",
)
TOTALS = ("Total (Excl. GST):", "GST Payable:", "Rounding Adj:", "TOTAL:", "CASH", "CHANGE")


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    quantity: str
    price: str
    amount: str


class Receipt(Paper):
    """A till's roll, written from the top."""

    def __init__(self) -> None:
        super().__init__(680, 1300)
        self.y = 60.0

    def row(self, *parts: tuple[float, str, str]) -> None:
        """Write texts side by side: where, which and how anchored; then go on to the next line."""
        for x, text, anchor in parts:
            self.write(x, self.y, text, anchor)
        self.y += DEEP

    def dashes(self) -> None:
        """A dashed line across, as the till prints it."""
        for x in range(LEFT, RIGHT, ADVANCE):
            cv2.line(self.pixels, (x, round(self.y)), (x + 7, round(self.y)), (0, 0, 0), 2)
        self.y += DEEP


def address(receipt: Receipt) -> None:
    for line in (
        "THE GREEN SHOP SDN BHD",
        "LOT 12-A, JALAN BESAR",
        "53000 KUALA LUMPUR",
        "(1120908-M)",
    ):
        receipt.row(((LEFT + RIGHT) / 2, line, "middle"))


def items(receipt: Receipt, bought: list[Item], wrapped: bool, coded: bool) -> None:
    """Items in columns, their quantities beside their names or, if these have a line, below."""
    end = RIGHT - 4 * ADVANCE if coded else RIGHT
    places = (end - 21 * ADVANCE, end - 10 * ADVANCE, float(end))
    head = [(LEFT, "Description", "left"), (places[0], "Qty", "right")]
    head += [(places[1], "U.price", "right"), (places[2], "Total", "right")]
    receipt.row(*head)
    receipt.dashes()
    for item in bought:
        values = (item.quantity, item.price, item.amount)
        row = [(x, text, "right") for x, text in zip(places, values, strict=True)]
        row += [(RIGHT, "SR", "right")] if coded else []
        if wrapped:
            receipt.row((LEFT, item.name, "left"))
            receipt.row(*row)
        else:
            receipt.row((LEFT, item.name, "left"), *row)
    receipt.dashes()


def totals(receipt: Receipt, amounts: list[str]) -> None:
    for name, amount in zip(TOTALS, amounts, strict=True):
        receipt.row((LEFT, name, "left"), (RIGHT, amount, "right"))
    receipt.dashes()


def price(draw: random.Random) -> str:
    return f"{draw.randint(1, 99)}.{draw.randint(0, 99):02d}"


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_every_amount_of_a_receipt_has_a_cell_of_its_own(
    seed: int, wrapped: bool, coded: bool
) -> None:
    draw = random.Random(seed)
    names = draw.sample(NAMES, draw.randint(3, 5))
    bought = [Item(n, f"{draw.randint(1, 9)} x", price(draw), price(draw)) for n in names]
    sums = [f"RM{price(draw)}" for _ in TOTALS] if seed % 2 else [price(draw) for _ in TOTALS]
    receipt = Receipt()
    address(receipt)
    receipt.dashes()
    items(receipt, bought, wrapped, coded)
    totals(receipt, sums)
    tables = receipt.restored().tables
    rows = [row for table in tables for row in texts(table)]
    for item in bought:
        assert any({item.quantity, item.price, item.amount} <= set(row) for row in rows), item
    for name, amount in zip(TOTALS, sums, strict=True):
        assert any(name in row and amount in row for row in rows), name
    assert not any("JALAN" in text for row in rows for text in row)


def test_the_dark_rim_of_a_scan_is_no_frame() -> None:
    receipt = Receipt()
    receipt.y = 150.0
    address(receipt)
    receipt.dashes()
    totals(receipt, ["10.00", "0.60", "0.00", "10.60", "20.00", "9.40"])
    cv2.rectangle(receipt.pixels, (1, 1), (678, 1298), (90, 90, 90), 3)
    (table,) = receipt.restored().tables
    assert [row[-1] for row in texts(table)] == ["10.00", "0.60", "0.00", "10.60", "20.00", "9.40"]


def test_dashes_that_the_detector_saw_are_no_unread_text() -> None:
    receipt = Receipt()
    receipt.row((LEFT, "CASH", "left"), (RIGHT, "20.00", "right"))
    receipt.outlines.append(
        Box(LEFT - 4, receipt.y - 0.4 * EM, RIGHT + 4, receipt.y + 0.4 * EM).polygon()
    )
    receipt.dashes()
    for name in ("CHANGE", "SAVED", "POINTS"):
        receipt.row((LEFT, name, "left"), (RIGHT, "9.40", "right"))
    (table,) = receipt.restored().tables
    assert [row[0] for row in texts(table)] == ["CASH", "CHANGE", "SAVED", "POINTS"]


def test_creases_beside_a_table_do_not_hide_it() -> None:
    receipt = Receipt()
    receipt.y = 200.0
    for number in range(8):
        receipt.row((120.0, f"ITEM {number} OF MANY", "left"), (RIGHT, f"{number}9.40", "right"))
    for y in (180, 300, 420):
        cv2.line(receipt.pixels, (60, y), (130, y), (60, 60, 60), 2)
    for x in (60, 90):
        cv2.line(receipt.pixels, (x, 180), (x, 420), (60, 60, 60), 2)
    tables = receipt.restored().tables
    assert sum(len(texts(table)) for table in tables) >= 8


def test_names_and_one_row_of_values_by_a_rule_are_a_table() -> None:
    receipt = Receipt()
    receipt.row((LEFT, "Goods sold are not returnable.", "left"))
    receipt.dashes()
    receipt.row((LEFT, "GST", "left"), (400.0, "Amount", "right"), (RIGHT, "Tax", "right"))
    receipt.row((LEFT, "SR", "left"), (400.0, "39.16", "right"), (RIGHT, "2.36", "right"))
    (table,) = receipt.restored().tables
    assert texts(table) == [["GST", "Amount", "Tax"], ["SR", "39.16", "2.36"]]


def rows_at(*spans: tuple[float, float], count: int) -> list[TextRow]:
    """Rows of texts that reach from x to x."""
    return [
        TextRow(tuple(Token(n, 0, 0, None, "text", Box(a, y, b, y + EM)) for a, b in spans))
        for n, y in enumerate(range(0, 30 * count, 30))
    ]


def test_columns_that_two_parts_share_are_counted_by_their_better_side() -> None:
    """Left sides agree in two columns, right sides in all three."""
    upper = rows_at((40, 150), (300, 400), (500, 600), count=2)
    lower = rows_at((40, 150), (300, 400), (540, 600), count=3)
    assert _common([upper], [lower], EM) == 3
    other = rows_at((40, 150), (350, 450), (540, 650), count=3)
    assert _common([upper], [other], EM) == 1


def test_a_place_where_one_part_has_a_single_text_is_no_column_of_both() -> None:
    upper = rows_at((40, 150), (300, 400), count=1)
    lower = rows_at((40, 150), (300, 400), count=3)
    assert _common([upper], [lower], EM) == 0
