"""The figures for Prometheus: they add up, and every line is of the format."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from stand_ins import RED, WHITE, make_reader, picture

from scanner.cli import cli
from scanner.console.metrics import Metrics
from scanner.errors import ScannerError


def test_a_run_leaves_its_figures(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.tif", WHITE, RED, WHITE)
    picture(tmp_path / "in" / "b.png")
    target = tmp_path / "scanner.prom"
    command = ["scan", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--to", "txt"]
    CliRunner().invoke(cli, [*command, "--workers", "0", "--metrics", str(target)], obj=make_reader)
    lines = target.read_text(encoding="utf-8").splitlines()
    values = {}
    for line in lines:
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[\w.+]+"\})? [\d.]+', line), line
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            values[name] = float(value)
    assert values["scanner_files"] == 2
    assert values["scanner_pages_done_total"] == 3
    assert values["scanner_pages_failed_total"] == 1
    assert values['scanner_files_done_total{status="partial"}'] == 1
    assert values['scanner_page_confidence_bucket{le="0.8"}'] == 0
    assert values['scanner_page_confidence_bucket{le="0.9"}'] == 3
    assert values["scanner_page_confidence_sum"] == pytest.approx(2.7)
    assert 'scanner_stage_seconds_total{stage="read"}' in values
    assert (
        values["scanner_last_update_timestamp_seconds"]
        >= values["scanner_started_timestamp_seconds"]
    )


def test_a_place_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ScannerError):
        Metrics(tmp_path / "file" / "x.prom", 1)
