"""A Ray cluster of two machines, both this one: the results are those of a run without it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import command
import pytest
from light_reader import make_reader
from stand_ins import RED, WHITE, picture

from scanner.batch import BatchRun, plan_batch
from scanner.inputs import find_inputs
from scanner.options import Options
from scanner.remote import Remote, as_place
from scanner.results import FileResult

ray = pytest.importorskip("ray")
cluster_utils = pytest.importorskip("ray.cluster_utils")

FORMS = ("xlsx", "docx", "xml", "json", "txt", "png", "pdf")

pytestmark = pytest.mark.filterwarnings(
    "ignore:Tip. In future versions of Ray, Ray will no longer override:FutureWarning"
)


@pytest.fixture(scope="module")
def cluster(s3_endpoint: str) -> Iterator[Any]:
    """A head that does no work and two machines of one processor core."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": s3_endpoint,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "RAY_worker_niceness": "0",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }.items():
            patch.setenv(name, value)
        cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
        for _ in range(2):
            cluster.add_node(num_cpus=1)
        ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
        yield cluster
        ray.shutdown()
        cluster.shutdown()


def scan(
    folder: str | Path,
    out: str | Path,
    seen: Callable[[FileResult], object] = lambda _: None,
    **settings: Any,
) -> dict[str, FileResult]:
    """Scan a folder; results by source, `seen` as they come."""
    batch = plan_batch(find_inputs([folder]).files, as_place(out), FORMS)
    results = {}
    with BatchRun(batch, Options(**settings), make_reader=make_reader) as run:
        for result in run.results():
            results[result.source] = result
            seen(result)
    return results


def result_files(out: Path) -> dict[str, bytes]:
    """Every result by name; not what tells times, nor what is internal."""
    files = [path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()]
    return {name: (out / name).read_bytes() for name in files if is_result(name)}


def remote_result_files(out: str) -> dict[str, bytes]:
    """The same of a folder at a URL."""
    return dict(Remote(out).read_all([name for name in Remote(out).find() if is_result(name)]))


def is_result(name: str) -> bool:
    internal = name.startswith((".scanner/", "failures/"))
    return not internal and not name.endswith((".jsonl", ".html"))


def test_no_cluster_is_said_so(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    done = command.scan(
        tmp_path, "--out", tmp_path / "out", "--cluster", "ray", "--address", "127.0.0.1:1"
    )
    assert done.exit_code == 6
    assert done.stderr.startswith("scanner: there is no Ray cluster at 127.0.0.1:1: ")


def test_nothing_is_lost_with_a_machine_and_results_are_those_of_this_one(
    cluster: Any, bucket: str, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    for n in range(5):
        picture(folder / f"{n} slow.png", RED if n == 2 else WHITE)
    picture(folder / "sub" / "many.tif", WHITE, RED, *[WHITE] * 4)
    for name in ("x crash", "y greedy"):
        picture(folder / f"{name}.png")
    for path in folder.rglob("*.*"):
        (Remote(bucket) / "in" / path.relative_to(folder).as_posix()).put(path)
    lost = cluster.list_all_nodes()[-1]
    done: list[FileResult] = []

    def lose_a_machine(result: FileResult) -> None:
        done.append(result)
        if len(done) == 2:  # both machines are at the next pages by now
            cluster.remove_node(lost, allow_graceful=False)

    out, memory = f"{bucket}/out", 900
    here = scan(folder, tmp_path / "out", workers=2, worker_memory=memory)
    there = scan(f"{bucket}/in", out, lose_a_machine, cluster="ray", worker_memory=memory)
    assert len(done) == len(here)
    assert remote_result_files(out) == result_files(tmp_path / "out")
    assert {source: what_failed(result) for source, result in there.items()} == {
        source: what_failed(result) for source, result in here.items()
    }
    errors = {error for result in there.values() for _, _, error, _ in what_failed(result)}
    assert errors == {"StageError", "WorkerCrash", "MemoryLimit"}
    assert scan(f"{bucket}/in", out, cluster="ray") == {}
    cluster.add_node(num_cpus=1)


def what_failed(result: FileResult) -> list[tuple[int | None, str, str, str]]:
    return [(one.page, one.stage, one.error, one.message) for one in result.failures]


def test_machines_that_share_a_folder_need_no_url(cluster: Any, tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png")
    picture(tmp_path / "in" / "b.tif", WHITE, WHITE)
    scan(tmp_path / "in", tmp_path / "here", workers=0)
    scan(tmp_path / "in", tmp_path / "there", cluster="ray", workers=1)
    assert result_files(tmp_path / "there") == result_files(tmp_path / "here")
    assert list((tmp_path / "there" / ".scanner" / "tmp").iterdir()) == []
