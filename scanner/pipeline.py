"""One page from pixels to structure, the stages in order."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.images import PageImage, SourcePage
from scanner.options import Options
from table_restore.document import Page


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A finished page, its polygons in source pixels, and the rectified picture it was read from."""

    page: Page
    image: PageImage


class Models:
    """The loaded networks, shared by all pages of a run."""


def load_models(options: Options) -> Models:
    """Load the networks; raises `WeightsError` where the weights are missing or altered."""
    raise NotImplementedError


def scan_page(source: SourcePage, models: Models, options: Options) -> ScannedPage:
    """Read one page; raises `StageError` naming the stage that failed."""
    raise NotImplementedError
