"""Which lines above a run of rows are its head's, and which are titles."""

from __future__ import annotations

import pytest
from paper import ADVANCE, EM, Paper

from table_restore.geometry import Box
from table_restore.phrases import Phrase, find_phrases
from table_restore.run_heads import with_header
from table_restore.tokens import cut_tokens
from table_restore.upright import find_upright

RUN = Box(60, 134, 720, 330)


def phrases(*above: tuple[float, float, str]) -> list[Phrase]:
    """The phrases (middle x, y, text) above names in two rows and numbers below them."""
    paper = Paper()
    for x, y, text in above:
        paper.write(x, y, text, anchor="middle")
    for y, row in ((144, ("Item", "", "", "Share")), (168, ("", "Gross", "Net", ""))):
        for x, text in zip((90, 300, 460, 680), row, strict=True):
            if text:
                paper.write(x, y, text, anchor="middle")
    for number in range(4):
        for x in (90, 300, 460, 680):
            paper.write(x, 200 + 40 * number, f"{number}5", anchor="middle")
    upright = find_upright(paper.lines, 900, 700)
    return find_phrases(cut_tokens(paper.lines, upright, (), EM), EM)


@pytest.mark.parametrize(
    ("above", "top"),
    [
        (((300, 120, "Old"), (460, 120, "New")), 110),
        (((380, 120, "Amount"),), 110),
        (((90, 120, "Amounts"),), 134),
        (((390, 120, "A" * (400 // ADVANCE + 5)),), 134),
        (((380, 60, "Amount"),), 134),
    ],
    ids=["two headings", "over a group", "flush left", "over all", "far above"],
)
def test_a_run_grows_to_headings_and_to_no_title(
    above: tuple[tuple[float, float, str], ...], top: float
) -> None:
    assert with_header(RUN, phrases(*above), EM).top == pytest.approx(top, abs=2)
