"""Lines go into batches by their own widths, and long ones are cut where they are blank."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scanner.words.line_batches import BATCH, GRAIN, NARROWEST, form_batches, padded, part_line

STEP = 8


@given(st.lists(st.integers(1, 5000), max_size=60))
def test_every_line_is_in_one_batch_of_its_own_padded_width(widths: list[int]) -> None:
    batches = list(form_batches(widths))
    assert sorted(index for _, batch in batches for index in batch) == list(range(len(widths)))
    for width, batch in batches:
        assert {padded(widths[index]) for index in batch} == {width}
        assert len(batch) == 1 or width * len(batch) <= BATCH
        assert len(batch).bit_count() == 1


@given(st.integers(1, 5000))
def test_little_is_padded(width: int) -> None:
    assert padded(width) >= max(width, NARROWEST)
    assert padded(width) - width < GRAIN or padded(width) == NARROWEST
    assert padded(width) % STEP == 0


def line(width: int, *gaps: tuple[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    mask = np.ones((48, width), dtype=bool)
    for left, right in gaps:
        mask[:, left:right] = False
    return mask


def test_a_line_of_usual_length_stays_whole() -> None:
    assert part_line(line(400, (200, 240)), STEP, longest=400) == []


def test_a_long_line_is_cut_in_its_widest_gap() -> None:
    mask = line(700, (150, 180), (220, 260), (330, 350), (500, 540))
    cuts = part_line(mask, STEP, longest=400)
    assert [(cut.column, cut.gap) for cut in cuts] == [(240, 40), (520, 40)]


def test_a_line_without_gaps_is_cut_where_its_ink_is_thinnest() -> None:
    mask = line(500)
    mask[:40, 312] = False
    (cut,) = part_line(mask, STEP, longest=400)
    assert (cut.column, cut.gap) == (312, 0)


@given(st.integers(1, 4000), st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 40))))
def test_no_part_is_too_long_or_too_short(width: int, gaps: list[tuple[int, int]]) -> None:
    mask = line(width, *((left, left + size) for left, size in gaps))
    columns = [cut.column for cut in part_line(mask, STEP, longest=400)]
    ends = [0, *columns, width]
    parts = np.diff(ends)
    assert all(column % STEP == 0 for column in columns)
    assert parts.max() <= 400
    assert all(part > 200 for part in parts[:-1])
