"""A whole run of the accuracy benchmark with made-up engines on made-up pages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image

from benchmarks import accuracy, worst
from benchmarks.peers import Cache, Ours, RapidOcr, Tesseract

PAGES = {"a": "one two three", "b": "four five"}


@dataclass
class Recorded:
    """An engine that knows its answers; `calls` counts how often it was asked."""

    name: str
    answers: dict[str, str]
    version: str = "1.0"
    calls: list[str] = field(default_factory=list)

    def read(self, scan: Path) -> str:
        self.calls.append(scan.stem)
        if scan.stem not in self.answers:
            raise RuntimeError(f"cannot read {scan}")
        return self.answers[scan.stem]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "old_books"
    folder.mkdir(parents=True)
    rows = []
    for shade, (name, text) in enumerate(PAGES.items()):
        Image.new("L", (40, 60), 200 + shade).save(folder / f"{name}.png")
        (folder / f"{name}.txt").write_text(text)
        rows.append(f"{name}.png\t{name}.txt\n")
    (folder / "list.tsv").write_text("".join(rows))
    return tmp_path / "data"


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> dict[str, Recorded]:
    made = {
        "scanner": Recorded("scanner", {"a": "one <b>two</b> three"}),
        "peer": Recorded("peer", {"a": "one two three", "b": "five four"}),
    }
    factories = {name: lambda _, engine=engine: engine for name, engine in made.items()}
    monkeypatch.setattr(accuracy, "ENGINES", factories)
    return made


def run(data: Path, *more: str) -> dict[str, Any]:
    out = data.parent / "result.json"
    arguments = ["--set", "old_books", "--data", str(data), "--cache", str(data.parent / "cache")]
    done = CliRunner().invoke(
        accuracy.main, [*arguments, "--out", str(out), *more], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return result


def test_result_has_pages_sets_and_circumstances(data: Path, engines: dict[str, Recorded]) -> None:
    result = run(data)
    assert result["complete"] is True
    assert result["engines"] == {"scanner": "1.0", "peer": "1.0"}
    assert result["machine"]["cores"] >= 1
    assert result["versions"]["rapidocr"]
    first, second = result["pages"]
    assert (first["image"], second["image"]) == ("a.png", "b.png")
    assert first["engines"]["scanner"]["character_errors"] == len("<b></b>")
    assert second["engines"]["peer"] == {
        "cer": round(6 / 9, 6),
        "wer": 1.0,
        "word_f1": 1.0,
        "characters": 9,
        "character_errors": 6,
        "words": 2,
        "word_errors": 2,
        "words_read": 2,
        "words_found": 2,
        "error": None,
    }
    peer = result["sets"]["old_books"]["peer"]
    assert (peer["pages"], peer["failed"]) == (2, 0)
    assert peer["cer"] == pytest.approx(6 / (13 + 9), abs=1e-6)
    assert peer["cer_median_page"] == pytest.approx((0 + 6 / 9) / 2, abs=1e-6)


def test_a_failed_page_counts_as_empty_and_is_named(
    data: Path, engines: dict[str, Recorded]
) -> None:
    result = run(data)
    page = result["pages"][1]["engines"]["scanner"]
    assert page["cer"] == 1.0
    assert page["error"] == "RuntimeError: cannot read b.png"
    assert result["sets"]["old_books"]["scanner"]["failed"] == 1


def test_what_was_read_is_not_read_again(data: Path, engines: dict[str, Recorded]) -> None:
    first, second = run(data), run(data)
    assert engines["peer"].calls == ["a", "b"]
    assert engines["scanner"].calls == ["a", "b", "b"]
    assert first["pages"] == second["pages"]
    engines["peer"].version = "1.1"
    run(data, "--only", "peer")
    assert engines["peer"].calls == ["a", "b", "a", "b"]


def test_an_interrupted_run_keeps_its_pages(
    data: Path, engines: dict[str, Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(scan: Path) -> str:
        if scan.stem == "b":
            raise KeyboardInterrupt
        return "one two"

    monkeypatch.setattr(engines["peer"], "read", interrupt)
    out = data.parent / "result.json"
    done = CliRunner().invoke(
        accuracy.main, ["--set", "old_books", "--data", str(data), "--out", str(out),
                        "--cache", str(data.parent / "cache")],
    )  # fmt: skip
    assert done.exit_code != 0
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert kept["complete"] is False
    assert [page["image"] for page in kept["pages"]] == ["a.png"]


def test_unknown_engine_is_refused(data: Path, engines: dict[str, Recorded]) -> None:
    done = CliRunner().invoke(accuracy.main, ["--data", str(data), "--only", "nobody"])
    assert done.exit_code == 2
    assert "nobody" in done.output


def test_worst_pages_come_first_with_their_differences(
    data: Path, engines: dict[str, Recorded]
) -> None:
    run(data)
    out = data.parent / "worst"
    done = CliRunner().invoke(
        worst.main,
        [str(data.parent / "result.json"), "--set", "old_books", "--data", str(data),
         "--cache", str(data.parent / "cache"), "--out", str(out)],
        catch_exceptions=False,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    # On "a" the scanner loses 7/13 to its peer; on "b", which it failed to read, only 1/3.
    assert sorted(path.name for path in out.glob("*.txt")) == ["01-a.txt", "02-b.txt"]
    text = (out / "01-a.txt").read_text(encoding="utf-8")
    assert "one [-two-]{+<b>two</b>+} three" in text
    assert "CER 53.85%" in text
    assert "cannot read b.png" in (out / "02-b.txt").read_text(encoding="utf-8")
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "<del>two</del><ins>&lt;b&gt;two&lt;/b&gt;</ins>" in page
    assert "<b>" not in page
    with Image.open(out / "01-a.png") as picture:
        assert picture.size == (40, 60)


def test_differences_see_wildcards() -> None:
    parts = worst.differences("at 10~C now", "at 10°C not")
    assert [part.output for part in parts if part.same] == [("at",)]
    assert [(part.truth, part.output) for part in parts if not part.same] == [
        (("10~C", "now"), ("10°C", "not"))
    ]
    assert all(part.same for part in worst.differences("at 10~C", "at 10°C"))


def test_cache_keeps_text_as_it_came(tmp_path: Path) -> None:
    scan = tmp_path / "scan"
    scan.write_bytes(b"pixels")
    cache = Cache(tmp_path / "cache")
    assert cache.get("peer", "1", scan) is None
    cache.put("peer", "1", scan, "a\r\nb\fü\n")
    assert cache.get("peer", "1", scan) == "a\r\nb\fü\n"
    assert cache.get("peer", "2", scan) is None
    scan.write_bytes(b"other pixels")
    assert cache.get("peer", "1", scan) is None


@pytest.fixture
def two_pages(tmp_path: Path) -> Path:
    import cv2
    import numpy as np

    path = tmp_path / "two.tif"
    pages = []
    for text in ("FIRST PAGE", "SECOND PAGE"):
        page = np.full((736, 736, 3), 255, np.uint8)
        cv2.putText(page, text, (40, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0, 0, 0), 4)
        pages.append(Image.fromarray(page))
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(200, 200))
    return path


def test_the_scanner_reads_every_page(two_pages: Path) -> None:
    ours = Ours()
    assert ours.version == Ours().version
    first, second = ours.read(two_pages).split("\f")[:2]
    assert "FIRST" in first
    assert "SECOND" not in first
    assert "SECOND" in second


def test_rapidocr_reads_every_page(two_pages: Path) -> None:
    pytest.importorskip("onnxruntime")
    first, second = RapidOcr(classify_angle=False).read(two_pages).split("\f")
    assert "FIRST" in first
    assert "SECOND" not in first
    assert "SECOND" in second


def test_tesseract_reads_every_page(two_pages: Path) -> None:
    try:
        tesseract = Tesseract()
    except FileNotFoundError:
        pytest.skip("tesseract is not installed")
    assert tesseract.version[0].isdigit()
    assert tesseract.read(two_pages).split() == ["FIRST", "PAGE", "SECOND", "PAGE"]
