"""One page from pixels to structure, the stages in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from scanner.crops import Crop
from scanner.detect import detect
from scanner.errors import ScannerError, StageError
from scanner.images import PageImage, SourcePage, drop_colour
from scanner.layout import arrange
from scanner.memory import release_free_memory
from scanner.models.weights import load_detector, load_recogniser
from scanner.options import Options
from scanner.preprocess import preprocess
from scanner.recognise import Reading, Recogniser, read_crops, recognise
from scanner.runtime import Engine, compile_model
from scanner.source_space import to_source
from table_restore import Restoration, restore_tables
from table_restore.document import Page


@dataclass(frozen=True, slots=True, eq=False)
class ScannedPage:
    """A finished page, its polygons in source pixels, and the upright picture it was read from."""

    page: Page
    image: PageImage


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The loaded networks, shared by all pages of a run."""

    detector: Engine
    recogniser: Recogniser

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """What pictures of lines say, read as they come."""
        return read_crops(crops, self.recogniser)


def load_models(options: Options) -> Models:
    """Load the networks; raises `WeightsError` where the weights are missing or altered."""
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    recogniser, characters = load_recogniser()
    return Models(compile_model(load_detector()), Recogniser(compile_model(recogniser), characters))


def scan_page(source: SourcePage, models: Models, options: Options) -> ScannedPage:
    """Read one page; raises `StageError` naming the stage that failed."""
    with _stage("preprocess"):
        image = preprocess(source, options, models.read)
    pixels = image.pixels.numpy()
    plane = drop_colour(pixels)
    with _stage("detect"):
        outlines = detect(plane, models.detector)
    with _stage("recognise"):
        lines = recognise(plane, outlines, models.recogniser)
    with _stage("tables"):
        restored = (
            restore_tables(pixels, lines) if options.tables else Restoration((), tuple(lines))
        )
    with _stage("layout"):
        items = arrange(restored.lines, restored.tables, image.width, image.height)
        items = to_source(items, image.rectification)
    release_free_memory()
    height, width = source.pixels.shape[:2]
    return ScannedPage(Page(source.number, width, height, source.dpi, items), image)


@contextmanager
def _stage(name: str) -> Iterator[None]:
    """Give whatever goes wrong the name of the stage it went wrong in."""
    try:
        yield
    except ScannerError:
        raise
    except Exception as error:
        raise StageError(name, f"{type(error).__name__}: {error}") from error
