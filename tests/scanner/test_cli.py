"""The command as a new user would try it, mostly with mistakes; no networks are needed here."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from PIL import Image, ImageDraw
from stand_ins import RED, WHITE, make_reader, picture

from scanner.cli import cli

# The command in a process of its own, its pages read by the stand-in; "slow" pages take long.
PROGRAM = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import light_reader
from scanner import cli

cli.cli.main(prog_name="scanner", obj=light_reader.make_reader)
"""


def scan(*args: str | Path) -> Result:
    """The command, in this process."""
    arguments = ["scan", "--workers", "0", *map(str, args)]
    return CliRunner().invoke(cli, arguments, obj=make_reader)


def message_for(path: Path) -> str:
    """What stderr says of a single bad file, less the file's name."""
    done = scan(path, "--out", path.parent / "out")
    assert done.exit_code == 1, done.output
    (line,) = done.stderr.splitlines()
    name, _, message = line.partition(": ")
    assert name == path.name
    (entry,) = manifest(path.parent / "out")
    assert entry["status"] == "failed"
    assert f"{entry['error']['stage']}: {entry['error']['message']}" in message
    return message


def manifest(out: Path) -> list[dict[str, Any]]:
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


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


# --- bad input


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert message_for(tmp_path / "a.jpg") == "read: the file is empty"


def test_a_truncated_jpeg(tmp_path: Path) -> None:
    noise = Image.effect_noise((400, 400), 80)
    noise.save(tmp_path / "whole.jpg")
    data = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    assert "cut off" in message_for(tmp_path / "a.jpg")


def test_a_text_file_named_png(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("hello")
    assert message_for(tmp_path / "a.png").startswith("read: ")


def test_a_pdf_with_a_password(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.pdf")
    key = b"<" + b"41" * 32 + b">"
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >> /ID [<00> <00>]"
    before, root, after = path.read_bytes().rpartition(b"/Root")
    path.write_bytes(before + lock % (key, key) + root + after)
    assert message_for(path) == "read: the PDF is protected by a password"


def test_a_picture_of_one_pixel(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1), WHITE).save(tmp_path / "a.png")
    assert scan(tmp_path / "a.png", "--out", tmp_path / "out", "--to", "txt").exit_code == 0


def test_a_decompression_bomb(tmp_path: Path) -> None:
    Image.new("1", (30_000, 30_000)).save(tmp_path / "a.png")
    message = message_for(tmp_path / "a.png")
    assert "900 megapixels" in message
    assert "max_megapixels raises it" in message


# --- trouble on the way


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder of one's own and, where tests run as root, no right to anything else."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        shutil.rmtree(folder)


def test_an_unreadable_file_and_folder(as_nobody: Path) -> None:
    picture(as_nobody / "in" / "a.png")
    picture(as_nobody / "in" / "b.png").chmod(0)
    locked = picture(as_nobody / "in" / "locked" / "c.png").parent
    locked.chmod(0)
    try:
        done = scan(as_nobody / "in", "--out", as_nobody / "out", "--to", "txt")
    finally:
        locked.chmod(0o700)
    assert done.exit_code == 1
    assert "b.png: read: " in done.stderr
    assert done.stderr.count("permission denied") == 2
    assert f"{as_nobody / 'in' / 'locked'}: cannot be read: permission denied\n" in done.stderr
    assert (as_nobody / "out" / "a.txt").exists()


def test_a_read_only_output_folder(as_nobody: Path) -> None:
    picture(as_nobody / "a.png")
    (as_nobody / "out").mkdir(mode=0o555)
    done = scan(as_nobody / "a.png", "--out", as_nobody / "out")
    assert done.exit_code == 3
    assert done.stderr == f"scanner: {as_nobody / 'out'}: cannot be written: Permission denied\n"


def test_a_full_disk(tmp_path: Path) -> None:
    """On a small disk of its own, in a mount namespace; finished results stay."""
    for number in range(40):
        picture(tmp_path / "in" / f"{number:02}.png")
    (tmp_path / "disk").mkdir()
    script = (
        'mount -t tmpfs -o size=400k tmpfs disk && "$0" -c "$1" scan in --out disk/out --to docx; '
        "code=$?; cp -r disk/out kept; exit $code"
    )
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script, sys.executable, PROGRAM],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    entries = manifest(tmp_path / "kept")
    assert 0 < len(entries) < 40
    assert re.fullmatch(
        r"scanner: \S*disk/out\S*: cannot be written: .+; "
        rf"{len(entries)} of 40 files are done, with their results in disk/out; "
        r"the same command does the rest\n",
        done.stderr,
    )
    kept = sorted(path.name for path in (tmp_path / "kept").glob("*.docx"))
    assert set(kept) >= {entry["outputs"]["docx"] for entry in entries}
    for name in kept:
        assert zipfile.ZipFile(tmp_path / "kept" / name).testzip() is None
    assert len(list((tmp_path / "kept").iterdir())) == len(kept) + 2


def test_ctrl_c_finishes_the_page_and_says_how_to_go_on(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    picture(tmp_path / "in" / "b slow.png")
    picture(tmp_path / "in" / "c.png")
    command = [sys.executable, "-c", PROGRAM, "scan", "in", "--out", "out", "--to", "txt"]
    with subprocess.Popen(
        [*command, "--workers", "1"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        while "a.png: 1 page" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    done = [entry["source"] for entry in manifest(tmp_path / "out")]
    # The signal may come before the second page was given out.
    assert done in (["a.png"], ["a.png", "b slow.png"])
    assert stderr == (
        "scanner: finishing the pages in flight; Ctrl-C again leaves them\n"
        f"scanner: interrupted; {len(done)} of 3 files are done, with their results in out; "
        "the same command does the rest\n"
    )
    assert f"{len(done)} ({len(done)} ok, 0 partial, 0 failed)" in stdout
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    texts = [name.replace(".png", ".txt") for name in done]
    assert names == [".scanner", *texts, "manifest.jsonl", "report.html"]
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert ("1 file is" if len(done) == 2 else "2 files are") + " not done yet" in report


def test_a_terminal_gets_a_progress_bar(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    picture(tmp_path / "in" / "b.png", RED)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "scan", "in", "--out", "out"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    ):
        os.close(theirs)
        shown = read_terminal(ours)
    assert re.search(r"2/2.*files · 2 pages · [\d.]+ pages/s · left", shown)
    assert "b.png: page 1: recognise: the page is red" in shown
    assert "a.png: 1 page" not in shown
    assert "1 ok, 0 partial, 1 failed" in shown


def read_terminal(terminal: int) -> str:
    """All that was printed until the other side closed."""
    data = b""
    with open(terminal, "rb", buffering=0) as stream:
        while True:
            try:
                piece = stream.read(4096)
            except OSError:  # Linux says so when the other side is gone
                break
            if not piece:
                break
            data += piece
    return data.decode()
