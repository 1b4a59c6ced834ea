"""Many files into an output folder: each one's results, its record, its failures.

`plan_batch` gives every input its place, `BatchRun` does the work, `read_results` tells later
what became of every file. None of them brings PyTorch; that is for the worker processes.
"""

from scanner.batch.journal import read_results
from scanner.batch.plan import Batch, Job, plan_batch
from scanner.batch.replay import replay
from scanner.batch.run import BatchRun, Tally
from scanner.batch.tasks import ReaderFactory

__all__ = [
    "Batch",
    "BatchRun",
    "Job",
    "ReaderFactory",
    "Tally",
    "plan_batch",
    "read_results",
    "replay",
]
