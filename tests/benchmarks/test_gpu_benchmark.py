"""The benchmark of GPUs runs where there is none, part by part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import gpu
from benchmarks.gpu import PARTS, main
from benchmarks.gpu_clock import Clock, guarded


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
    here, there, *folders = parts["pages"]["rows"]
    assert not there["left_to_the_processor"]
    for one in (here, there):
        assert one["lines_as_on_cpu"] > 0.9
        assert {"preprocess", "detect", "recognise"} <= set(one["stages"])
    assert [(row["pages"], row["failures"]) for row in folders] == [(2, 0), (2, 0)]
    assert all(row["pages_s"] > 0 for row in parts["peers"]["rows"])


def test_what_fails_costs_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def bad(clock: Clock) -> object:
        with guarded({"what": "first"}) as row:
            raise ValueError("no such kernel")
        yield row
        raise RuntimeError("the device is gone")

    def good(clock: Clock) -> object:
        yield {"what": "second"}

    monkeypatch.setattr(gpu, "PARTS", {"bad": (bad, 0.5), "good": (good, 0.5)})
    out = tmp_path / "found.json"
    CliRunner().invoke(main, ["--device", "cpu", "--out", str(out)], catch_exceptions=False)
    parts = json.loads(out.read_text())["parts"]
    assert parts["bad"]["rows"] == [{"what": "first", "failed": "ValueError: no such kernel"}]
    assert parts["bad"]["error"] == "RuntimeError: the device is gone"
    assert parts["good"]["rows"] == [{"what": "second"}]
