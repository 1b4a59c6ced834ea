"""All settings of a run in one frozen, validated object."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from scanner.errors import UsageError

PageRange = tuple[int, int]

DEVICE_PATTERN = r"^(auto|cpu|cuda(:[0-9]+)?)$"

_EXECUTION = {"workers", "threads", "page_timeout", "worker_memory", "cluster", "address"}
"""Settings that change nothing about what a page is read as."""


def parse_pages(text: str) -> tuple[PageRange, ...]:
    """Read "1-3,7" as ((1, 3), (7, 7)); raises `ValueError` with a message for the user."""
    ranges = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?", part, re.ASCII)
        if match is None:
            raise ValueError(f"{part.strip()!r} is no page or range of pages; write 1-3,7")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last:
            raise ValueError(f"{part.strip()!r} is no range of pages; they count upwards from 1")
        ranges.append((first, last))
    return tuple(ranges)


def _pages_of(value: object) -> object:
    return parse_pages(value) if isinstance(value, str) else value


class Options(BaseModel):
    """What a run does, apart from which files it reads and where results go.

    Unknown names and values out of range are refused with `UsageError` by `load`, and with
    pydantic's `ValidationError` when constructed directly.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_megapixels: float = Field(
        default=200.0,
        gt=0,
        description="pictures with more pixels than this many million are refused",
    )
    pdf_max_dpi: float = Field(
        default=600.0, ge=36, le=2400, description="PDF pages are rendered at no more than this"
    )
    tables: bool = Field(default=True, description="restore tables")
    join_tables: bool = Field(
        default=False,
        description="make tables that continue on the next page one table in xlsx and docx files",
    )
    spelling: bool = Field(
        default=True,
        description="put doubtful words right by the page's language",
    )
    clean: bool = Field(
        default=True, description="even the light of pages in pdf, png and jpg files"
    )
    colour: Literal["colour", "grey", "bilevel", "auto"] = Field(
        default="colour",
        description="what pdf, png and jpg files keep of the colours; auto: what a page needs",
    )
    jpeg_quality: int = Field(
        default=80, ge=1, le=100, description="quality of the pictures in jpg and pdf files"
    )
    orient: bool = Field(
        default=True, description="turn pages that lie on their side or upside down"
    )
    find_page: bool = Field(
        default=True, description="cut the sheet out of a photograph of it on a table"
    )
    flatten: bool = Field(default=True, description="straighten curled and tilted pages")
    split_spreads: bool = Field(
        default=False,
        description="make two pages of pictures that show an open book, the left one first",
    )
    deskew: bool = Field(default=True, description="turn slightly skewed pages upright")
    workers: int | None = Field(
        default=None,
        ge=0,
        description="processes that read pages; one a core when not given, 0 for none but this one",
    )
    device: str = Field(
        default="cpu",
        pattern=DEVICE_PATTERN,
        description="where the networks run: cpu, cuda, cuda:N, or auto for the best there is",
    )
    cluster: Literal["ray"] | None = Field(
        default=None,
        description="have the machines of a cluster read pages; workers are then its workers, "
        "one for so many threads of every machine when not given",
    )
    address: str = Field(
        default="auto",
        description="where the cluster is: host and port, or auto for the one of this machine",
    )
    engine: Literal["torchscript", "eager", "onnxruntime", "openvino"] | None = Field(
        default=None,
        description="library for the networks on the processor; the fastest when not given",
    )
    precision: Literal["float32", "bfloat16", "float16"] | None = Field(
        default=None,
        description="what the networks compute in; the fastest that reads as well when not given",
    )
    detector_file: Path | None = Field(
        default=None, description="ONNX file of another text detector of the PP-OCR family"
    )
    recogniser_file: Path | None = Field(
        default=None, description="ONNX file of another text recogniser of the PP-OCR family"
    )
    characters_file: Path | None = Field(
        default=None, description="its characters, one a line, where they are not in the file"
    )
    threads: int | None = Field(
        default=None,
        ge=1,
        description="processor threads of a worker; all cores shared out when not given",
    )
    page_timeout: float = Field(
        default=300.0, gt=0, description="seconds after which a page is given up"
    )
    worker_memory: int | None = Field(
        default=None,
        ge=256,
        description="MiB of memory at which the page in a worker is given up; when not given, "
        "80 % of the machine's shared out, and 4096 at least",
    )
    pages: Annotated[tuple[PageRange, ...], BeforeValidator(_pages_of)] = Field(
        default=(),
        description="ranges of pages to read of every file, as pairs or as '1-3,7'; none for all",
    )

    def result_settings(self) -> dict[str, Any]:
        """The settings that results depend on, as opposed to how they are come by."""
        return self.model_dump(mode="json", exclude=_EXECUTION)

    def wants_page(self, number: int) -> bool:
        """Whether page `number`, counted from 1, is one of those to read."""
        return not self.pages or any(first <= number <= last for first, last in self.pages)

    @staticmethod
    def load(path: Path) -> Options:
        """Read options from a TOML file; its keys are this class's fields.

        Raises `UsageError` naming the file and the first thing wrong in it.
        """
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: is not valid TOML: {error}") from error
        try:
            return Options(**settings)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise UsageError(f"{path}: {name}: {first['msg']}") from error
