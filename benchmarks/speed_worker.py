"""One engine in a process of its own, timed page by page; `benchmarks.speed` starts it.

    python -m benchmarks.speed_worker ENGINE THREADS

A path a line comes in; a line of JSON goes out: the text, the seconds, and for this project the
seconds by stage. The first line out says that the engine has read a page that was drawn for it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Protocol
from unittest.mock import patch

import cv2
import numpy as np

FORMATS = "xlsx,docx,json,txt"
"""What the command writes when it is not told otherwise, and the text to compare."""

STAGES = {
    "scanner.sources.Source.read": "decode",
    "scanner.pipeline.upright": "preprocess",
    "scanner.pipeline.detect": "detection",
    "scanner.recognise.read_lines": "recognition",
    "scanner.pipeline.recognise": "words",
    "scanner.recognise.proofread": "proofread",
    "scanner.pipeline.restore_tables": "tables",
    "scanner.pipeline.arrange": "layout",
    "scanner.pipeline.to_source": "layout",
    "scanner.outputs.ResultWriter.page": "export",
    "scanner.outputs.ResultWriter.document": "export",
}
"""Functions and the stage that their own time belongs to; the networks have stages of their own."""

NETWORK = "scanner.runtime.torchscript.TorchScriptEngine.__call__"

Reply = dict[str, Any]


class Stopwatch:
    """Seconds by name; what a timed call spends in another timed call is that one's alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running: list[str] = []
        self._since = 0.0

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Charge the time inside to `name`."""
        self._charge()
        self._running.append(name)
        try:
            yield
        finally:
            self._charge()
            self._running.pop()

    def wrap(self, target: str, name: str | None = None) -> Any:
        """A patch of the function at `target` that charges its time to `name`.

        Without a name it is charged to the network of the stage that runs. Calls from other threads
        than the main one run beside it and are not timed.
        """
        function = resolve_name(target)

        def timed(*args: Any, **kwargs: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                return function(*args, **kwargs)
            with self.time(name or f"{self._running[-1]}: network"):
                return function(*args, **kwargs)

        return patch(target, timed)

    def _charge(self) -> None:
        now = time.perf_counter()
        if self._running:
            name = self._running[-1]
            self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
        self._since = now


class Worker(Protocol):
    """Reads a page; the reply has at least its text."""

    def read(self, scan: Path) -> Reply: ...


class Ours:
    """The command of this project, from the scan to the files it writes."""

    def __init__(self, threads: int) -> None:
        from scanner.batch import preload  # noqa: F401  (what the command's workers begin with)
        from scanner.options import Options
        from scanner.pipeline import page_reader

        self._watch = Stopwatch()
        self._read_page = page_reader(Options(threads=threads))

    def read(self, scan: Path) -> Reply:
        """The text and the seconds by stage; `other` is what belongs to none."""
        from scanner.cli import cli

        self._watch.seconds.clear()
        with tempfile.TemporaryDirectory() as out, ExitStack() as stack:
            for target, stage in STAGES.items():
                stack.enter_context(self._watch.wrap(target, stage))
            stack.enter_context(self._watch.wrap(NETWORK))
            stack.enter_context(self._watch.time("other"))
            arguments = ["scan", str(scan), "--out", out, "--to", FORMATS]
            arguments += ["--quiet", "--workers", "0"]
            try:
                cli.main(arguments, obj=lambda _: self._read_page)
            except SystemExit as end:
                if end.code:
                    raise RuntimeError(f"{scan.name}: exit code {end.code}") from end
            text = next(Path(out).glob("*.txt")).read_text(encoding="utf-8")
        return {"text": text, "stages": dict(self._watch.seconds)}


class RapidOcr:
    """RapidOCR on onnxruntime without its angle classifier, from the scan to its lines."""

    def __init__(self, threads: int) -> None:
        from benchmarks import peers

        self._engine = peers.RapidOcr(classify_angle=False, threads=threads)

    def read(self, scan: Path) -> Reply:
        return {"text": self._engine.read(scan)}


ENGINES: dict[str, Callable[[int], Worker]] = {"scanner": Ours, "rapidocr-nocls": RapidOcr}


def main() -> None:
    name, threads = sys.argv[1], int(sys.argv[2])
    cv2.setNumThreads(threads)
    worker = ENGINES[name](threads)
    with tempfile.TemporaryDirectory() as folder:
        page = np.full((1600, 1200, 3), 255, np.uint8)
        for y in range(100, 1500, 50):
            cv2.putText(
                page, f"The first page {y}", (100, y), cv2.FONT_HERSHEY_SIMPLEX, 1, (0,) * 3
            )
        first = Path(folder) / "first.png"
        cv2.imwrite(str(first), page)
        worker.read(first)
    print(json.dumps({"ready": name}), flush=True)
    for line in sys.stdin:
        scan = Path(line.rstrip("\n"))
        started = time.perf_counter()
        reply = worker.read(scan)
        print(json.dumps({**reply, "seconds": time.perf_counter() - started}), flush=True)


if __name__ == "__main__":
    main()
