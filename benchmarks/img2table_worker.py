"""Runs img2table on pages with words that it is given.

This file alone is run by the interpreter of an environment that has img2table (which brings
its own OpenCV), and so imports nothing of this project. A request is a line of JSON on
standard input, {"image": path, "words": [[text, confidence, left, top, right, bottom, line]]},
and the reply a line on standard output,
{"seconds", "tables": [{"box", "rows": [[{"box", "text"}]]}]}.
A request {"version": true} is answered with {"version": ...}.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version

from img2table.document import Image
from img2table.ocr._types import OCRData, OCRInstance


class GivenWords(OCRInstance):
    """An OCR engine that returns the words of the request."""

    def __init__(self, words: list[list]) -> None:
        self._words = words

    def of(self, document: object) -> OCRData | None:
        records = [
            {
                "id": f"word_{i}",
                "parent": f"line_{line}",
                "value": text,
                "confidence": max(1, round(100 * confidence)),
                "x1": round(left),
                "y1": round(top),
                "x2": round(right),
                "y2": round(bottom),
            }
            for i, (text, confidence, left, top, right, bottom, line) in enumerate(self._words)
        ]
        return OCRData(records={0: records}) if records else None


def answer(request: dict) -> dict:
    if request.get("version"):
        return {"version": version("img2table")}
    picture = Image(request["image"])
    assert picture.images, "the picture is decoded before the clock starts"
    started = time.perf_counter()
    tables = picture.extract_tables(
        ocr=GivenWords(request["words"]), borderless_tables=True, min_confidence=1
    )
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "tables": [
            {
                "box": _box(table.bbox),
                "rows": [
                    [{"box": _box(cell.bbox), "text": cell.value or ""} for cell in row]
                    for row in table.content.values()
                ],
            }
            for table in tables
        ],
    }


def _box(box: object) -> list[int]:
    return [int(box.x1), int(box.y1), int(box.x2), int(box.y2)]


if __name__ == "__main__":
    for request_line in sys.stdin:
        print(json.dumps(answer(json.loads(request_line))), flush=True)
