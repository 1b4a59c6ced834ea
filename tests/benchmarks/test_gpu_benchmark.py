"""The benchmark of GPUs runs where there is none, part by part."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from benchmarks import gpu
from benchmarks.gpu import PARTS, main, run_apart, summary
from benchmarks.gpu_clock import Clock, Job, Row


def test_all_parts_run_on_the_processor(tmp_path: Path) -> None:
    out = tmp_path / "found.json"
    done = CliRunner().invoke(
        main,
        ["--device", "cpu", "--size", "0.1", "--seconds", "10", "--out", str(out)],
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    parts = json.loads(out.read_text())["parts"]
    assert list(parts) == list(PARTS)
    for name, part in parts.items():
        assert part["error"] is None, (name, part["error"])
        assert part["rows"], name
    rows = [row for part in parts.values() for row in part["rows"]]
    assert [row for row in rows if "failed" in row] == []
    operators = {row["operator"]: row for row in parts["operators"]["rows"]}
    assert len(operators) > 8
    assert all(row["agrees"] for name, row in operators.items() if name != "copy")
    assert all(row["worst"] <= 3 for row in parts["jpeg"]["rows"] if row["codec"] == "ours")
    assert max(row["difference"] for row in parts["networks"]["rows"]) < 0.05
    *folders, there, here = parts["pages"]["rows"]
    assert not there["left_to_the_processor"]
    for one in (here, there):
        assert one["lines_as_on_cpu"] > 0.9
        assert {"preprocess", "detect", "recognise"} <= set(one["stages"])
    assert [(row["pages"], row["failures"]) for row in folders] == [(2, 0), (2, 0)]
    assert all(row["pages_s"] > 0 for row in parts["peers"]["rows"])


def test_what_fails_costs_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(row: Row) -> None:
        row["worst"] = 0
        raise ValueError("no such kernel")

    def bad(clock: Clock) -> Iterator[Job]:
        yield Job({"what": "first"}, fail)
        raise RuntimeError("the device is gone")

    def good(clock: Clock) -> Iterator[Job]:
        yield Job({"what": "second"}, lambda row: row.update(pages_s=2.0))

    monkeypatch.setattr(gpu, "PARTS", {"bad": (bad, 0.5), "good": (good, 0.5)})
    out = tmp_path / "found.json"
    done = CliRunner().invoke(main, ["--device", "cpu", "--out", str(out)], catch_exceptions=False)
    report = json.loads(out.read_text())
    parts = report["parts"]
    assert parts["bad"]["rows"] == [
        {"what": "first", "worst": 0, "failed": "ValueError: no such kernel"}
    ]
    assert parts["bad"]["error"] == "RuntimeError: the device is gone"
    assert parts["good"]["rows"] == [{"what": "second", "pages_s": 2.0}]
    assert "failed: first" in done.stdout
    assert summary(report)[-1] == "  pages a second: second 2.0"


STUB = """
import json, os, sys
path, after = sys.argv[sys.argv.index("--rows") + 1], int(sys.argv[sys.argv.index("--after") + 1])
with open(path, "a") as file:
    for number in range(after, 4):
        print(json.dumps({"begun": {"what": number}}), file=file, flush=True)
        if number == 1:
            os.abort()
        print(json.dumps({"done": {"what": number, "ms": 1}}), file=file, flush=True)
        if number == 2:
            sys.exit(3)
    print(json.dumps({"error": None}), file=file, flush=True)
"""


def test_a_part_goes_on_behind_what_ended_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!{sys.executable}\n{STUB}")
    python.chmod(0o755)
    monkeypatch.setattr(gpu.sys, "executable", str(python))
    rows: list[Row] = []
    assert run_apart("jpeg", "cuda", 1.0, time.monotonic() + 60, rows.append) is None
    assert [row["what"] for row in rows] == [0, 1, 2, 3]
    assert [row["what"] for row in rows if "failed" in row] == [1]


def test_a_part_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(600)\n")
    python.chmod(0o755)
    monkeypatch.setattr(gpu.sys, "executable", str(python))
    monkeypatch.setattr(gpu, "GRACE", 0.1)
    assert run_apart("jpeg", "cuda", 1.0, time.monotonic() + 0.3, lambda row: None)


def test_a_process_notes_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(row: Row) -> None:
        raise torch.AcceleratorError("an illegal memory access was encountered")

    def part(clock: Clock) -> Iterator[Job]:
        for name in ("left out", "well", "broken", "behind"):
            yield Job({"what": name}, broken if name == "broken" else lambda row: None)

    monkeypatch.setattr(gpu, "PARTS", {"part": (part, 1.0)})
    path = tmp_path / "rows"
    clock = Clock(torch.device("cpu"), time.monotonic() + 60, 1.0)
    assert gpu.fill_rows("part", clock, path, after=1) == 3
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [next(iter(line)) for line in lines] == ["begun", "done", "begun", "done", "error"]
    assert "illegal memory access" in lines[3]["done"]["failed"]
