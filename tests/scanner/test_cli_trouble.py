"""Bad input, full disks, Ctrl-C, and what a terminal shows; no networks are needed here."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import PROGRAM, manifest, message_for, scan
from PIL import Image
from stand_ins import RED, WHITE, picture

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
        r"the same command does the rest(; report\.html could not be written either)?\n",
        done.stderr,
    )
    report = (tmp_path / "kept" / "report.html").exists()
    assert report != ("could not be written either" in done.stderr)
    kept = sorted(path.name for path in (tmp_path / "kept").glob("*.docx"))
    assert set(kept) >= {entry["outputs"]["docx"] for entry in entries}
    for name in kept:
        assert zipfile.ZipFile(tmp_path / "kept" / name).testzip() is None
    assert len(list((tmp_path / "kept").iterdir())) == len(kept) + 2 + report


def test_ctrl_c_finishes_the_page_and_says_how_to_go_on(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    gate = tmp_path / "in" / "gate.png"
    picture(gate)
    picture(tmp_path / "in" / "z.png")
    command = [sys.executable, "-c", PROGRAM, "scan", "in", "--out", "out", "--to", "txt"]
    with subprocess.Popen(
        [*command, "--workers", "1"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        # The second page is being read when the signal comes, and goes on when that was heard.
        while not gate.with_name("reached").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        heard = process.stderr.readline()
        gate.with_name("open").touch()
        stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert heard == "scanner: finishing the pages in flight; Ctrl-C again leaves them\n"
    assert stderr == (
        "scanner: interrupted; 2 of 3 files are done, with their results in out; "
        "the same command does the rest\n"
    )
    assert "2 (2 ok, 0 partial, 0 failed)" in stdout
    assert [entry["source"] for entry in manifest(tmp_path / "out")] == ["a.png", "gate.png"]
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [".scanner", "a.txt", "gate.txt", "manifest.jsonl", "report.html"]
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "1 file is not done yet" in report


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
