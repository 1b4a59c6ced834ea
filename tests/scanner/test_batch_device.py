"""A run whose networks are in a process of their own, here on the processor."""

from __future__ import annotations

import shutil
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from PIL import Image

from scanner.batch import BatchRun, plan_batch
from scanner.batch.device_process import MOST_ENDS, DeviceProcess
from scanner.batch.pool import Pool, worker_context
from scanner.errors import UsageError, WorkerError
from scanner.inputs import find_inputs
from scanner.options import Options
from scanner.results import FileResult, Status

SCAN = Path(__file__).parents[2] / "samples" / "scans" / "price_list.png"
OPTIONS = Options(engine="eager", threads=1, orient=False)


class DevicePool(Pool):
    """Worker processes that share networks, whatever the device."""

    devices: list[DeviceProcess] = []  # noqa: RUF012

    def __post_init__(self) -> None:
        log = self.work.temporary / "networks.log"
        self._device = DeviceProcess(worker_context(), self.work.options, 1, log)
        self.devices.append(self._device)


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> list[DeviceProcess]:
    """The networks' processes of the runs of a test."""
    monkeypatch.setattr("scanner.batch.workers.Pool", DevicePool)
    monkeypatch.setattr(DevicePool, "devices", [])
    return DevicePool.devices


def scan(folder: Path, out: Path, options: Options) -> BatchRun:
    files = find_inputs([str(folder)], exclude=out).files
    return BatchRun(plan_batch(files, out, ("json",)), options)


def test_networks_that_end_cost_no_page(
    tmp_path: Path, devices: list[DeviceProcess], caplog: pytest.LogCaptureFixture
) -> None:
    """Two workers share one slot; when the first page is read, the networks' process is killed."""
    folder, alone = tmp_path / "in", tmp_path / "alone"
    for where, names in ((folder, ("a.png", "b.png")), (alone, ("a.png",))):
        where.mkdir()
        for name in names:
            shutil.copy(SCAN, where / name)
        with Image.open(SCAN) as picture:
            picture.convert("RGB").save(where / "c.jpg", quality=95)
    (folder / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")

    def kill(*_: object) -> None:
        (device,) = devices
        process = device._process
        if not killed and process is not None:
            process.kill()
            killed.append(device.address)

    killed: list[object] = []
    with scan(folder, tmp_path / "out", OPTIONS.model_copy(update={"workers": 2})) as run:
        results: list[FileResult] = list(run.results(kill))
    assert len(killed) == 1
    states = {result.source: result.status for result in results}
    assert states == dict.fromkeys(("a.png", "b.png", "c.jpg"), Status.OK) | {
        "bad.jpg": Status.FAILED
    }
    with scan(alone, tmp_path / "out alone", OPTIONS.model_copy(update={"workers": 0})) as run:
        list(run.results())
    for name, same in (("a", "a"), ("b", "a"), ("c", "c")):
        expected = (tmp_path / "out alone" / f"{same}.json").read_text()
        found = (tmp_path / "out" / f"{name}.json").read_text()
        assert found == expected.replace("a.png", f"{name}.png")
    assert "it is started again, and its pages are read again" in caplog.text


@pytest.mark.parametrize("workers", [0, 1])
def test_a_device_that_is_not_there_ends_the_run_with_a_sentence(
    tmp_path: Path, workers: int
) -> None:
    shutil.copy(SCAN, tmp_path / "a.png")
    options = Options(device="cuda:99", workers=workers)
    with (
        pytest.raises(UsageError, match="the device cuda:99 cannot be used: "),
        scan(tmp_path, tmp_path / "out", options) as run,
    ):
        list(run.results())


def test_a_process_that_does_not_start_ends_the_run(
    tmp_path: Path, devices: list[DeviceProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SCAN, tmp_path / "a.png")
    monkeypatch.setattr("scanner.batch.device_process.serve_networks", exit)
    options = OPTIONS.model_copy(update={"workers": 1})
    with (
        pytest.raises(WorkerError, match="the process for the networks does not start"),
        scan(tmp_path, tmp_path / "out", options) as run,
    ):
        list(run.results())


def test_a_device_that_fails_again_and_again_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.batch.device_process.serve_networks", _answer_and_end)
    device = DeviceProcess(worker_context(), OPTIONS, 1, tmp_path / "log")
    try:
        for _ in range(1 + MOST_ENDS):
            assert device.address() == "here"
            assert device._process is not None
            device._process.join()
        with pytest.raises(WorkerError, match="as those before it did"):
            device.address()
    finally:
        device.close()


def _answer_and_end(connection: Connection, *_: object) -> None:  # type: ignore[type-arg]
    connection.send("here")
