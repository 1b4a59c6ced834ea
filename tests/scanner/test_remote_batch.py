"""Runs from and to URLs: the same results, the same guarantees."""

from __future__ import annotations

import gzip
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from command import PROGRAM
from command import scan as scan_by_command
from stand_ins import RED, WHITE, make_reader, picture

from scanner import Options, Scanner
from scanner.batch import BatchRun, plan_batch, segments
from scanner.batch.lease import Lease
from scanner.errors import BusyError, UsageError
from scanner.inputs import find_inputs
from scanner.remote import Remote, as_place
from scanner.results import FileResult

FORMS = ("xlsx", "docx", "xml", "json", "txt", "png", "pdf", "parquet")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.batch.lease.SETTLED", 0.0)


def upload(folder: Path, to: str) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            (Remote(to) / path.relative_to(folder).as_posix()).put(path)


def scan(folder: str | Path, out: str | Path, **how: Any) -> dict[str, FileResult]:
    """Scan in this process; results by source."""
    batch = plan_batch(find_inputs([folder]).files, as_place(out), FORMS)
    with BatchRun(batch, Options(workers=0), make_reader=make_reader, **how) as run:
        return {result.source: result for result in run.results()}


def files_at(out: str | Path) -> dict[str, bytes]:
    """Every result by name; not what tells times, nor what is internal."""
    place = as_place(out)
    if isinstance(place, Remote):
        files = dict(place.read_all(list(place.find())))
    else:
        paths = [path for path in place.rglob("*") if path.is_file()]
        files = {path.relative_to(place).as_posix(): path.read_bytes() for path in paths}
    internal = (".scanner/", "failures/", "manifest.jsonl", "report.html")
    return {name: data for name, data in files.items() if not name.startswith(internal)}


def manifest(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (Remote(out) / "manifest.jsonl").read().splitlines()]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of good and bad scans."""
    picture(tmp_path / "in" / "a.png")
    picture(tmp_path / "in" / "b" / "red.png", RED)
    picture(tmp_path / "in" / "b" / "many ü.tif", WHITE, RED, WHITE)
    (tmp_path / "in" / "empty.png").touch()
    return tmp_path / "in"


def test_results_are_those_of_folders(bucket: str, pages: Path, tmp_path: Path) -> None:
    upload(pages, f"{bucket}/in")
    local, remote = tmp_path / "out", f"{bucket}/out"
    here, there = scan(pages, local), scan(f"{bucket}/in", remote)
    assert files_at(remote) == files_at(local)
    assert {name: result.failures for name, result in there.items()} == {
        name: result.failures for name, result in here.items()
    }
    bundles = {one.bundle for result in there.values() for one in result.failures}
    assert {f"failures/{name}" for name in Remote(f"{remote}/failures").names()} == bundles
    entries = manifest(remote)
    assert [entry["source"] for entry in entries] == list(there)
    assert {entry["source"]: entry["status"] for entry in entries} == {
        name: str(result.status) for name, result in here.items()
    }
    assert Remote(f"{remote}/.scanner").names() == {"journal", "thumbnails"}
    # Inputs at a URL, outputs here; and the other way round.
    scan(f"{bucket}/in", tmp_path / "here")
    scan(pages, f"{bucket}/there")
    assert files_at(tmp_path / "here") == files_at(f"{bucket}/there") == files_at(local)


def test_a_later_run_goes_on_wherever_it_is(bucket: str, pages: Path) -> None:
    out = f"{bucket}/out"
    assert len(scan(pages, out)) == 4
    assert scan(pages, out) == {}
    (Remote(out) / "a.json").remove()
    picture(pages / "b" / "red.png")
    assert sorted(scan(pages, out)) == ["a.png", "b/red.png"]
    assert scan(pages, out, retry_failed=True).keys() == {"b/many ü.tif", "empty.png"}
    assert len(scan(pages, out, again=True)) == 4
    assert len(manifest(out)) == 4
    picture(pages / "b" / "many ü.tif")
    scan(pages, out)
    names = Remote(out).find()
    assert sorted(name for name in names if name.startswith("b/many") and "xml" in name) == [
        "b/many ü.xml"
    ]


def test_killed_and_gone_on_with_it_comes_out_the_same(
    bucket: str, pages: Path, tmp_path: Path
) -> None:
    picture(pages / "c.tif", *[WHITE] * 8)
    for n in range(4):
        picture(pages / f"{n}.png")
    upload(pages, f"{bucket}/in")
    out = f"{bucket}/cut"
    command = [sys.executable, "-c", PROGRAM, "scan", f"{bucket}/in", "--workers", "2"]
    command += ["--to", ",".join(FORMS), "--quiet", "--out", out]
    chance = random.Random(3)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and len(Remote(f"{out}/.scanner/journal").names()) < 3:
            time.sleep(0.05)
        time.sleep(chance.random() / 2)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    scan(pages, tmp_path / "whole")
    assert files_at(out) == files_at(tmp_path / "whole")
    assert len(manifest(out)) == 9
    assert Remote(f"{out}/.scanner").names() == {"journal", "thumbnails"}


def test_two_runs_at_one_url(bucket: str, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.batch.lease.RENEWED", 0.05)
    monkeypatch.setattr("scanner.batch.lease.ABANDONED", 3.0)
    batch = plan_batch(find_inputs([pages]).files, as_place(f"{bucket}/out"), ("txt",))
    with BatchRun(batch, Options(workers=0), make_reader=make_reader) as run:
        with pytest.raises(BusyError, match=r"is at work in s3://\S+/out; wait for it"):
            scan(pages, f"{bucket}/out")
        # A run that was taken for dead and is not must write no more.
        lease = Remote(f"{bucket}/out/.scanner/lease.json")
        owner = json.loads(lease.read())
        while json.loads(lease.read())["name"] != "another":  # it may just be renewing
            lease.write(json.dumps(owner | {"name": "another", "host": "elsewhere"}).encode())
            time.sleep(0.5)
        with pytest.raises(BusyError, match="on elsewhere is at work"):
            list(run.results())
    assert lease.read()  # it is not ours to remove
    assert len(scan(pages, f"{bucket}/out")) == 4  # nobody renews it


def test_the_lease_of_a_process_that_is_gone_is_taken_over_at_once(bucket: str) -> None:
    file = Remote(f"{bucket}/lease.json")
    Lease(file).release()
    assert file.stamp() is None
    lease = Lease(file)
    owner = json.loads(file.read())
    lease.release()
    file.write(json.dumps(owner | {"name": "x", "pid": max(psutil.pids()) + 10**6}).encode())
    started = time.monotonic()
    Lease(file).release()
    assert time.monotonic() - started < 30


def test_small_files_of_the_journal_become_one(
    bucket: str, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "MOST", 3)
    scan(pages, f"{bucket}/out")
    journal = Remote(f"{bucket}/out/.scanner/journal")
    (first, *others) = sorted(journal.names())
    data = (journal / first).read()
    assert len(gzip.decompress(data).splitlines()) == 3
    assert len(others) == 1
    assert scan(pages, f"{bucket}/out") == {}


def test_what_cannot_be_at_a_url_is_refused(bucket: str, pages: Path) -> None:
    done = scan_by_command(pages, "--out", f"{bucket}/out", "--share")
    assert done.exit_code == 2
    assert "--share is for runs of one machine" in done.stderr
    batch = plan_batch(find_inputs([pages]).files, Remote("memory://out"), ("txt",))
    with (
        BatchRun(batch, Options(workers=1), make_reader=make_reader) as run,
        pytest.raises(UsageError, match="is in the memory of one process"),
    ):
        list(run.results())
    for out, message in (
        ("nowhere://a", "no way to reach"),
        ("s3://no-bucket/a", "no such bucket"),
    ):
        done = scan_by_command(pages, "--out", out)
        assert done.exit_code in (2, 3)
        (line,) = done.stderr.splitlines()
        assert message in line


def test_the_command_leaves_a_report_and_bundles_that_can_be_replayed(
    bucket: str, pages: Path
) -> None:
    upload(pages, f"{bucket}/in")
    done = scan_by_command(f"{bucket}/in", "--out", f"{bucket}/out", "--to", "txt,overlay")
    assert done.exit_code == 1, done.output
    page = Remote(f"{bucket}/out/report.html").read().decode()
    assert "4 files in out" in page
    assert page.count("data:image/jpeg") == 3
    assert 'href="b/many%20%C3%BC.overlay-0001.png"' in page


def test_the_library_reads_and_writes_at_urls(bucket: str, pages: Path) -> None:
    upload(pages, f"{bucket}/in")
    scanner = Scanner(Options(workers=0), make_reader=make_reader)
    assert len(scanner.scan(f"{bucket}/in/a.png").pages) == 1
    results = {Path(str(r.path)).name: r for r in scanner.scan_many([f"{bucket}/in"])}
    assert len(results) == 4
    assert str(results["a.png"].path) == f"{bucket}/in/a.png"
    written = list(scanner.scan_many([f"{bucket}/in"], out=f"{bucket}/out", to="txt"))
    document = next(r.document for r in written if "many" in str(r.path))
    assert document is not None
    assert [page.number for page in document.pages] == [1, 3]
    assert [failure.page for failure in document.failures] == [2]
    assert (Remote(bucket) / "out/a.txt").read().startswith(b"Title\n")
    assert list(scanner.scan_many([f"{bucket}/in"], out=f"{bucket}/out", to="txt")) == []


def test_a_file_took_no_longer_than_the_run(bucket: str, tmp_path: Path) -> None:
    scan_of_a_second = picture(tmp_path / "slow.png")
    started = time.monotonic()
    (result,) = scan(str(scan_of_a_second), f"{bucket}/out").values()
    assert 1 <= result.seconds <= time.monotonic() - started
