from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from pydantic import ValidationError
from stand_ins import RED, WHITE, make_reader, picture, read_page

import scanner
from scanner import Options, Scanner, SourceError, UsageError, save
from scanner.reading import PageReader


class FastScanner(Scanner):
    """Reads pages by the stand-in instead of the networks, and counts how often it loads."""

    def __init__(self, options: Options | None = None) -> None:
        super().__init__(options, make_reader=self.count)
        self.loaded = 0

    def count(self, options: Options) -> PageReader:
        self.loaded += 1
        return read_page


def test_scan_gives_the_pages_that_are_good_and_says_what_failed(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.tif", WHITE, RED, WHITE)
    document = FastScanner().scan(path)
    assert document.source == str(path)
    assert [page.number for page in document.pages] == [1, 3]
    (failure,) = document.failures
    assert (failure.page, failure.stage) == (2, "recognise")
    assert (failure.error, failure.message) == ("StageError", "the page is red")


def test_scan_raises_for_a_file_that_is_no_scan(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("hello")
    with pytest.raises(SourceError, match=re.escape(f"{tmp_path / 'a.png'}: ")):
        FastScanner().scan(tmp_path / "a.png")
    with pytest.raises(SourceError, match="there is no such file"):
        FastScanner().scan(tmp_path / "b.png")


def test_scan_many_never_raises_for_a_file_and_loads_once(tmp_path: Path) -> None:
    good = picture(tmp_path / "in" / "a.png")
    (tmp_path / "in" / "b.png").touch()
    (tmp_path / "empty").mkdir()
    reader = FastScanner()
    paths = [tmp_path / "in", tmp_path / "gone.png", tmp_path / "empty", str(good)]
    results = list(reader.scan_many(paths))
    assert [result.path.name for result in results] == [
        "a.png",
        "b.png",
        "gone.png",
        "empty",
        "a.png",
    ]
    assert [result.document is None for result in results] == [False, True, True, True, False]
    assert [result.error is None for result in results] == [True, False, False, False, True]
    assert reader.loaded == 1


def test_scan_many_reads_a_file_only_when_it_is_asked_for(tmp_path: Path) -> None:
    first, second = picture(tmp_path / "a.png"), picture(tmp_path / "b.png")
    results = FastScanner().scan_many([first, second])
    assert next(results).document is not None
    second.unlink()
    assert next(results).error is not None


def test_scan_many_with_workers_survives_a_crash_and_gives_the_same(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.tif", WHITE, RED)
    picture(tmp_path / "in" / "b crash.png")
    (tmp_path / "in" / "c.png").touch()
    paths = [tmp_path / "in", tmp_path / "gone.png"]
    scanner = Scanner(Options(workers=2), make_reader=make_reader)
    results = {result.path.name: result for result in scanner.scan_many(paths)}
    assert set(results) == {"a.tif", "b crash.png", "c.png", "gone.png"}
    document, alone = results["a.tif"].document, FastScanner().scan(tmp_path / "in" / "a.tif")
    assert document is not None
    assert document.source == alone.source
    assert document.pages == alone.pages
    assert [failure.message for failure in document.failures] == ["the page is red"]
    assert str(results["b crash.png"].error).endswith(" was ended by SIGSEGV")
    assert str(results["c.png"].error).endswith(": the file is empty")


def test_nothing_is_loaded_before_the_first_page() -> None:
    reader = FastScanner(Options(tables=False))
    assert reader.loaded == 0


def test_save_goes_by_the_suffix(tmp_path: Path) -> None:
    document = FastScanner().scan(picture(tmp_path / "a.tif", WHITE, WHITE))
    save(document, tmp_path / "new" / "a.XLSX")
    assert load_workbook(tmp_path / "new" / "a.XLSX").sheetnames
    with pytest.raises(UsageError, match=r"a\.pdf: choose one of the suffixes xlsx, docx"):
        save(document, tmp_path / "a.pdf")
    with pytest.raises(UsageError, match=r"a\.xml: xml holds one page; this document has more"):
        save(document, str(tmp_path / "a.xml"))


def test_save_joins_tables_on_request(tmp_path: Path) -> None:
    document = FastScanner().scan(picture(tmp_path / "a.tif", WHITE, WHITE))
    save(document, tmp_path / "a.xlsx", join_tables=True)
    assert "Table 1 (p. 1-2)" in load_workbook(tmp_path / "a.xlsx").sheetnames
    for name in ("a.json", "b.json"):
        save(document, tmp_path / name, join_tables=name == "a.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_pages_with_hardly_a_pixel_or_without_ink_are_empty_pages(tmp_path: Path) -> None:
    """With the networks themselves."""
    sizes = [(1, 1), (700, 2), (3, 900), (200, 150)]
    for number, size in enumerate(sizes):
        Image.new("RGB", size, WHITE).save(tmp_path / f"{number}.png")
    for result, size in zip(Scanner().scan_many([tmp_path]), sizes, strict=True):
        assert result.document is not None
        assert result.document.failures == ()
        (page,) = result.document.pages
        assert ((page.width, page.height), page.items) == (size, ())


def test_a_device_that_is_not_there_is_refused_with_a_sentence() -> None:
    scan = Path(__file__).parents[2] / "samples" / "scans" / "price_list.png"
    for options in (None, Options(workers=0), Options(workers=1)):
        scanner = Scanner(options, device="cuda:99")
        with pytest.raises(UsageError, match="the device cuda:99 cannot be used: "):
            list(scanner.scan_many([scan]))
    with pytest.raises(UsageError, match="the device cuda:99 cannot be used: "):
        scanner.scan(scan)
    with pytest.raises(ValidationError, match="device"):
        Scanner(device="gpu")


def test_the_readme_names_what_exists() -> None:
    """The lines of the README's examples parse, and import what the package exports."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    imported = {
        alias.name
        for example in examples
        for node in ast.walk(ast.parse(example))
        if isinstance(node, ast.ImportFrom) and node.module == "scanner"
        for alias in node.names
    }
    assert imported
    assert imported <= set(scanner.__all__)
    assert all(hasattr(scanner, name) for name in scanner.__all__)


def test_the_links_in_the_readme_lead_somewhere() -> None:
    root = Path(__file__).parents[2]
    links = re.findall(r"\]\(([^):]+)\)", (root / "README.md").read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (root / link).exists()] == []
