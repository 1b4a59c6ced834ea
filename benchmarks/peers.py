"""The programs compared: each reads the text of a scan, as a user would get it.

What an engine reads is deterministic, so it is kept on disk by engine, version and the
SHA-256 of the scan, and is computed once (`Cache`).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

DEFAULT_CACHE = Path.home() / ".cache" / "scanner-benchmarks"
PAGE_BREAK = "\f"


class Engine(Protocol):
    """A program that turns a scan into text."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def read(self, scan: Path) -> str:
        """The text of all pages, in the engine's reading order; raises where it fails."""
        ...


class RapidOcr:
    """RapidOCR on onnxruntime with its own settings and models (PP-OCRv6 small).

    Its lines are taken in the order in which it returns them. `classify_angle` is its own
    default; without it the line-angle classifier (PP-OCRv4 mobile) is left out.
    """

    def __init__(self, classify_angle: bool = True, threads: int = 1) -> None:
        from rapidocr import RapidOCR

        self.name = "rapidocr" if classify_angle else "rapidocr-nocls"
        self.version = version("rapidocr")
        runtime = "EngineConfig.onnxruntime"
        self._engine: Callable[[Any], Any] = RapidOCR(
            params={
                "Global.use_cls": classify_angle,
                "Global.log_level": "error",
                f"{runtime}.intra_op_num_threads": threads,
                f"{runtime}.inter_op_num_threads": 1,
            }
        )

    def read(self, scan: Path) -> str:
        return PAGE_BREAK.join(
            "\n".join(self._engine(picture).txts or ()) for picture in _pages(scan)
        )


class Tesseract:
    """The `tesseract` command with its defaults and the English model."""

    name = "tesseract"

    def __init__(self, threads: int = 1) -> None:
        first_line = self._run(["--version"]).splitlines()[0]
        self.version = first_line.removeprefix("tesseract").strip()
        self._threads = threads

    def read(self, scan: Path) -> str:
        return self._run([str(scan), "-", "-l", "eng"], OMP_THREAD_LIMIT=str(self._threads))

    @staticmethod
    def _run(arguments: list[str], **environment: str) -> str:
        done = subprocess.run(
            ["tesseract", *arguments],
            check=True,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, **environment},
        )
        return done.stdout


class Ours:
    """This project's `Scanner` with its default options, read through the `txt` export."""

    name = "scanner"

    def __init__(self, threads: int = 1) -> None:
        # The code is hashed before it is imported: what is cached was read by that code.
        self.version = f"{version('scanner-ocr')}+{digest_of_sources()}"
        from scanner import Options, Scanner
        from table_restore.export import render

        self._scanner = Scanner(Options(threads=threads))
        self._render = render

    def read(self, scan: Path) -> str:
        document = self._scanner.scan(scan)
        if document.failures:
            failure = document.failures[0]
            raise RuntimeError(f"page {failure.page}, {failure.stage}: {failure.message}")
        return self._render(document, "txt").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Cache:
    """Texts that engines have read, a file each: `engine-version/sha256-of-scan.txt`."""

    folder: Path

    def get(self, engine: str, engine_version: str, scan: Path) -> str | None:
        path = self._path(engine, engine_version, scan)
        return path.read_bytes().decode("utf-8") if path.exists() else None

    def put(self, engine: str, engine_version: str, scan: Path, text: str) -> None:
        path = self._path(engine, engine_version, scan)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        unfinished.write_bytes(text.encode("utf-8"))
        unfinished.replace(path)

    def read(self, engine: Engine, scan: Path) -> str:
        """What the engine reads: from the cache if it is there, else now, and kept."""
        text = self.get(engine.name, engine.version, scan)
        if text is None:
            text = engine.read(scan)
            self.put(engine.name, engine.version, scan, text)
        return text

    def _path(self, engine: str, engine_version: str, scan: Path) -> Path:
        digest = hashlib.sha256(scan.read_bytes()).hexdigest()
        return self.folder / f"{engine}-{engine_version}" / f"{digest}.txt"


ENGINES: dict[str, Callable[[int], Engine]] = {
    "scanner": Ours,
    "rapidocr": lambda threads: RapidOcr(classify_angle=True, threads=threads),
    "rapidocr-nocls": lambda threads: RapidOcr(classify_angle=False, threads=threads),
    "tesseract": Tesseract,
}


def _pages(scan: Path) -> Iterator[Any]:
    """What RapidOCR is given for each page: the file itself, or an array for each of several."""
    import numpy as np
    from PIL import Image, ImageSequence

    with Image.open(scan) as image:
        if getattr(image, "n_frames", 1) == 1:
            yield str(scan)
            return
        for frame in ImageSequence.Iterator(image):
            yield np.asarray(frame.convert("RGB"))[:, :, ::-1]


def digest_of_sources() -> str:
    """Twelve hexadecimal digits that change with any source file of this project's packages."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for package in ("gpu_ops", "scanner", "table_restore"):
        for source in sorted((root / package).rglob("*.py")):
            digest.update(source.relative_to(root).as_posix().encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
