"""The picture to keep: even light, the colours asked for, nothing lost without need."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from scanner.cleaning import is_bilevel, is_grey, page_picture
from scanner.images import PageImage, SourcePage
from scanner.options import Options
from scanner.pictures import PagePicture
from scanner.rectification import Rectification
from tests.scanner.light_pages import BARE, PENCIL, in_shadow, sheet

GREY = np.tile(np.arange(0, 240, 2, dtype=np.uint8), (90, 1))


def kept(page: np.ndarray, source: np.ndarray | None = None, **options: object) -> PagePicture:
    pixels = torch.from_numpy(page)
    original = pixels if source is None else torch.from_numpy(source)
    image = PageImage(pixels, Rectification.identity())
    return page_picture(
        image, SourcePage(Path("a.png"), 1, original, 300), Options.model_validate(options)
    )


def three(grey: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.dstack([grey] * 3))


def large(page: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(page.repeat(2, axis=0).repeat(2, axis=1))


def test_channels_that_say_nothing_are_left_out() -> None:
    assert np.array_equal(kept(three(GREY), clean=False).pixels, GREY)
    colour = three(GREY)
    colour[45, 63, 1] ^= 1
    assert not is_grey(colour)
    assert np.array_equal(kept(colour, clean=False).pixels, colour)
    white = GREY > 127
    assert is_bilevel(three(white * np.uint8(255)))
    assert np.array_equal(kept(three(white * np.uint8(255))).pixels, white)


def test_a_turned_black_and_white_page_stays_so() -> None:
    straight = np.ascontiguousarray((GREY.T > 127) * np.uint8(255))
    picture = kept(three(GREY), source=three(straight))
    assert picture.is_bilevel
    assert np.array_equal(picture.pixels, GREY > 127)
    assert picture.dpi == 300


def test_cleaning_can_be_switched_off() -> None:
    page = in_shadow(sheet())
    assert np.array_equal(kept(page, clean=False).pixels, page)
    assert kept(page).pixels[BARE].min() > 220


def test_a_clean_scan_is_kept_as_it_is() -> None:
    page = sheet()
    assert np.array_equal(kept(page).pixels, page)


def test_colours_asked_for() -> None:
    page = in_shadow(sheet())
    assert kept(page, colour="colour").is_coloured
    grey = kept(page, colour="grey")
    assert not grey.is_coloured
    assert not grey.is_bilevel
    bilevel = kept(page, colour="bilevel")
    assert bilevel.is_bilevel
    assert bilevel.pixels[BARE].all()
    print_ = sheet()[40:320].max(axis=2) < 60
    assert (~bilevel.pixels[40:320][print_]).mean() > 0.97


def test_auto_keeps_what_a_page_needs() -> None:
    page = in_shadow(sheet(), grain=1)
    assert kept(large(page), colour="auto").is_coloured
    text = page[:320]
    faint = np.vstack([text, page[PENCIL[0]], text])
    text = np.vstack([text, text, text])
    # Highlighter is coloured; without it the page is print alone, or print and pencil.
    for part in (text, faint):
        part[:] = three(part[:, :, 0])
    assert kept(large(text), colour="auto").is_bilevel
    grey = kept(large(faint), colour="auto")
    assert not grey.is_bilevel
    assert not grey.is_coloured


def test_small_pages_are_not_made_black_and_white_by_themselves() -> None:
    text = three(in_shadow(sheet(), grain=1)[:320, :, 0])
    assert not kept(text, colour="auto").is_bilevel


def test_wrong_colours_are_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Options.model_validate({"colour": "red"})
