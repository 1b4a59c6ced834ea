"""img2table, in an environment of its own, given the words that our recogniser read."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers import DEFAULT_CACHE
from benchmarks.table_metrics.plain import PlainCell, PlainTable
from table_restore.document import Line
from table_restore.geometry import Box

_WORKER = Path(__file__).with_name("img2table_worker.py")


class Img2Table:
    """A running img2table; replies are kept on disk by version, picture and words.

    `python` is the interpreter of the environment it is installed in. Borderless tables are
    on, its other settings its own.
    """

    name = "img2table"

    def __init__(self, python: Path, cache: Path = DEFAULT_CACHE / "tables") -> None:
        self._process = subprocess.Popen(
            [python, _WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._cache = cache
        self.version: str = self._ask({"version": True})["version"]

    def __enter__(self) -> Img2Table:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def restore(self, image: Path, lines: Sequence[Line]) -> list[PlainTable]:
        """The tables of a page, given its picture and its lines in that picture's pixels."""
        words = _words(lines)
        key = hashlib.sha256(image.read_bytes())
        key.update(json.dumps([self.version, words]).encode())
        kept = self._cache / f"{key.hexdigest()}.json"
        if kept.exists():
            reply = json.loads(kept.read_text(encoding="utf-8"))
        else:
            reply = self._ask({"image": str(image), "words": words})
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(reply), encoding="utf-8")
        inks = [word.polygon.box for line in lines for word in line.words]
        return [table_of_reply(entry, inks) for entry in reply["tables"] if entry["rows"]]

    def time(self, image: Path, lines: Sequence[Line]) -> float:
        """The seconds that a page takes, its picture decoded; asked anew each time."""
        seconds: float = self._ask({"image": str(image), "words": _words(lines)})["seconds"]
        return seconds

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        reply = self._process.stdout.readline()
        if not reply:
            raise RuntimeError(f"img2table ended with status {self._process.wait()}")
        answer: dict[str, Any] = json.loads(reply)
        return answer


def _words(lines: Sequence[Line]) -> list[list[Any]]:
    """Text, confidence, box and line of every word."""
    return [
        [word.text, word.confidence, box.left, box.top, box.right, box.bottom, number]
        for number, line in enumerate(lines)
        for word in line.words
        for box in (word.polygon.box,)
    ]


def table_of_reply(entry: dict[str, Any], inks: Iterable[Box]) -> PlainTable:
    """A table from rows of cells, where a spanning cell is repeated in all of its slots."""
    places: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    texts: dict[tuple[int, ...], str] = {}
    for r, row in enumerate(entry["rows"]):
        for c, cell in enumerate(row):
            box = tuple(cell["box"])
            places.setdefault(box, []).append((r, c))
            texts[box] = cell["text"]
    words = list(inks)
    cells = []
    for box, slots in places.items():
        rows, columns = [r for r, _ in slots], [c for _, c in slots]
        row_span = max(rows) - min(rows) + 1
        column_span = max(columns) - min(columns) + 1
        held = [ink for ink in words if Box(*box).contains(ink.center)]
        ink = Box.around(held) if held and texts[box] else None
        cells.append(PlainCell(min(rows), min(columns), row_span, column_span, texts[box], ink))
    columns_total = max(len(row) for row in entry["rows"])
    return PlainTable(len(entry["rows"]), columns_total, tuple(cells), Box(*entry["box"]))
