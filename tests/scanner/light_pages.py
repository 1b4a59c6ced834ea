"""Pages under bad light: a drawn sheet with what must survive, and the shadows it lies in."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

HEIGHT, WIDTH = 1000, 720
PENCIL = (slice(330, 380), slice(60, 330))
HIGHLIGHT = (slice(82, 108), slice(150, 420))
STAMP = (slice(400, 560), slice(480, 640))
PHOTO = (slice(600, 800), slice(60, 300))
GREY_PHOTO = (slice(600, 800), slice(400, 640))
SHADES = (slice(400, 450), slice(80, 240)), (slice(400, 450), slice(250, 410))
BAR = (slice(860, 910), slice(60, 500))
BARE = (slice(930, 990), slice(60, 660))


def sheet() -> Pixels:
    """White paper with print, highlighter, pencil, a pale red stamp, a grey and a blue shade that
    a table's head may have, two photos, a black bar."""
    page = np.full((HEIGHT, WIDTH, 3), 250, dtype=np.uint8)
    for row in range(8):
        text = "The quick brown fox jumps over a dog"
        place = (60, 70 + 32 * row)
        cv2.putText(page, text, place, cv2.FONT_HERSHEY_COMPLEX, 0.8, (20, 20, 20), 1, cv2.LINE_AA)
    page[HIGHLIGHT] = page[HIGHLIGHT] * np.array([1, 0.96, 0.4])
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(page, "pencil note 27", (60, 370), font, 1.1, (200,) * 3, 2, cv2.LINE_AA)
    cv2.circle(page, (560, 480), 70, (225, 150, 155), 5, cv2.LINE_AA)
    for shade, colour in zip(SHADES, ((215, 215, 215), (221, 230, 241)), strict=True):
        page[shade] = colour
    x, y = np.meshgrid(np.arange(240), np.arange(200))
    page[GREY_PHOTO] = (130 + 70 * np.sin(x / 50) * np.cos(y / 40))[:, :, None]
    waves = [
        110 + 80 * np.sin(x / 40),
        120 + 70 * np.cos(x / 60 + y / 50),
        90 + 60 * np.sin(y / 33),
    ]
    page[PHOTO] = np.stack(waves, axis=2)
    page[BAR] = 15
    cv2.putText(page, "WHITE ON BLACK", (80, 897), font, 1.1, (250,) * 3, 2, cv2.LINE_AA)
    return page


def in_shadow(page: Pixels, grain: float = 2.0) -> Pixels:
    """The page by lamplight, darker to the right, with the shadow of a hand across it."""
    height, width = page.shape[:2]
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    light = 0.95 - 0.3 * x / width
    light *= 1 - 0.4 / (1 + np.exp(-(0.6 * x + y - 0.8 * height) / (0.03 * width)))
    noise = np.random.default_rng(7).normal(0, grain, page.shape)
    lit = page * light[:, :, None] * np.array([1, 0.95, 0.82]) + noise
    return np.clip(lit, 0, 255).astype(np.uint8)
