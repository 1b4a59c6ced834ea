"""The program says its version, and runs from its source too."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from scanner import version


def test_the_version_is_the_installed_one() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert version.program_version() == project["project"]["version"]


def test_from_its_source_it_runs_without_being_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(version, "version", unknown)
    assert version.program_version() == "not installed"
