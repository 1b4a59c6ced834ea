"""Pictures of lines: a case worked out by hand, and the fast way against its slow twin."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gpu_ops.line_crops import cut_lines, cut_quad, line_widths, shown_quads
from gpu_ops.reference import line_crops as twin
from tests.factories.line_pages import page_of_text, rectangle


def test_a_level_line_is_averaged_where_it_shrinks_and_scaled() -> None:
    page = torch.zeros(6, 8, dtype=torch.uint8)
    page[2:6, 2:6] = torch.tensor([[0, 100], [40, 60]], dtype=torch.uint8).repeat(2, 2)
    quad = rectangle(4, 4, 4, 4, 0)
    ((lines, pictures),) = cut_lines([page], [0], quad[np.newaxis], 2, [3])
    assert lines == [0]
    assert pictures.shape == (1, 2, 3, 3)
    assert pictures[0, :, :2].flatten().tolist() == pytest.approx([50 / 127.5 - 1] * 12)
    assert not pictures[0, :, 2].any()


def test_channels_turn_round() -> None:
    page = torch.tensor([255, 0, 51], dtype=torch.uint8).expand(9, 9, 3).contiguous()
    quads = np.stack([rectangle(4, 4, 6, 4, angle) for angle in (0, 90, 30)])
    ((_, pictures),) = cut_lines([page], [0] * 3, quads, 4, [6] * 3)
    expected = torch.tensor([-0.6, -1.0, 1.0]).expand(3, 4, 6, 3)
    torch.testing.assert_close(pictures, expected)


def test_pages_and_widths_mix_and_lines_keep_their_numbers() -> None:
    pages = [torch.from_numpy(page_of_text(90, 200, 3)), torch.from_numpy(page_of_text(60, 70, 1))]
    quads = np.stack(
        [
            rectangle(100, 45, 180, 30, 0),
            rectangle(35, 30, 30, 30, 0),
            rectangle(100, 45, 90, 30, 3),
        ]
    )
    of_page, room = [0, 1, 0], [128, 64, 64]
    assert line_widths(quads, 16).tolist() == [96, 16, 48]
    buckets = cut_lines(pages, of_page, quads, 16, room, torch.bfloat16)
    assert [bucket.lines for bucket in buckets] == [[1, 2], [0]]
    assert [tuple(b.pictures.shape) for b in buckets] == [(2, 16, 64, 3), (1, 16, 128, 3)]
    for bucket in buckets:
        for line, picture in zip(bucket.lines, bucket.pictures, strict=True):
            alone = cut_lines([pages[of_page[line]]], [0], quads[line : line + 1], 16, [room[line]])
            assert torch.equal(picture, alone[0].pictures[0].bfloat16())


def test_what_pictures_show_is_known_without_them() -> None:
    page = page_of_text(90, 200, 1)
    quads = np.stack(
        [rectangle(100, 45, 180, 30, angle) for angle in (0, 4)]
        + [rectangle(190.4, 80.3, 50, 30, 0)]
    )
    shown = shown_quads(quads, (90, 200))
    for quad, expected in zip(quads, shown, strict=True):
        assert np.array_equal(cut_quad(page, quad, 16)[1], expected)
    assert shown_quads(quads[:0], (90, 200)).shape == (0, 4, 2)


def test_no_lines_give_no_buckets() -> None:
    assert cut_lines([], [], np.zeros((0, 4, 2)), 48, []) == []


def test_a_line_wider_than_its_room_is_an_error() -> None:
    quads = rectangle(50, 30, 80, 20, 0)[np.newaxis]
    with pytest.raises(ValueError, match="line 0 is 192 pixels wide"):
        cut_lines([torch.zeros(60, 100, dtype=torch.uint8)], [0], quads, 48, [128])


@settings(max_examples=60, deadline=None)
@given(
    center=st.tuples(st.floats(-10, 210), st.floats(-10, 100)),
    size=st.tuples(st.floats(4, 150), st.floats(4, 110)),
    angle=st.one_of(st.just(0.0), st.floats(-180, 180)),
    bends=st.lists(st.floats(-0.08, 0.08), min_size=8, max_size=8),
    height=st.sampled_from([16, 48]),
    channels=st.sampled_from([1, 3]),
)
def test_pictures_are_the_twins(
    center: tuple[float, float],
    size: tuple[float, float],
    angle: float,
    bends: list[float],
    height: int,
    channels: int,
) -> None:
    page = page_of_text(90, 200, channels)
    bent = np.array(bends).reshape(4, 2) * min(size) * (angle != 0)
    quad = rectangle(*center, *size, angle) + bent
    picture, _ = cut_quad(page, quad, height)
    expected = twin.cut_line(torch.from_numpy(page), quad[np.newaxis], height).numpy()
    difference = np.abs(picture.astype(int) - expected)
    assert difference.max() <= 2
    assert difference.mean() < 0.5
