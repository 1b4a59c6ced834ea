"""Pages whose pixels stay on the device, and what is done with those of many workers at a time.

A page has a slot of the device's memory from the moment it is decoded until it is closed. The
batches here are begun and waited for by the combiner, as those of single pictures are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gpu_ops import jpeg
from gpu_ops.jpeg_header import JpegError
from gpu_ops.line_crops import Bucket, cut_lines, line_widths
from gpu_ops.network_input import page_input
from gpu_ops.resize import resize
from gpu_ops.text_regions import text_regions
from scanner.device.address import SLOT
from scanner.device.lanes import Lane
from scanner.images import drop_colour
from scanner.inference import RULE, Quads, decode, grown, line_steps
from scanner.models.recogniser import HEIGHT
from scanner.plate import scaled_size
from scanner.runtime import Engine
from scanner.words.ctc import Decoded
from scanner.words.line_batches import LONGEST, padded

MOST_FILES = 16
"""So many files are decoded together."""

MOST_PAGES = 8
"""The lines of so many pages are cut and read together."""


class LeftToWorkerError(Exception):
    """The device cannot have this page: whoever asked reads it from its own pixels."""


class PageMemory:
    """Room on the device for a page in each slot, and for what it is resampled to."""

    def __init__(self, device: torch.device, slots: int) -> None:
        self._bytes = torch.empty((slots, 2, SLOT), dtype=torch.uint8, device=device)

    @property
    def address(self) -> int:
        """Where the memory begins."""
        return self._bytes.data_ptr()

    def keep(self, slot: int, place: int, picture: Tensor) -> Tensor:
        """A copy of a picture in one of the two places of a slot."""
        if picture.numel() > SLOT:
            raise LeftToWorkerError("the page is larger than a slot")
        room = self._bytes[slot, place, : prod(picture.shape)].view(picture.shape)
        return room.copy_(picture)


@dataclass(frozen=True, slots=True)
class File:
    """A JPEG that is to be the page in a slot."""

    data: bytes
    slot: int


@dataclass(eq=False)
class FileBatches:
    """Decodes files into their slots; RGB `[h, w, 3]`, or `[h, w]` where there is no colour.

    A file that the device does not decode gives a `JpegError` in its place, and the worker sees to
    it: those who wait for other files do not wait for the processor too.
    """

    memory: PageMemory
    lane: Lane

    def kind(self, file: File) -> None:
        """Files of any kind share a batch."""

    def most(self, file: File) -> int:
        """As many as the decoder has use for."""
        return MOST_FILES

    def begin(self, files: Sequence[File]) -> Callable[[], list[Tensor | JpegError]]:
        """Begin decoding."""
        with self.lane.preparing():
            found = jpeg.decode([file.data for file in files], self.lane.device, self._elsewhere)
            begun = self.lane.begun()

        def wait() -> list[Tensor | JpegError]:
            with begun():
                return [
                    page
                    if isinstance(page, JpegError)
                    else self.memory.keep(file.slot, 0, without_colour(page))
                    for file, page in zip(files, found, strict=True)
                ]

        return wait

    def _elsewhere(self, data: bytes) -> Tensor:
        if self.lane.device.type == "cpu":
            return jpeg.decode_on_cpu(data)
        raise JpegError("the device does not decode the file")

    def elsewhere(self, file: File) -> NoReturn:
        """The worker decodes what the device has no room for."""
        raise LeftToWorkerError("the device has no room to decode the file")


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """A page and the size (height, width) that it is to be looked at in."""

    page: Tensor
    size: tuple[int, int]


@dataclass(eq=False)
class PageFinderBatches:
    """Finds text on pages in their slots: each is scaled into a batch of one size."""

    engine: Engine
    lane: Lane
    dtype: torch.dtype

    def kind(self, look: Scaled) -> tuple[int, int]:
        """Height and width of the padded picture."""
        return grown(look.size, self.lane.grain)

    def most(self, look: Scaled) -> int:
        """As many as the device takes pixels at a time."""
        return self.lane.most(self.lane.page_pixels // prod(self.kind(look)))

    def begin(self, looks: Sequence[Scaled]) -> Callable[[], list[Quads]]:
        """Begin a batch of one kind."""
        height, width = self.kind(looks[0])
        pages, sizes = [look.page for look in looks], [look.size for look in looks]
        rows = self.lane.rows(len(looks))
        with self.lane.computing():
            (maps,) = self.engine(page_input(pages, sizes, height, width, self.dtype, rows))
            begun = self.lane.begun()

        def wait() -> list[Quads]:
            with begun():
                return text_regions(maps[: len(looks), 0], sizes, RULE)

        return wait

    def elsewhere(self, look: Scaled) -> NoReturn:
        """The worker looks at what the device has no room for."""
        raise LeftToWorkerError("the device has no room to look at the page")


@dataclass(frozen=True, slots=True, eq=False)
class PageLines:
    """A page and its lines, `[n, 4, 2]`, each clockwise from where its text begins."""

    page: Tensor
    quads: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PageText:
    """What the lines of a page say, None for those too long to be read as they are.

    `pictures` are the lines' own, grey `[n, 48, room]`, by room, and which lines they are.
    """

    lines: list[Decoded | None]
    pictures: list[tuple[list[int], Tensor]]


@dataclass(eq=False)
class PageReaderBatches:
    """Cuts all lines of some pages in one launch, and reads them by width."""

    engine: Engine
    lane: Lane
    dtype: torch.dtype

    def kind(self, lines: PageLines) -> None:
        """Pages of any kind share a batch."""

    def most(self, lines: PageLines) -> int:
        """As many pages as fill the device."""
        return MOST_PAGES

    def begin(self, pages: Sequence[PageLines]) -> Callable[[], list[PageText]]:
        """Begin reading."""
        quads = np.concatenate([page.quads for page in pages])
        of_page = np.repeat(np.arange(len(pages)), [len(page.quads) for page in pages])
        widths = line_widths(quads, HEIGHT).tolist()
        with self.lane.computing():
            buckets = cut_lines(
                [page.page for page in pages],
                of_page.tolist(),
                quads,
                HEIGHT,
                [padded(width) for width in widths],
                self.dtype,
            )
            readings = [part for bucket in buckets for part in self._read(bucket, widths)]
            greys = [grey_levels(bucket.pictures) for bucket in buckets]
            begun = self.lane.begun()

        def wait() -> list[PageText]:
            with begun():
                found: dict[int, Decoded] = {}
                for lines, outputs, steps in readings:
                    read = decode([output[: len(lines)] for output in outputs], steps)
                    found.update(zip(lines, read, strict=True))
                return _by_page(of_page, len(pages), found, buckets, greys)

        return wait

    def elsewhere(self, lines: PageLines) -> NoReturn:
        """The worker has lines read that the device has no room for."""
        raise LeftToWorkerError("the device has no room for the lines of the page")

    def _read(
        self, bucket: Bucket, widths: list[int]
    ) -> list[tuple[list[int], tuple[Tensor, ...], Tensor]]:
        """Begin the lines of one room, as many at a time as the device takes."""
        room = bucket.pictures.shape[2]
        if room > LONGEST:
            return []
        most = self.lane.most(self.lane.line_width // room)
        begun = []
        for start in range(0, len(bucket.lines), most):
            lines = bucket.lines[start : start + most]
            pictures = bucket.pictures[start : start + most]
            spare = self.lane.rows(len(lines)) - len(lines)
            if spare:
                pictures = torch.cat([pictures, pictures.new_zeros(spare, *pictures.shape[1:])])
            outputs = self.engine(pictures.permute(0, 3, 1, 2))
            begun.append((lines, outputs, line_steps([widths[line] for line in lines])))
        return begun


def _by_page(
    of_page: npt.NDArray[np.intp],
    pages: int,
    found: dict[int, Decoded],
    buckets: Sequence[Bucket],
    greys: Sequence[Tensor],
) -> list[PageText]:
    """What was read, parted by page; lines are counted within their page."""
    first = np.searchsorted(of_page, np.arange(pages + 1)).tolist()
    texts = [
        PageText([found.get(line) for line in range(first[page], first[page + 1])], [])
        for page in range(pages)
    ]
    for bucket, grey in zip(buckets, greys, strict=True):
        at = np.searchsorted(bucket.lines, first).tolist()  # a bucket's lines are in order
        for page in range(pages):
            members = bucket.lines[at[page] : at[page + 1]]
            if members:
                own = [line - first[page] for line in members]
                texts[page].pictures.append((own, grey[at[page] : at[page + 1]]))
    return texts


def without_colour(page: Tensor) -> Tensor:
    """`scanner.images.drop_colour` on any device."""
    if not page.is_cuda:
        return torch.from_numpy(drop_colour(page.numpy()))
    first, others = page[..., :1], page[..., 1:]
    return page if bool((first != others).any()) else page[..., 0]


def grey_levels(pictures: Tensor) -> Tensor:
    """Pictures as a network wants them, `[n, h, w, 3]`, BGR, -1 to 1, as grey ones, uint8."""
    levels = ((pictures.float() + 1.0) * 127.5).round_().int()
    blue, green, red = levels.unbind(3)
    return ((3735 * blue + 19235 * green + 9798 * red + (1 << 14)) >> 15).to(torch.uint8)


def part_of(page: Tensor, edges: tuple[int, int, int, int] | None, scale: float) -> Tensor:
    """A part of a page, all of it without edges, scaled."""
    if edges is not None:
        left, top, right, bottom = edges
        page = page[top:bottom, left:right]
    return resize(page, *scaled_size(page.shape, scale))
