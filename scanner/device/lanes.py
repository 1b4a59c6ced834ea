"""The way of pictures to a device, and of results back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gpu_ops.network_input import network_input, packed_input
from scanner.inference import MULTIPLE
from scanner.models.recogniser import HEIGHT
from scanner.words.line_batches import BATCH

Pixels = npt.NDArray[np.uint8]


class Lane(Protocol):
    """A device, and how it is reached."""

    @property
    def device(self) -> torch.device:
        """Where the networks run."""
        ...

    @property
    def grain(self) -> int:
        """Pages are padded to multiples of this, so that more of them are of one size."""
        ...

    @property
    def page_pixels(self) -> int:
        """A batch of several pages has at most so many pixels."""
        ...

    @property
    def line_width(self) -> int:
        """A batch of several lines is at most so many pixels wide in all."""
        ...

    def most(self, limit: int) -> int:
        """How many things a batch has where the device takes so many: 1 at least."""
        ...

    def rows(self, count: int) -> int:
        """How many rows a batch of so many things has."""
        ...

    def feed(self, pictures: Sequence[Pixels], height: int, width: int) -> Tensor:
        """What a network wants of pictures, as `network_input` says; perhaps with rows to spare."""
        ...

    def preparing(self) -> AbstractContextManager[None]:
        """What is begun in this block runs beside the networks, and is waited for by `begun`."""
        ...

    def computing(self) -> AbstractContextManager[None]:
        """What is begun in this block is for the device's networks."""
        ...

    def begun(self) -> Callable[[], AbstractContextManager[None]]:
        """What waits for all that the block around it has begun by now, when it is called.

        In the block that it gives the results are read, beside the networks on later batches.
        """
        ...

    def at_once(self) -> AbstractContextManager[None]:
        """What is begun in this block is done when it ends."""
        ...


@dataclass(frozen=True, slots=True)
class HostLane:
    """The processor: nothing is copied and nothing is under way."""

    device: torch.device = torch.device("cpu")  # noqa: RUF009  a device is a value
    grain: int = MULTIPLE
    page_pixels: int = 2560 * 2560
    line_width: int = BATCH

    def most(self, limit: int) -> int:
        """Just as many."""
        return max(1, limit)

    def rows(self, count: int) -> int:
        """None to spare."""
        return count

    def preparing(self) -> AbstractContextManager[None]:
        """Nothing is different."""
        return nullcontext()

    def at_once(self) -> AbstractContextManager[None]:
        """Nothing is different."""
        return nullcontext()

    def feed(self, pictures: Sequence[Pixels], height: int, width: int) -> Tensor:
        """The batch, as float32."""
        return network_input([torch.from_numpy(picture) for picture in pictures], height, width)

    def computing(self) -> AbstractContextManager[None]:
        """Nothing is different."""
        return nullcontext()

    def begun(self) -> Callable[[], AbstractContextManager[None]]:
        """What is begun is done."""
        return nullcontext


@dataclass(slots=True, eq=False)
class CudaLane:
    """A CUDA device: pictures are packed into pinned memory and copied on a stream of their own.

    So the copy of one batch runs beside the networks on the one before, and the reading of results
    beside both; what is wanted at once has a stream in every thread. Pinned buffers are used in
    turn; one is written again only when its copy is over.
    Batches are rounded up to powers of two, so that few shapes occur and their kernels can be
    recorded.
    """

    device: torch.device
    grain: int = 128
    page_pixels: int = 2**24
    line_width: int = 2**16
    buffers: int = 4
    _staging: list[Tensor] = field(default_factory=list, init=False)
    _copied: list[torch.cuda.Event] = field(default_factory=list, init=False)
    _turn: int = field(default=0, init=False)
    _copying: torch.cuda.Stream = field(init=False)
    _networks: torch.cuda.Stream = field(init=False)
    _results: torch.cuda.Stream = field(init=False)
    _own: threading.local = field(default_factory=threading.local, init=False)

    def __post_init__(self) -> None:
        size = 3 * max(self.page_pixels, HEIGHT * self.line_width)
        for _ in range(self.buffers):
            self._staging.append(torch.empty(size, dtype=torch.uint8, pin_memory=True))
            self._copied.append(_event())
        self._copying = torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]
        self._networks = torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]
        self._results = torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]

    def most(self, limit: int) -> int:
        """The largest power of two that is no more than the limit."""
        return 1 << (max(1, limit).bit_length() - 1)

    def rows(self, count: int) -> int:
        """Rounded up to a power of two."""
        return 1 << (count - 1).bit_length()

    def preparing(self) -> AbstractContextManager[None]:
        """On the stream of copies."""
        return torch.cuda.stream(self._copying)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """On the thread's own stream, which is waited for."""
        if not hasattr(self._own, "stream"):
            self._own.stream = torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]
        with torch.cuda.stream(self._own.stream):
            yield
            self._own.stream.synchronize()

    def feed(self, pictures: Sequence[Pixels], height: int, width: int) -> Tensor:
        """The batch on the device, its rows rounded up to a power of two."""
        self._turn = (self._turn + 1) % self.buffers
        copied = self._copied[self._turn]
        copied.synchronize()
        packed, widths = pack(pictures, height, width, self._staging[self._turn])
        with torch.cuda.stream(self._copying):
            there = packed.to(self.device, non_blocking=True)
            copied.record(self._copying)
        self._networks.wait_event(copied)
        there.record_stream(self._networks)
        return packed_input(there, widths.to(self.device, non_blocking=True))

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Kernels go to the networks' stream; after an error its memory is given back."""
        try:
            with torch.cuda.stream(self._networks):
                yield
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()
            raise

    def begun(self) -> Callable[[], AbstractContextManager[None]]:
        """Results are read on a stream of their own, once an event says that they are there."""
        event = _event()
        event.record(torch.cuda.current_stream(self.device))

        @contextmanager
        def wait() -> Iterator[None]:
            event.synchronize()
            with torch.cuda.stream(self._results):
                yield
                self._results.synchronize()

        return wait


def _event() -> torch.cuda.Event:
    """An event whose waiters sleep: the processor's cores belong to the workers."""
    return torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]


def make_lane(device: torch.device) -> Lane:
    """The way to a device."""
    return CudaLane(device) if device.type == "cuda" else HostLane()


def pack(
    pictures: Sequence[Pixels], height: int, width: int, buffer: Tensor
) -> tuple[Tensor, Tensor]:
    """Pictures side by side at the beginning of a buffer: uint8 `[rows, height, width, c]`.

    `rows` is their number rounded up to a power of two, `c` 1 where all are grey and 3 elsewhere;
    the buffer is used as far as it reaches, and one too small is left for a new one. With it
    comes the width of each picture, int32, 0 for rows to spare; what lies beyond it is left as it
    was. All pictures are `height` high.
    """
    channels = 3 if any(picture.ndim == 3 for picture in pictures) else 1
    rows = 1 << (len(pictures) - 1).bit_length()
    shape = (rows, height, width, channels)
    size = rows * height * width * channels
    flat = buffer[:size] if size <= len(buffer) else torch.empty(size, dtype=torch.uint8)
    packed = flat.view(shape)
    widths = torch.zeros(rows, dtype=torch.int32)
    for row, picture in enumerate(pictures):
        source = torch.from_numpy(picture)
        packed[row, :, : picture.shape[1]] = source if source.dim() == 3 else source[..., None]
        widths[row] = picture.shape[1]
    return packed, widths
