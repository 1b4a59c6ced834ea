"""Worker processes: what takes one down concerns its page alone, and no kill costs a page."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import pytest
from stand_ins import RED, WHITE, make_reader, picture

from scanner.batch import BatchRun, plan_batch, read_results
from scanner.batch.failures import input_of, read_bundle
from scanner.batch.tasks import ReaderFactory
from scanner.errors import BusyError, WorkerError
from scanner.inputs import find_inputs
from scanner.options import Options
from scanner.pipeline import PageReader
from scanner.results import FileResult, Status

FORMS = ("xlsx", "docx", "xml", "json", "txt", "png")

PROGRAM = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import light_reader
from scanner import cli

cli.cli.main(prog_name="scanner", obj=light_reader.make_reader)
"""


def scan(folder: Path, out: Path, workers: int = 2, **settings: Any) -> dict[str, FileResult]:
    """Scan a folder with worker processes; results by source."""
    batch = plan_batch(find_inputs([folder]).files, out, ("json", "xml"))
    options = Options(workers=workers, **settings)
    with BatchRun(batch, options, make_reader=make_reader) as run:
        return {result.source: result for result in run.results()}


def command(out: Path, *flags: str) -> list[str]:
    return [sys.executable, "-c", PROGRAM, "scan", "in", "--out", str(out), *flags]


def manifest(out: Path) -> list[dict[str, Any]]:
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def tree(out: Path) -> dict[str, bytes]:
    """Every result by name; not manifest and report, which tell times, nor what is internal."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
        and path.suffix not in (".jsonl", ".html")
        and ".scanner" not in path.parts
    }


def test_a_crash_costs_its_page_alone(tmp_path: Path) -> None:
    for name in ("a", "b crash", "c"):
        picture(tmp_path / "in" / f"{name}.png")
    picture(tmp_path / "in" / "d once crash.tif", WHITE, RED, WHITE)
    results = scan(tmp_path / "in", tmp_path / "out")
    assert {source: result.status for source, result in results.items()} == {
        "a.png": Status.OK,
        "b crash.png": Status.FAILED,
        "c.png": Status.OK,
        "d once crash.tif": Status.PARTIAL,
    }
    (failure,) = results["b crash.png"].failures
    assert (failure.error, failure.message) == (
        "WorkerCrash",
        "the process that read it was ended by SIGSEGV",
    )
    assert failure.bundle is not None
    log = (tmp_path / "out" / failure.bundle / "log.txt").read_text(encoding="utf-8")
    assert "Segmentation fault" in log
    assert "misbehave" in log  # where it happened
    bundle = read_bundle(tmp_path / "out" / failure.bundle)
    copy = input_of(bundle, tmp_path / "out" / failure.bundle)
    assert copy.read_bytes() == (tmp_path / "in" / "b crash.png").read_bytes()
    assert [page.number for page in results["d once crash.tif"].page_results] == [1, 3]


def test_a_page_that_hangs_is_given_up(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a hang.png")
    picture(tmp_path / "in" / "b.png")
    results = scan(tmp_path / "in", tmp_path / "out", page_timeout=0.7)
    assert results["b.png"].status is Status.OK
    (failure,) = results["a hang.png"].failures
    assert (failure.error, failure.stage) == ("PageTimeout", "read")
    assert failure.message == "took longer than 0.7 s (option page_timeout)"


def test_a_page_that_takes_the_memory_is_given_up(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a greedy.png")
    picture(tmp_path / "in" / "b.png")
    results = scan(tmp_path / "in", tmp_path / "out", worker_memory=900)
    assert results["b.png"].status is Status.OK
    (failure,) = results["a greedy.png"].failures
    assert failure.error == "MemoryLimit"
    assert "900 MiB" in failure.message


def test_pages_of_a_document_are_read_in_parallel_and_stand_in_order(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a slow.tif", *[WHITE] * 6)
    (result,) = scan(tmp_path / "in", tmp_path / "out", workers=3).values()
    assert [page.number for page in result.page_results] == [1, 2, 3, 4, 5, 6]
    assert result.outputs["xml"] == [f"a slow-000{n}.xml" for n in range(1, 7)]
    pages = json.loads((tmp_path / "out" / "a slow.json").read_bytes())["pages"]
    assert [page["number"] for page in pages] == [1, 2, 3, 4, 5, 6]
    assert result.finished - result.started < result.seconds
    assert not (tmp_path / "out" / ".scanner" / "pages").exists()


def no_reader(options: Options) -> PageReader:
    os._exit(3)


def broken_reader(options: Options) -> PageReader:
    """End the process as a library does that is missing when it begins."""
    try:
        raise ImportError("libGL.so.1 is missing")
    except ImportError:
        traceback.print_exc()
        os._exit(1)


@pytest.mark.parametrize(
    ("reader", "reason"),
    [(no_reader, r"ended with exit code 3$"), (broken_reader, r"start: .*libGL.so.1 is missing$")],
)
def test_workers_that_cannot_read_at_all_do_not_fail_every_page(
    tmp_path: Path, reader: ReaderFactory, reason: str
) -> None:
    picture(tmp_path / "in" / "a.png")
    batch = plan_batch(find_inputs([tmp_path / "in"]).files, tmp_path / "out", ("txt",))
    with (
        BatchRun(batch, Options(workers=1), make_reader=reader) as run,
        pytest.raises(WorkerError, match=reason),
    ):
        list(run.results())
    assert list(read_results(tmp_path / "out")) == []


def test_killed_at_any_moment_and_resumed_it_comes_out_the_same(tmp_path: Path) -> None:
    for number in range(10):
        picture(tmp_path / "in" / f"{number}.png", RED if number % 5 == 4 else WHITE)
    picture(tmp_path / "in" / "many.tif", *[WHITE] * 15, RED, *[WHITE] * 4)
    flags = ["--to", ",".join(FORMS), "--workers", "2", "--quiet"]
    undisturbed = subprocess.run(
        command(tmp_path / "whole", *flags), cwd=tmp_path, capture_output=True, check=False
    )
    assert undisturbed.returncode == 1
    chance = random.Random(7)
    done = 0
    for _ in range(3):
        with subprocess.Popen(
            command(tmp_path / "cut", *flags), cwd=tmp_path, stderr=subprocess.DEVNULL
        ) as process:
            wait_for_results(tmp_path / "cut", done + chance.randrange(1, 4), process)
            process.send_signal(signal.SIGKILL)
        results = list(read_results(tmp_path / "cut"))
        assert len(results) >= done
        done = len(results)
    last = subprocess.run(
        command(tmp_path / "cut", *flags), cwd=tmp_path, capture_output=True, check=False
    )
    assert last.returncode == 1
    assert tree(tmp_path / "cut") == tree(tmp_path / "whole")
    entries = [
        {entry["source"]: (entry["status"], entry["outputs"], entry["error"]) for entry in lines}
        for lines in (manifest(tmp_path / "cut"), manifest(tmp_path / "whole"))
    ]
    assert entries[0] == entries[1]
    assert len(manifest(tmp_path / "cut")) == 11
    assert list((tmp_path / "cut" / ".scanner" / "tmp").iterdir()) == []


def wait_for_results(out: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    path = out / "manifest.jsonl"
    while process.poll() is None:
        if path.is_file() and path.read_bytes().count(b"\n") >= count:
            return
        time.sleep(0.005)


def wait_for_gate(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Until a page is being read that goes on when the gate is open."""
    while not (folder / "reached").exists():
        assert process.poll() is None
        time.sleep(0.01)


def test_two_runs_in_one_folder_stop_or_share(tmp_path: Path) -> None:
    for name in ("a gate", "b", "c"):
        picture(tmp_path / "in" / f"{name}.png")
    out = tmp_path / "out"
    flags = ["--to", "txt", "--workers", "1"]
    with subprocess.Popen(command(out, *flags, "--quiet"), cwd=tmp_path) as first:
        wait_for_gate(tmp_path / "in", first)
        second = subprocess.run(
            command(out, *flags), cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert second.returncode == 5
        assert f"process {first.pid} on " in second.stderr
        third = subprocess.run(
            command(out, *flags, "--share"),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        (tmp_path / "in" / "open").touch()
    assert (first.returncode, third.returncode) == (0, 0)
    assert re.findall(r"(\S+): 1 page", third.stdout) == ["b.png", "c.png"]
    assert re.search(r"Left to other runs +1", third.stdout)
    assert [entry["source"] for entry in manifest(out)] == ["b.png", "c.png", "a gate.png"]


def test_the_claims_of_a_dead_run_are_taken_over(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "gate.png")
    with subprocess.Popen(command(tmp_path / "out", "--quiet"), cwd=tmp_path) as process:
        wait_for_gate(tmp_path / "in", process)
        process.kill()
    (tmp_path / "in" / "open").touch()
    results = scan(tmp_path / "in", tmp_path / "out")
    assert results["gate.png"].status is Status.OK


def test_a_run_of_this_process_holds_the_folder_too(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    batch = plan_batch(find_inputs([tmp_path / "in"]).files, tmp_path / "out", ("txt",))
    with BatchRun(batch, Options(workers=0), make_reader=make_reader) as run:
        with pytest.raises(BusyError):
            BatchRun(batch, Options(workers=0), make_reader=make_reader)
        assert len(list(run.results())) == 1
