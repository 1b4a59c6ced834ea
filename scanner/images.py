"""Pictures on their way through the program.

An image is a `torch.uint8` tensor `[height, width, 3]`, RGB, contiguous.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch

from scanner.rectification import Rectification
from table_restore.geometry import Point

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a file's picture number `picture`, counted from 1, that a page is.

    `outline` is a polygon in its pixels; without one the page is the whole picture.
    """

    picture: int
    outline: tuple[Point, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SourcePage:
    """A page as it lies in a file, upright by its metadata (EXIF), on white, in RGB.

    `number` counts from 1 within the file; `dpi` is None where the file declares none that
    makes sense. Where pictures that show two pages are split, `part` says which part of the
    pixels the page is.
    """

    path: Path
    number: int
    pixels: torch.Tensor
    dpi: float | None
    part: Part | None = None

    def __post_init__(self) -> None:
        check_image(self.pixels)


class EncodedPage(SourcePage):
    """A page whose file may be decoded elsewhere; here only when somebody wants its pixels.

    `encoded` is a JPEG that every decoder can be trusted with. Its pixels raise what `decode`
    raises.
    """

    def __init__(
        self,
        path: Path,
        number: int,
        dpi: float | None,
        encoded: bytes,
        decode: Callable[[], torch.Tensor],
    ) -> None:
        for name, value in (("path", path), ("number", number), ("dpi", dpi), ("part", None)):
            object.__setattr__(self, name, value)
        self.__dict__.update(encoded=encoded, decode=decode)

    encoded: bytes
    decode: Callable[[], torch.Tensor]

    @cached_property
    def pixels(self) -> torch.Tensor:
        """The picture; decoded now if it is not yet."""
        return self.decode()


@dataclass(frozen=True, slots=True)
class Step:
    """A step of preprocessing: whether it was taken, and how sure it was of what it saw.

    `confidence` is between 0 and 1.
    """

    name: str
    confidence: float
    taken: bool

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"{self.name}: a confidence is between 0 and 1: {self.confidence}")


@dataclass(frozen=True, slots=True, eq=False)
class PageImage:
    """A rectified page, the way back to its source, and the steps that led to it."""

    pixels: torch.Tensor
    rectification: Rectification
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        check_image(self.pixels)

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])


class UnmadeImage(PageImage):
    """A rectified page whose pixels are made only when somebody wants them."""

    def __init__(
        self,
        make: Callable[[], torch.Tensor],
        size: tuple[int, int],
        rectification: Rectification,
        steps: tuple[Step, ...],
    ) -> None:
        for name, value in (("rectification", rectification), ("steps", steps)):
            object.__setattr__(self, name, value)
        self.__dict__.update(make=make, size=size)

    make: Callable[[], torch.Tensor]
    size: tuple[int, int]

    @cached_property
    def pixels(self) -> torch.Tensor:
        """The picture; made now if it is not yet."""
        return self.make()

    @property
    def height(self) -> int:
        return self.size[0]

    @property
    def width(self) -> int:
        return self.size[1]


def drop_colour(pixels: Pixels) -> Pixels:
    """A picture `[height, width, 3]` as one plane `[height, width]` if its channels are equal.

    Bitonal and grey scans are a third of the work that way. Any other picture comes back as it is.
    """
    sample = pixels[::32, ::32]
    if (sample != sample[..., :1]).any():
        return pixels
    plane = cv2.extractChannel(pixels, 0)
    others = (cv2.extractChannel(pixels, channel) for channel in (1, 2))
    if any(cv2.norm(plane, other, cv2.NORM_INF) for other in others):
        return pixels
    return np.asarray(plane, dtype=np.uint8)


def add_channels(pixels: torch.Tensor) -> torch.Tensor:
    """A grey picture `[height, width]` in RGB; one that is in RGB already comes back as it is."""
    if pixels.dim() == 3:
        return pixels
    return torch.from_numpy(cv2.cvtColor(pixels.numpy(), cv2.COLOR_GRAY2RGB))


def check_image(pixels: torch.Tensor) -> None:
    """Raise ValueError unless `pixels` is a uint8 `[height, width, 3]` contiguous tensor."""
    if pixels.dtype != torch.uint8 or pixels.dim() != 3 or pixels.shape[2] != 3:
        raise ValueError(f"not an RGB image: {pixels.dtype} {tuple(pixels.shape)}")
    if not pixels.is_contiguous() or 0 in pixels.shape:
        raise ValueError("an image must be contiguous and not empty")
