"""Scanner and camera damage; every point of the clean page can be followed to the new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from random import Random

import cv2
import numpy as np
from PIL import Image

from benchmarks.generated_tables.drawing import DrawnPage
from benchmarks.generated_tables.style import Damage
from table_restore.document import Character, Line, Table, Word
from table_restore.geometry import Point, Polygon

_DESK = (70, 60, 55)


def damaged(random: Random, page: DrawnPage, damage: Damage) -> DrawnPage:
    """The page after `damage`, with the polygons of its tables and lines moved along."""
    noise = np.random.default_rng(random.randrange(2**32))
    match damage:
        case Damage.NONE:
            return page
        case Damage.SCAN_150:
            turned = _warped(page, _turn(random, page, scale=0.75), (255, 255, 255))
            pixels = _noisy(cv2.GaussianBlur(turned.pixels, (0, 0), 0.6), noise, sigma=5)
            return replace(turned, pixels=_jpeg(pixels, quality=60))
        case Damage.BITONAL:
            turned = _warped(page, _turn(random, page, scale=1.0), (255, 255, 255))
            grey = cv2.cvtColor(turned.pixels, cv2.COLOR_RGB2GRAY)
            grey = cv2.GaussianBlur(grey, (0, 0), 0.7) + noise.normal(0, 8, grey.shape)
            ink = (grey < 185) ^ (noise.random(grey.shape) < 0.0005)
            return replace(
                turned, pixels=np.repeat(255 - 255 * ink.astype(np.uint8)[..., None], 3, 2)
            )
        case Damage.PHOTO:
            seen = _warped(page, _view(random, page), _DESK)
            pixels = cv2.GaussianBlur(_lit(random, seen.pixels), (0, 0), random.uniform(0.5, 1.0))
            return replace(seen, pixels=_jpeg(_noisy(pixels, noise, sigma=4), quality=80))


def _turn(random: Random, page: DrawnPage, scale: float) -> np.ndarray:
    """A reduction and a turn by under a degree about the middle."""
    height, width = page.pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-0.8, 0.8), 1.0)
    return np.asarray(np.diag([scale, scale, 1.0]) @ np.vstack([turn, [0.0, 0.0, 1.0]]))


def _view(random: Random, page: DrawnPage) -> np.ndarray:
    """A camera's view: each corner moved inwards by up to 6 % of the page."""
    height, width = page.pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    shift = np.array(
        [[random.uniform(0.01, 0.06) * width, random.uniform(0.01, 0.06) * height] for _ in "1234"]
    )
    return cv2.getPerspectiveTransform(corners, (corners + inwards * shift).astype(np.float32))


def _warped(page: DrawnPage, matrix: np.ndarray, ground: tuple[int, int, int]) -> DrawnPage:
    height, width = page.pixels.shape[:2]
    scale = matrix[0, 0] if matrix[0, 0] < 0.8 else 1.0
    size = (round(width * scale), round(height * scale))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    pixels = cv2.warpPerspective(page.pixels, matrix, size, flags=interpolation, borderValue=ground)

    def move(point: Point) -> Point:
        x, y, w = matrix @ (*point, 1.0)
        return float(x / w), float(y / w)

    return DrawnPage(
        pixels,
        tuple(_moved_table(table, move) for table in page.tables),
        tuple(moved_line(line, move) for line in page.lines),
    )


def moved_line(line: Line, move: Callable[[Point], Point]) -> Line:
    """The line with its, its words' and their characters' points moved."""
    return Line(tuple(_moved_word(w, move) for w in line.words), line.polygon.map(move))


def _moved_word(word: Word, move: Callable[[Point], Point]) -> Word:
    def moved(polygon: Polygon) -> Polygon:
        return polygon.map(move)

    characters = tuple(Character(c.text, moved(c.polygon), c.confidence) for c in word.characters)
    return Word(word.text, moved(word.polygon), word.confidence, characters)


def _moved_table(table: Table, move: Callable[[Point], Point]) -> Table:
    cells = tuple(
        replace(
            cell,
            polygon=cell.polygon.map(move),
            lines=tuple(moved_line(line, move) for line in cell.lines),
        )
        for cell in table.cells
    )
    return replace(table, cells=cells, polygon=table.polygon.map(move))


def _lit(random: Random, pixels: np.ndarray) -> np.ndarray:
    """Light that falls off from one side, with a soft shadow."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    angle = random.uniform(0, 2 * np.pi)
    light = 0.85 + 0.15 * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5))
    edge = random.uniform(0.2, 0.8)
    light -= 0.12 / (1 + np.exp(-(x + 0.3 * y - edge) * 12))
    return np.asarray(np.clip(pixels * light[..., None], 0, 255), np.uint8)


def _noisy(pixels: np.ndarray, noise: np.random.Generator, sigma: float) -> np.ndarray:
    noisy = pixels + noise.normal(0, sigma, pixels.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def _jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    data = BytesIO()
    Image.fromarray(pixels).save(data, "jpeg", quality=quality)
    return np.array(Image.open(data))
