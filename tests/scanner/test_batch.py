from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import docx
import pypdfium2 as pdfium
import pytest
from openpyxl import load_workbook
from pyarrow.dataset import dataset
from stand_ins import RED, WHITE, picture, read_page

from scanner import outputs
from scanner.batch import Batch, BatchRun, Job, plan_batch, read_results
from scanner.batch.run import PageDone
from scanner.errors import OutputError, UsageError
from scanner.images import SourcePage
from scanner.inputs import find_inputs
from scanner.options import Options
from scanner.pipeline import PageReader, ScannedPage
from scanner.results import FileResult, Status
from table_restore.document import Block


def scan(
    folder: Path,
    out: Path,
    forms: Sequence[str] = ("json",),
    *,
    options: Options | None = None,
    reader: PageReader = read_page,
    page_done: PageDone = lambda *_: None,
    **how: Any,
) -> list[FileResult]:
    """Scan a folder as the command does, but in this process; results in the order of names."""
    batch = plan_batch(find_inputs([str(folder)], exclude=out).files, out, forms)
    return scan_batch(batch, options, reader, page_done, **how)


def scan_batch(
    batch: Batch,
    options: Options | None = None,
    reader: PageReader = read_page,
    page_done: PageDone = lambda *_: None,
    **how: Any,
) -> list[FileResult]:
    """Run a batch in this process."""
    here = (options or Options()).model_copy(update={"workers": 0})
    with BatchRun(batch, here, make_reader=lambda _: reader, **how) as run:
        return list(run.results(page_done))


def manifest(out: Path) -> dict[str, dict[str, Any]]:
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert len({entry["source"] for entry in entries}) == len(entries)
    return {entry["source"]: entry for entry in entries}


def test_results_mirror_the_inputs(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "é 日本" / "b 👍.png")
    scan(tmp_path / "in", tmp_path / "out", ("xlsx", "xml", "txt", "png", "overlay"))
    entry = manifest(tmp_path / "out")["é 日本/b 👍.png"]
    assert entry == {
        "source": "é 日本/b 👍.png",
        "status": "ok",
        "pages": 1,
        "outputs": {
            "xlsx": "é 日本/b 👍.xlsx",
            "xml": "é 日本/b 👍.xml",
            "txt": "é 日本/b 👍.txt",
            "png": "é 日本/b 👍.png",
            "overlay": "é 日本/b 👍.overlay.png",
        },
        "error": None,
        "seconds": entry["seconds"],
    }
    files = {p.name for p in (tmp_path / "out" / "é 日本").iterdir()}
    assert files == {Path(name).name for name in entry["outputs"].values()}


def test_several_pages_give_numbered_pictures_and_page_xml(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "b.tif", WHITE, RED, WHITE)
    forms = ("docx", "xml", "json", "png")
    (result,) = scan(tmp_path / "in", tmp_path / "out", forms)
    assert (result.status, result.pages, result.tables) == (Status.PARTIAL, 2, 2)
    entry = manifest(tmp_path / "out")["b.tif"]
    assert entry["outputs"] == {
        "docx": "b.docx",
        "xml": ["b-0001.xml", "b-0003.xml"],
        "json": "b.json",
        "png": ["b-0001.png", "b-0003.png"],
    }
    assert entry["error"] == {
        "stage": "recognise",
        "type": "StageError",
        "message": "the page is red",
        "page": 2,
    }
    pages = json.loads((tmp_path / "out" / "b.json").read_text(encoding="utf-8"))["pages"]
    assert [page["number"] for page in pages] == [1, 3]


def test_further_failures_are_named_in_the_message(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "b.tif", RED, WHITE, RED, RED)
    scan(tmp_path / "in", tmp_path / "out")
    error = manifest(tmp_path / "out")["b.tif"]["error"]
    assert error["page"] == 1
    assert error["message"] == "the page is red (failed too: page 3, page 4)"


def test_a_bad_file_does_not_end_the_batch(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png", RED)
    (tmp_path / "in" / "b.png").write_bytes(b"")
    picture(tmp_path / "in" / "c.png")
    results = scan(tmp_path / "in", tmp_path / "out")
    assert [result.status for result in results] == [Status.FAILED, Status.FAILED, Status.OK]
    assert [result.outputs["json"] for result in results] == [[], [], ["c.json"]]
    assert list(manifest(tmp_path / "out")) == ["a.png", "b.png", "c.png"]
    assert manifest(tmp_path / "out")["b.png"]["outputs"] == {}


def test_the_manifest_has_a_file_as_soon_as_it_is_done(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    picture(tmp_path / "in" / "b.png")
    seen: list[tuple[str, int, int, int, list[str]]] = []

    def page_done(source: str, number: int, done: int, total: int) -> None:
        seen.append((source, number, done, total, list(manifest(tmp_path / "out"))))

    scan(tmp_path / "in", tmp_path / "out", ("txt",), page_done=page_done)
    assert seen == [("a.png", 1, 1, 1, []), ("b.png", 1, 1, 1, ["a.png"])]


def test_pictures_show_the_page_and_what_was_found(tmp_path: Path) -> None:
    blue = (10, 20, 200)
    picture(tmp_path / "in" / "a.png", blue)
    scan(tmp_path / "in", tmp_path / "out", ("png", "overlay"))
    plain = cv2.imread(str(tmp_path / "out" / "a.png"))[:, :, ::-1]
    drawn = cv2.imread(str(tmp_path / "out" / "a.overlay.png"))[:, :, ::-1]
    assert plain.shape == drawn.shape == (60, 80, 3)
    assert (plain == blue).all()
    assert not (drawn[30, 10] == blue).all()
    assert (drawn[58, 70] == blue).all()


def test_a_pdf_holds_the_pages_that_were_read_and_their_text(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.tif", WHITE, RED, (200, 220, 255))
    (result,) = scan(tmp_path / "in", tmp_path / "out", ("jpg", "pdf"))
    assert result.outputs == {"jpg": ["a-0001.jpg", "a-0003.jpg"], "pdf": ["a.pdf"]}
    pdf = pdfium.PdfDocument(tmp_path / "out" / "a.pdf")
    assert [page.get_textpage().get_text_range() for page in pdf] == ["Title", "Title"]
    white, blue = (page.render().to_numpy()[30, 30].tolist() for page in pdf)
    assert white == [255] * 3
    assert blue == pytest.approx([255, 220, 200], abs=3)  # BGR
    names = {path.name for path in (tmp_path / "out").iterdir()}
    pages = {"a-0001.jpg", "a-0003.jpg"}
    assert names == {".scanner", "failures", "manifest.jsonl", "a.pdf", *pages}


@pytest.mark.parametrize("form", ["png", "jpg", "pdf", "overlay"])
def test_nothing_that_could_replace_a_scan_is_written_among_the_scans(
    tmp_path: Path, form: str
) -> None:
    picture(tmp_path / "in" / "a.png")
    with pytest.raises(UsageError, match=r"holds scans to be read \(a\.png\)"):
        scan(tmp_path / "in", tmp_path / "in", (form,))


def read_badly(source: SourcePage) -> ScannedPage:
    """Like `read_page`, but nothing is certain about the heading."""
    scanned = read_page(source)
    heading, *others = scanned.page.items
    assert isinstance(heading, Block)
    (line,) = heading.lines
    unsure = replace(line, words=tuple(replace(w, confidence=0.2) for w in line.words))
    items = (replace(heading, lines=(unsure,)), *others)
    return replace(scanned, page=replace(scanned.page, items=items))


def test_the_review_shows_what_is_doubtful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "MOST_SNIPPETS", 3)
    picture(tmp_path / "in" / "a.tif", WHITE, RED, WHITE, WHITE, WHITE)
    picture(tmp_path / "in" / "b.png")
    scan(tmp_path / "in", tmp_path / "out", ("xlsx", "json"), reader=read_badly)
    rows = {}
    for name in ("a", "b"):
        review = load_workbook(tmp_path / "out" / f"{name}.xlsx")["Review"]
        images = review._images  # type: ignore[attr-defined]
        rows[name] = [image.anchor._from.row for image in images]
        assert review.max_row == 1 + {"a": 4, "b": 1}[name]
    assert rows == {"a": [1, 2, 3], "b": [1]}


def test_tables_over_pages_are_joined_on_request_where_text_flows(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.tif", WHITE, WHITE)
    counts = {}
    for join in (False, True):
        out = tmp_path / str(join)
        forms = ("xlsx", "docx", "json", "xml")
        scan(tmp_path / "in", out, forms, options=Options(join_tables=join))
        book, pages = load_workbook(out / "a.xlsx"), json.loads((out / "a.json").read_text())
        counts[join] = (
            sum(name.startswith("Table") for name in book.sheetnames),
            len(docx.Document(str(out / "a.docx")).tables),
            sum(item["kind"] == "table" for page in pages["pages"] for item in page["items"]),
        )
        # Formats with a place for everything keep the pages as they are.
        for number in (1, 2):
            assert b"<TableRegion" in (out / f"a-000{number}.xml").read_bytes()
    assert counts == {False: (2, 2, 2), True: (1, 1, 2)}


def test_inputs_of_one_name_all_come_out(tmp_path: Path) -> None:
    files = [
        picture(tmp_path / "x" / "a.png"),
        picture(tmp_path / "y" / "a.png", RED),
        picture(tmp_path / "z" / "a.tif", WHITE, WHITE),
    ]
    found = find_inputs([str(file) for file in files])
    batch = plan_batch(found.files, tmp_path / "out", ("txt",))
    results = scan_batch(batch)
    outputs = [result.outputs["txt"] for result in results]
    assert outputs == [["x/a.txt"], [], ["a.txt"]]
    assert len(manifest(tmp_path / "out")) == 3


def test_only_the_pages_asked_for_are_read(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.tif", RED, WHITE, WHITE)
    picture(tmp_path / "in" / "b.png")
    options = Options(pages=((3, 9),))
    a, b = scan(tmp_path / "in", tmp_path / "out", ("png",), options=options)
    assert (a.status, a.outputs) == (Status.OK, {"png": ["a-0003.png"]})
    assert b.failures[0].message.endswith("has none of the pages asked for; its last page is 1")


def test_going_on_leaves_what_is_done_alone(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    for name, colour in (("a", WHITE), ("b", RED), ("c", WHITE)):
        picture(folder / f"{name}.png", colour)
    (out / "manifest.jsonl").parent.mkdir()
    (out / "manifest.jsonl").write_text('{"source": "of another program"}\n')
    scan(folder, out)
    assert list(manifest(out)) == ["a.png", "b.png", "c.png"]
    assert scan(folder, out) == []
    # What is gone, changed or asked for anew is done; what failed stays as it is.
    (out / "a.json").unlink()
    picture(folder / "c.png", (0, 0, 99))
    assert [result.source for result in scan(folder, out)] == ["a.png", "c.png"]
    assert sorted(manifest(out)) == ["a.png", "b.png", "c.png"]
    assert [result.source for result in scan(folder, out, retry_failed=True)] == ["b.png"]
    assert len(scan(folder, out, again=True)) == 3
    assert len(scan(folder, out, ("txt",))) == 3
    assert len(scan(folder, out, ("txt",), options=Options(tables=False))) == 3
    assert len(manifest(out)) == 3


def test_a_file_that_was_only_touched_is_not_done_again(tmp_path: Path) -> None:
    path = picture(tmp_path / "in" / "a.png")
    scan(tmp_path / "in", tmp_path / "out")
    os.utime(path, (1, 1))
    assert scan(tmp_path / "in", tmp_path / "out") == []


def test_what_an_earlier_content_left_behind_is_removed(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    picture(folder / "a.tif", WHITE, WHITE, RED)
    scan(folder, out, ("png",))
    assert len(list((out / "failures").iterdir())) == 1
    picture(folder / "a.tif", WHITE)
    scan(folder, out, ("png",))
    assert sorted(path.name for path in out.rglob("*.png")) == ["a.png"]
    assert list((out / "failures").iterdir()) == []


def test_parquet_has_two_files_that_are_kept_together(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    picture(folder / "b" / "a.tif", WHITE, WHITE)
    picture(folder / "c.png")
    forms = ("json", "parquet")
    names = ["words/b/a.parquet", "cells/b/a.parquet"]
    scan(folder, out, forms)
    assert manifest(out)["b/a.tif"]["outputs"] == {"json": "b/a.json", "parquet": names}
    assert {result.source: result.outputs["parquet"] for result in read_results(out)} == {
        "b/a.tif": names,
        "c.png": ["words/c.parquet", "cells/c.parquet"],
    }
    words = dataset(out / "words").to_table().to_pylist()
    assert sorted((word["source"], word["page"], word["text"]) for word in words) == [
        ("b/a.tif", 1, "Title"),
        ("b/a.tif", 2, "Title"),
        ("c.png", 1, "Title"),
    ]
    assert dataset(out / "cells").count_rows() == 6

    assert scan(folder, out, forms) == []
    (out / names[1]).unlink()
    assert [result.source for result in scan(folder, out, forms)] == ["b/a.tif"]
    assert (out / names[1]).exists()
    scan(folder, out, ("json",), again=True)
    assert list(out.rglob("*.parquet")) == []


def test_the_manifest_keeps_files_that_this_run_does_not_scan(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    scan(tmp_path / "in", tmp_path / "out")
    picture(tmp_path / "other" / "b.png")
    scan(tmp_path / "other", tmp_path / "out")
    assert list(manifest(tmp_path / "out")) == ["a.png", "b.png"]


def test_a_journal_that_is_damaged_is_said_so(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    scan(tmp_path / "in", tmp_path / "out")
    (tmp_path / "out" / ".scanner" / "journal.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(OutputError, match=r"journal\.sqlite: is damaged"):
        scan(tmp_path / "in", tmp_path / "out")


def test_the_journal_tells_of_every_page(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.tif", WHITE, RED, WHITE)
    scan(tmp_path / "in", tmp_path / "out")
    (result,) = read_results(tmp_path / "out")
    assert [page.number for page in result.page_results] == [1, 3]
    page = result.page_results[0]
    assert (page.lines, page.words, page.tables) == (1, 1, 1)
    assert (page.mean_confidence, page.min_confidence) == (0.9, 0.9)
    assert set(page.stages) == {"read", "export"}
    assert result.started <= result.finished
    assert (result.page_count, result.digest) == (
        3,
        hashlib.sha256((tmp_path / "in" / "a.tif").read_bytes()).hexdigest(),
    )


def test_a_page_that_raises_what_nobody_thought_of_is_a_failure_of_that_page(
    tmp_path: Path,
) -> None:
    picture(tmp_path / "in" / "a.tif", WHITE, WHITE)

    def stumble(source: SourcePage) -> ScannedPage:
        if source.number == 1:
            raise ZeroDivisionError
        return read_page(source)

    (result,) = scan(tmp_path / "in", tmp_path / "out", reader=stumble)
    assert result.status is Status.PARTIAL
    (failure,) = result.failures
    assert (failure.page, failure.stage) == (1, "scan")
    assert failure.message == "ZeroDivisionError"


def test_a_result_that_cannot_be_written_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        picture(tmp_path / "in" / f"{name}.png")

    def full(*_: object, **__: object) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr(outputs, "write_atomically", full)
    with pytest.raises(OutputError, match="the disk is full"):
        scan(tmp_path / "in", tmp_path / "out", ("txt",))
    assert manifest(tmp_path / "out") == {}


def test_pictures_are_not_written_among_the_scans(tmp_path: Path) -> None:
    scan_before = picture(tmp_path / "a.png").read_bytes()
    found = find_inputs([str(tmp_path / "a.png")])
    with pytest.raises(UsageError, match=r"holds scans to be read \(a\.png\)"):
        plan_batch(found.files, tmp_path, ("png",))
    batch = plan_batch(found.files, tmp_path, ("txt",))
    assert batch.jobs == (Job(tmp_path / "a.png", "a.png", "a"),)
    scan_batch(batch)
    assert (tmp_path / "a.png").read_bytes() == scan_before
