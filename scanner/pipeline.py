"""One page from pixels to structure, the stages in order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING
from weakref import finalize

import cv2
import numpy as np
import numpy.typing as npt
import torch

from scanner.checkboxes import with_tick_boxes
from scanner.detect import detect
from scanner.device.address import Address, LeftToWorker
from scanner.device.choice import choose_device
from scanner.device.client import Caller, RemoteFinder, RemoteReader
from scanner.device.plate import DevicePlate
from scanner.host_plate import HostPicture, HostPlate
from scanner.images import EncodedPage, PageImage, SourcePage, UnmadeImage, drop_colour
from scanner.inference import EngineFinder, EngineReader, TextFinder
from scanner.layout import arrange
from scanner.line_reading import Reading, Recogniser, read_crops
from scanner.memory import MemoryKeeper, keep_free_memory
from scanner.models.recogniser import HEIGHT
from scanner.networks import Engines, load_engines
from scanner.options import Options
from scanner.plate import Plate, polygons
from scanner.preprocess.straighten import own_pixels
from scanner.recognise import recognise
from scanner.rectification import Rectification
from scanner.runtime import keep_kernels, prepare
from scanner.sideways import reread_sideways
from scanner.source_space import to_source
from scanner.stages import stage
from scanner.turned_plate import upright
from scanner.words.crops import Crop
from table_restore import Restoration, restore_tables
from table_restore.document import Line, Page
from table_restore.geometry import Polygon

if TYPE_CHECKING:
    from scanner.device.server import Networks

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class ScannedPage:
    """A finished page, its polygons in source pixels, and the upright picture it was read from."""

    page: Page
    image: PageImage


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The loaded networks, shared by all pages of a run."""

    detector: TextFinder
    recogniser: Recogniser
    memory: MemoryKeeper = field(default_factory=MemoryKeeper)
    caller: Caller | None = None

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """What pictures of lines say, read as they come."""
        return read_crops(crops, self.recogniser)

    def find_lines(self, picture: npt.NDArray[np.uint8]) -> list[Polygon]:
        """Where lines are in a picture, as it is, whichever way they run."""
        (quads,) = self.detector([picture])
        return polygons(quads)

    def plate(self, pixels: npt.NDArray[np.uint8]) -> HostPlate:
        """A picture, RGB or grey, in which text can be found and read."""
        return HostPlate(pixels, self.detector, self.recogniser)


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines read on a page, and the outlines of all that the detector saw, read or not."""

    lines: list[Line]
    outlines: list[Polygon]


PageReader = Callable[[SourcePage], ScannedPage]
"""What reads a page; it is made from the options, once in every process that reads."""


def page_reader(options: Options, device: Address | None = None) -> PageReader:
    """The program's own reader, its networks loaded; raises what `load_models` raises."""
    if options.threads is not None:
        cv2.setNumThreads(options.threads)
    return partial(scan_page, models=load_models(options, device), options=options)


def load_models(options: Options, device: Address | None = None) -> Models:
    """Load the networks, or call the process at `device` that runs them for many others.

    On a device that is not the processor, threads of this process do what that process does.

    Raises `WeightsError` where the weights are missing or altered, `UsageError` where there is no
    such device or engine.
    """
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    keep_free_memory()
    keep_kernels()
    if device is not None:
        return _remote(Caller(device))
    where = choose_device(options.device)
    if where.type == "cuda":
        from scanner.device.server import load_networks

        return served(load_networks(where, options))
    engines = load_engines(options, where)
    finder, reader = (
        EngineFinder(engines.detector),
        EngineReader(engines.recogniser, _threads(engines)),
    )
    Thread(target=_compile, args=(reader, finder)).start()
    return Models(finder, Recogniser(reader, engines.characters))


def served(networks: Networks) -> Models:
    """Networks on a device, run by threads of this process for as long as they are wanted."""
    from scanner.device.server import Server

    server = Server(networks, 1)
    server.__enter__()
    caller = Caller(server.address)
    finalize(caller, server.__exit__)
    return _remote(caller)


def _remote(caller: Caller) -> Models:
    recogniser = Recogniser(RemoteReader(caller), caller.characters)
    return Models(RemoteFinder(caller), recogniser, caller=caller)


def _threads(engines: Engines) -> int:
    """How many batches of lines to read side by side: engines for ONNX graphs share out cores."""
    engine = engines.recogniser
    own = engine.name.runs_graphs or engine.device.type != "cpu"
    return 1 if own else torch.get_num_threads()


def _compile(reader: EngineReader, finder: EngineFinder) -> None:
    """Let the networks be compiled, as they are when they first run, while a page is opened."""
    with suppress(Exception):  # the page will meet it too
        reader([np.full((HEIGHT, 64), 255, np.uint8)])
        finder([np.full((64, 64), 255, np.uint8)])
        prepare(reader.engine, torch.zeros(1, 3, HEIGHT, 64))


def read_text(page: Plate, options: Options) -> PageText:
    """The text of an upright page; raises `StageError` naming the stage that failed."""
    with stage("detect"):
        outlines = detect(page)
    with stage("recognise"):
        lines = recognise(page, outlines, spelling=options.spelling)
        lines = reread_sideways(page, lines, spelling=options.spelling)
        lines = with_tick_boxes(page, lines)
    return PageText(lines, [outline.polygon for outline in outlines])


def scan_page(source: SourcePage, models: Models, options: Options) -> ScannedPage:
    """Read one page; raises `StageError` naming the stage that failed."""
    if models.caller is None:
        return _scan_here(source, models, options)
    with models.caller.turn:
        if source.part is None or source.part.outline is None:
            try:
                return _scan_there(source, models, models.caller, options)
            except LeftToWorker as why:
                log.debug("page %s of %s is read from here: %s", source.number, source.path, why)
        return _scan_here(source, models, options)


def _scan_here(source: SourcePage, models: Models, options: Options) -> ScannedPage:
    """Read a page whose pixels this process has."""
    with stage("preprocess"):
        pixels, shift = own_pixels(source)
    return _scan(source, models.plate(pixels), shift, models, options)


def _scan_there(
    source: SourcePage, models: Models, caller: Caller, options: Options
) -> ScannedPage:
    """Read a page whose pixels are on the caller's device; raises `LeftToWorker`."""
    try:
        with stage("preprocess"):
            encoded = source.encoded if isinstance(source, EncodedPage) else None
            plate = DevicePlate.open(caller, encoded or drop_colour(source.pixels.numpy()))
        return _scan(source, plate, np.eye(3), models, options)
    finally:
        caller.close_page()


def _scan(
    source: SourcePage,
    picture: Plate,
    shift: npt.NDArray[np.float64],
    models: Models,
    options: Options,
) -> ScannedPage:
    """Read a page from a picture of it, to which `shift` leads from the source's pixels."""
    with stage("preprocess"):
        page, way, steps = upright(picture, options, models)
        way = Rectification(way.matrix @ shift, way.warp)
    text = read_text(page, options)
    with stage("tables"):
        restored = (
            restore_tables(page.pixels, text.lines, text.outlines)
            if options.tables
            else Restoration((), tuple(text.lines))
        )
    with stage("layout"):
        items = arrange(restored.lines, restored.tables, page.size[1], page.size[0], restored.rules)
        items = to_source(items, way)
    models.memory.page_done()
    height, width = source.pixels.shape[:2] if source.part else picture.size
    number = source.part.picture if source.part else None
    read = Page(source.number, width, height, source.dpi, items, number)
    if isinstance(picture, HostPlate):
        return ScannedPage(read, PageImage(torch.from_numpy(page.pixels), way, steps))
    make = partial(_make_here, source, way, page.size)
    return ScannedPage(read, UnmadeImage(make, page.size, way, steps))


def _make_here(source: SourcePage, way: Rectification, size: tuple[int, int]) -> torch.Tensor:
    """The pixels of a page that was read elsewhere."""
    picture = HostPicture(source.pixels.numpy())
    if way.is_identity and size == picture.size:
        return source.pixels
    return torch.from_numpy(picture.resampled(way, size).pixels)
