"""The command as a new user would try it, usage mistakes included; no networks are needed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from click.testing import CliRunner, Result
from command import PROGRAM, manifest, scan
from openpyxl import load_workbook
from PIL import Image, ImageDraw
from stand_ins import RED, WHITE, make_reader, picture

from scanner.cli import cli

# --- what goes well


def test_a_folder_with_a_bad_file(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a [draft].tif", WHITE, RED)
    picture(tmp_path / "in" / "b" / "c.png")
    (tmp_path / "in" / "notes.doc").write_text("no scan")
    done = scan(tmp_path / "in", "--out", tmp_path / "out", "--to", "txt,json")
    assert done.exit_code == 1
    assert done.stderr == "a [draft].tif: page 2: recognise: the page is red\n"
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert re.match(r"a \[draft\]\.tif: 1 page, 1 table, [\d.]+ s$", lines[0])
    assert re.match(r"b/c\.png: 1 page, 1 table, [\d.]+ s$", lines[1])
    summary = {parts[0]: parts[1] for line in lines if len(parts := re.split(r" {3,}", line)) > 1}
    assert re.fullmatch(r"[\d.]+", summary.pop("Pages a second"))
    assert summary == {
        "Files": "2 (1 ok, 1 partial, 0 failed)",
        "Pages": "2",
        "Tables": "2",
        "Failures": "1",
        "Skipped, not scans": "1",
    }


def test_all_well_is_exit_code_0_and_the_default_formats(tmp_path: Path) -> None:
    done = scan(picture(tmp_path / "a.png"), "--out", tmp_path / "out")
    assert (done.exit_code, done.stderr) == (0, "")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    written = ["a.docx", "a.json", "a.xlsx", "manifest.jsonl", "report.html"]
    assert names == [".scanner", *written]


def test_quiet_says_nothing_but_failures(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    picture(tmp_path / "in" / "b.png", RED)
    done = scan(tmp_path / "in", "--out", tmp_path / "out", "--quiet")
    assert done.stdout == ""
    assert done.stderr == "b.png: page 1: recognise: the page is red\n"


def test_verbose_names_every_page(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.tif", WHITE, WHITE)
    done = scan(tmp_path / "in", "--out", tmp_path / "out", "--verbose")
    assert "a.tif: page 1 (1 of 2)\na.tif: page 2 (2 of 2)\na.tif: 2 pages" in done.stdout


def test_an_output_folder_among_the_scans_is_not_scanned(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    for _ in range(2):
        done = scan(tmp_path, "--out", tmp_path / "results", "--to", "png")
        assert done.exit_code == 0
        assert [entry["source"] for entry in manifest(tmp_path / "results")] == ["a.png"]


def test_two_inputs_with_one_output_name_both_come_out(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.jpg")
    picture(tmp_path / "in" / "a.png")
    done = scan(tmp_path / "in", "--out", tmp_path / "out", "--to", "txt")
    assert done.exit_code == 0
    assert done.stderr == (
        "a.jpg: another input has this name, so results are a.jpg.*\n"
        "a.png: another input has this name, so results are a.png.*\n"
    )
    assert sorted(path.name for path in (tmp_path / "out").glob("*.txt")) == [
        "a.jpg.txt",
        "a.png.txt",
    ]


def test_the_same_command_goes_on(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    picture(tmp_path / "in" / "b.png", RED)
    command = [tmp_path / "in", "--out", tmp_path / "out"]
    assert scan(*command).exit_code == 1
    picture(tmp_path / "in" / "c.png")
    done = scan(*command)
    assert (done.exit_code, done.stderr) == (
        1,
        "1 file failed in an earlier run; --retry-failed tries again\n",
    )
    assert re.findall(r"(\w\.png): 1 page", done.stdout) == ["c.png"]
    assert re.search(r"Done by an earlier run +2", done.stdout)
    again = scan(*command, "--retry-failed")
    assert (again.exit_code, again.stderr) == (1, "b.png: page 1: recognise: the page is red\n")
    everything = scan(*command, "--fresh")
    assert re.findall(r"(\w\.png): 1 page", everything.stdout) == ["a.png", "c.png"]


def test_parquet_is_written_in_two_folders(tmp_path: Path) -> None:
    done = scan(picture(tmp_path / "a.png"), "--out", tmp_path / "out", "--to", "parquet")
    assert (done.exit_code, done.stderr) == (0, "")
    (entry,) = manifest(tmp_path / "out")
    assert entry["outputs"] == {"parquet": ["words/a.parquet", "cells/a.parquet"]}
    assert all((tmp_path / "out" / name).is_file() for name in entry["outputs"]["parquet"])


def test_options_come_from_a_file_and_flags_win(tmp_path: Path) -> None:
    config = tmp_path / "scan.toml"
    config.write_text('pages = "2"\nmax_megapixels = 0.001\n')
    picture(tmp_path / "in" / "a.tif", RED, WHITE)
    args = [tmp_path / "in", "--out", tmp_path / "out", "--config", config]
    assert "the limit is 0.001" in scan(*args).stderr
    assert scan(*args, "--max-megapixels", "1").exit_code == 0
    assert scan(*args, "--max-megapixels", "1", "--pages", "1-2").exit_code == 1


def test_tables_are_joined_on_request(tmp_path: Path) -> None:
    file = picture(tmp_path / "a.tif", WHITE, WHITE)
    for flags, sheets in (([], 2), (["--join-tables"], 1)):
        assert scan(file, "--out", tmp_path / "out", "--to", "xlsx", *flags).exit_code == 0
        names = load_workbook(tmp_path / "out" / "a.xlsx").sheetnames
        assert sum(name.startswith("Table") for name in names) == sheets


def test_info_names_versions_device_and_weights() -> None:
    done = CliRunner().invoke(cli, ["info"])
    assert done.exit_code == 0
    assert re.search(r"^torch +\d", done.stdout, re.MULTILINE)
    assert re.search(r"^device +CPU", done.stdout, re.MULTILINE)
    weights = re.findall(r"^weights .*sha256 [0-9a-f]{64}, as expected$", done.stdout, re.MULTILINE)
    assert len(weights) == 2


def test_tables_explains_each_step(tmp_path: Path) -> None:
    drawing = Image.new("RGB", (300, 200), WHITE)
    pen = ImageDraw.Draw(drawing)
    for x in (50, 150, 250):
        pen.line([(x, 50), (x, 150)], fill=0, width=2)
    for y in (50, 100, 150):
        pen.line([(50, y), (250, y)], fill=0, width=2)
    drawing.save(tmp_path / "a.png")
    command = ["tables", str(tmp_path / "a.png"), "--explain", str(tmp_path / "why")]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    pictures = [Path(line) for line in done.stdout.splitlines()]
    steps = [f"a-0001-{step}" for step in ("1-rulings", "2-graph", "3-grid", "4-cells")]
    assert [picture.stem for picture in pictures] == steps
    assert all(cv2.imread(str(picture)).shape == (200, 300, 3) for picture in pictures)
    missing = CliRunner().invoke(cli, [*command, "--page", "2"])
    assert missing.exit_code == 1
    assert missing.stderr == f"scanner: {tmp_path / 'a.png'}: its last page is 1\n"


def test_replay_makes_a_failure_happen_again(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.tif", WHITE, RED)
    scan(tmp_path / "in", "--out", tmp_path / "out")
    (bundle,) = (tmp_path / "out" / "failures").iterdir()

    def replay(*args: str) -> Result:
        return CliRunner().invoke(cli, ["replay", *args], obj=make_reader)

    shutil.rmtree(tmp_path / "in")
    for flags in ([], ["--here"]):
        done = replay(str(bundle), *flags)
        assert done.exit_code == 1
        assert done.stdout == (
            "then: a.tif: page 2: recognise: the page is red\n"
            "now:  a.tif: page 2: recognise: the page is red\n"
        )
    picture(bundle / "input.tif", WHITE, WHITE)
    mended = replay(str(bundle))
    assert mended.exit_code == 0
    assert "now:  1 page read in " in mended.stdout
    (bundle / "input.tif").unlink()
    gone = replay(str(bundle))
    assert (gone.exit_code, "input.tif" in gone.stderr) == (2, True)
    assert replay(str(tmp_path)).exit_code == 2


# --- wrong usage


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["missing.jpg", "--out", "o"], "missing.jpg"),
        (["a.png"], "Missing option '--out'"),
        (["--out", "o"], "Missing argument 'INPUT...'"),
        (["a.png", "--out", "o", "--to", "xlsx,odt"], "odt: choose from xlsx, docx"),
        (["a.png", "--out", "o", "--to", ","], "no format: choose from"),
        (["a.png", "--out", "o", "--pages", "3-1"], "'3-1' is no range of pages"),
        (["a.png", "--out", "o", "--pages", "x"], "'x' is no page or range of pages"),
        (["a.png", "--out", "o", "--max-megapixels", "0"], "--max-megapixels"),
        (["a.png", "--out", "o", "--threads", "0"], "--threads"),
        (["a.png", "--out", "o", "--engine", "tesseract"], "--engine"),
        (["a.png", "--out", "o", "--precision", "int4"], "--precision"),
        (["a.png", "--out", "o", "--config", "none.toml"], "none.toml: cannot be read: No such"),
        (["a.png", "--out", "o", "--config", "bad.toml"], "bad.toml: is not valid TOML"),
        (["a.png", "--out", "o", "--config", "odd.toml"], "odd.toml: flavour: Extra inputs"),
        (["a.png", "--out", ".", "--to", "png"], "holds scans to be read"),
        (["empty", "--out", "o"], "empty"),
    ],
)
def test_wrong_usage(
    args: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    picture(tmp_path / "a.png")
    (tmp_path / "bad.toml").write_text("tables =")
    (tmp_path / "odd.toml").write_text("flavour = 1")
    (tmp_path / "empty").mkdir()
    done = scan(*args)
    assert message in done.stderr
    assert "Traceback" not in done.output
    assert done.exit_code == 2
    assert not (tmp_path / "o").exists()


def test_parquet_without_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = scan(picture(tmp_path / "a.png"), "--out", tmp_path / "o", "--to", "json,parquet")
    assert done.exit_code == 2
    assert done.stderr == ("scanner: parquet needs PyArrow: pip install 'scanner-ocr[parquet]'\n")
    assert not (tmp_path / "o").exists()


def test_no_one_sees_a_traceback_without_asking(tmp_path: Path) -> None:
    picture(tmp_path / "memory.png")
    command = [sys.executable, "-c", PROGRAM, "scan", "memory.png", "--out", "o", "--fresh"]
    usual = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert usual.returncode == 1
    assert usual.stderr == "memory.png: page 1: scan: x\n"
    debug = subprocess.run(
        [*command, "--debug"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Traceback" in debug.stderr
    assert "MemoryError: x" in debug.stderr
