"""What all tests share: where measuring data lies, and that nothing skips unseen in CI."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# In CI the same examples every time: a rare one that fails is for whoever looks for it locally.
settings.register_profile("ci", derandomize=True)
settings.register_profile("long", max_examples=2000)  # pytest --hypothesis-profile=long
if os.environ.get("CI") == "true":
    settings.load_profile("ci")

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real scans with truth; tests that need it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is absent")
    return SHARED_DATA


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _must_run(item):
        report.outcome = "failed"
        report.longrepr = f"nothing may skip in CI: {call.excinfo and call.excinfo.value}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and _in_ci():
        report.outcome = "failed"
        report.longrepr = f"nothing may skip in CI: {report.longrepr}"
    return report


def _must_run(item: pytest.Item) -> bool:
    needs_more = any(item.get_closest_marker(name) for name in ("needs_cuda", "needs_fonts"))
    lacks_data = "shared_data" in getattr(item, "fixturenames", ()) and not SHARED_DATA.is_dir()
    return _in_ci() and not needs_more and not lacks_data


def _in_ci() -> bool:
    return os.environ.get("CI") == "true"
