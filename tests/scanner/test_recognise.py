"""Drawn lines are read, in their words, with boxes on their ink, whatever they are read with."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanner.detect import FIRST_LOOK, Outline
from scanner.host_plate import HostPlate
from scanner.inference import EngineReader
from scanner.line_reading import Recogniser, read_crops
from scanner.models.recogniser import HEIGHT
from scanner.models.weights import load_recogniser
from scanner.recognise import recognise
from scanner.runtime import Precision, compile_model
from scanner.words.crops import cut_line
from scanner.words.line_batches import LONGEST
from table_restore.geometry import Polygon

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
TEXTS = ("Invoice 2024", "Total due: 1,234.56", "a", "The quick brown fox jumps over it")


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    network, characters = load_recogniser()
    return Recogniser(EngineReader(compile_model(network, precision=Precision.FLOAT32)), characters)


def plate(page: Pixels, recogniser: Recogniser) -> HostPlate:
    return HostPlate(page, lambda pictures: [], recogniser)


def drawn_page(turn: bool = False) -> tuple[Pixels, list[Outline]]:
    """A page with each text on a line of its own, and the outlines of the lines."""
    page = np.full((400, 760, 3), 255, dtype=np.uint8)
    outlines = []
    for row, text in enumerate(TEXTS):
        top = 20 + 90 * row
        cv2.putText(page, text, (30, top + 42), cv2.FONT_HERSHEY_COMPLEX, 1.1, (0, 0, 0), 2)
        (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_COMPLEX, 1.1, 2)
        box = [(18.0, top), (42.0 + width, top), (42.0 + width, top + 60), (18.0, top + 60)]
        if turn:
            box = [(y, 760 - x) for x, y in box]
            box = box[1:] + box[:1]
        outlines.append(Outline(Polygon(tuple((float(x), float(y)) for x, y in box)), FIRST_LOOK))
    if turn:
        page = np.ascontiguousarray(np.rot90(page))
    return page, outlines


def test_lines_are_read_in_order(recogniser: Recogniser) -> None:
    page, outlines = drawn_page()
    lines = recognise(plate(page, recogniser), outlines)
    assert [line.text for line in lines] == list(TEXTS)
    assert all(line.confidence > 0.9 for line in lines)


def test_word_boxes_hug_the_ink(recogniser: Recogniser) -> None:
    page, outlines = drawn_page()
    first = recognise(plate(page, recogniser), outlines)[0]
    invoice, number = first.words
    ink = page[..., 0] < 128
    for word in (invoice, number):
        box = word.polygon.box
        assert "".join(c.text for c in word.characters) == word.text
        rows, columns = np.nonzero(ink[20:80, int(box.left) - 6 : int(box.right) + 7])
        assert box.left - 6 + columns.min() - int(box.left) + 6 - box.left < 2.5
        assert abs(20 + rows.min() - box.top) <= 2.5
    assert invoice.polygon.box.right < number.polygon.box.left


def test_what_a_line_says_does_not_depend_on_its_company(recogniser: Recogniser) -> None:
    page, outlines = drawn_page()
    crops = [cut_line(page, outline.polygon, HEIGHT) for outline in outlines]
    together = read_crops(crops * 3, recogniser)
    for index, crop in enumerate(crops):
        (alone,) = read_crops([crop], recogniser)
        assert alone.text == together[index].text == together[index + 8].text
        assert alone.confidence == pytest.approx(together[index].confidence, abs=1e-4)


def test_any_mix_of_lines_gives_the_same(recogniser: Recogniser) -> None:
    page, outlines = drawn_page()
    crops = [cut_line(page, outline.polygon, HEIGHT) for outline in outlines]
    alone = [read_crops([crop], recogniser)[0].glyphs for crop in crops]
    order = np.random.default_rng(3).integers(0, len(crops), 40).tolist()
    for index, reading in zip(
        order, read_crops([crops[i] for i in order], recogniser), strict=True
    ):
        places = [(glyph.text, glyph.begin, glyph.end) for glyph in alone[index]]
        assert [(glyph.text, glyph.begin, glyph.end) for glyph in reading.glyphs] == places


def test_a_very_long_line_is_read_in_parts_without_loss(recogniser: Recogniser) -> None:
    text = " ".join(f"{word} {10 * n}" for n in range(1, 21) for word in ("Invoice", "amount"))
    font = cv2.FONT_HERSHEY_COMPLEX
    (width, _), _ = cv2.getTextSize(text, font, 1.1, 2)
    page = np.full((100, width + 60, 3), 255, dtype=np.uint8)
    cv2.putText(page, text, (30, 62), font, 1.1, (0, 0, 0), 2)
    box = Polygon(((18, 20), (width + 42, 20), (width + 42, 80), (18, 80)))
    (line,) = recognise(plate(page, recogniser), [Outline(box, FIRST_LOOK)])
    assert cut_line(page, box, HEIGHT).pixels.shape[1] > 2 * LONGEST
    assert line.text == text
    lefts = [character.polygon.box.left for word in line.words for character in word.characters]
    assert lefts == sorted(lefts)
    assert width * 0.98 < line.polygon.box.width < width * 1.02


def test_lines_that_run_upwards_are_read(recogniser: Recogniser) -> None:
    page, outlines = drawn_page(turn=True)
    long = [outline for outline, text in zip(outlines, TEXTS, strict=True) if len(text) > 5]
    assert [line.text for line in recognise(plate(page, recogniser), long)] == [
        text for text in TEXTS if len(text) > 5
    ]


@pytest.mark.parametrize("digit", ["1", "6", "7", "9"])
def test_a_lone_digit_is_read_as_it_stands(recogniser: Recogniser, digit: str) -> None:
    page = np.full((120, 120, 3), 255, dtype=np.uint8)
    cv2.putText(page, digit, (40, 80), cv2.FONT_HERSHEY_COMPLEX, 1.4, (0, 0, 0), 2)
    rows, columns = np.nonzero(page[..., 0] < 128)
    left, right = float(columns.min()) - 1, float(columns.max()) + 2
    top, bottom = float(rows.min()) - 8, float(rows.max()) + 9
    assert bottom - top > 1.5 * (right - left), "it would not be taken for a vertical line"
    outline = Polygon(((left, top), (right, top), (right, bottom), (left, bottom)))
    (line,) = recognise(plate(page, recogniser), [Outline(outline, FIRST_LOOK)])
    assert line.text == digit
    (x0, y0), (x1, y1) = line.polygon.points[:2]
    assert x1 > x0
    assert y1 == y0


def test_blank_outlines_say_nothing(recogniser: Recogniser) -> None:
    page, outlines = drawn_page()
    assert recognise(plate(np.full_like(page, 255), recogniser), outlines) == []
    assert recognise(plate(page, recogniser), []) == []
