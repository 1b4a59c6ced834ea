"""Every line that machines get is an object, and they tell the whole run."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from stand_ins import RED, WHITE, make_reader, picture

from scanner.cli import cli


def test_a_run_as_events(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.tif", WHITE, RED)
    (tmp_path / "in" / "b.png").touch()
    command = ["scan", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--to", "txt"]
    flags = ["--workers", "0", "--log-format", "json"]
    done = CliRunner().invoke(cli, [*command, *flags], obj=make_reader)
    assert (done.exit_code, done.stdout) == (1, "")
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert [event["event"] for event in events] == [
        "run_started",
        "page_failed",
        "file_done",
        "file_failed",
        "file_done",
        "run_finished",
    ]
    assert (events[1]["source"], events[1]["page"]) == ("a.tif", 2)
    assert events[2]["outputs"] == {"txt": "a.txt"}
    assert (events[-1]["partial"], events[-1]["failed"], events[-1]["pages"]) == (1, 1, 1)


def test_what_ends_a_run_is_an_event_too(tmp_path: Path) -> None:
    command = ["scan", str(tmp_path / "none.png"), "--out", "o", "--log-format", "json"]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 2
    (event,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert event["event"] == "error"
    assert "none.png" in event["message"]
